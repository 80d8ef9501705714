"""Annotated reports on disk: files, and the manifest that says which of them count, and for what.

Only what the manifest lists exists. Files are written first and whole, each under a name that its content gives it;
then the manifest is replaced in one step. A process that dies in between leaves files that nobody lists, and the
dataset as it was. Two processes that add at the same time wait for each other.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from models.annotations import manifest, own
from models.annotations.manifest import Allotment, Entry, Split
from models.annotations.reconcile import Prefer, reconcile
from models.annotations.record import Record, dumps
from models.annotations.said import AnnotationError, Refusal, Said
from models.annotations.verify import admit
from models.registry import locked, replace_text

MANIFEST, IMPORTED, EXAMPLES = "manifest.json", "annotated", "examples"
_PLAIN = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A record to be added, and where it comes from (a format's name)."""

    record: Record
    origin: str


@dataclass(frozen=True, slots=True)
class Added:
    """What became of an import, by ids. With conflicts nothing was added."""

    new: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    conflicts: tuple[Refusal, ...] = ()


class Dataset:
    """A folder of annotated reports. Raises AnnotationError for a damaged manifest; an empty folder is an empty one."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.entries = manifest.read(root / MANIFEST)

    def texts(self) -> frozenset[str]:
        """The digests of all texts."""
        return frozenset(e.text for e in self.entries)

    def record(self, entry: Entry) -> Record:
        """A document, verified. Raises AnnotationError where its file is gone, changed, or no longer fits."""
        path = self.root / entry.file
        if not path.is_file():
            raise AnnotationError(_damaged(entry.file, Said("文件不存在", "the file is missing")))
        data = path.read_bytes()
        if file_digest(data) != entry.sha256:
            met = Said("内容与清单中的摘要不符", "its content is not what the manifest says")
            raise AnnotationError(_damaged(entry.file, met))
        return load(path, data)

    def records(self, split: Split | None = None) -> Iterator[tuple[Entry, Record]]:
        """The documents of a split, or all, in the manifest's order, each with what is held back from it."""
        for entry in self.entries:
            if split is None or entry.split == split:
                yield entry, self.record(entry)

    def add(self, incoming: Iterable[Incoming], prefer: Prefer | None = None) -> Added:
        """Add records, all or (where some contradict what is there, and nothing is preferred) none."""
        self.root.mkdir(parents=True, exist_ok=True)
        with locked(self.root):
            self.entries = manifest.read(self.root / MANIFEST)
            return self._add(list(incoming), prefer)

    def _add(self, incoming: list[Incoming], prefer: Prefer | None) -> Added:
        known = {
            e.text: (self.record(e), e.origin) for e in self.entries if e.text in {i.record.sha256() for i in incoming}
        }
        before = {text: record for text, (record, _) in known.items()}
        conflicts: list[Refusal] = []
        touched: dict[str, None] = {}
        for one in incoming:
            text = one.record.sha256()
            touched[text] = None
            if text not in known:
                known[text] = (one.record, one.origin)
                continue
            both = reconcile(known[text][0], one.record, prefer)
            conflicts += both.conflicts
            known[text] = (both.record, known[text][1])
        if conflicts:
            return Added(conflicts=tuple(conflicts))
        new = [t for t in touched if t not in before]
        changed = [t for t in touched if t in before and known[t][0] != before[t]]
        same = [t for t in touched if t in before and t not in changed]
        if new or changed:
            self._write({t: known[t] for t in (*changed, *new)})
        ids = {e.text: e.id for e in self.entries}
        added, merged, kept = (tuple(ids[t] for t in part) for part in (new, changed, same))
        return Added(added, merged, kept)

    def _write(self, changed: dict[str, tuple[Record, str]]) -> None:
        """Files first, then the manifest; what it no longer lists goes last."""
        folder = self.root / IMPORTED
        folder.mkdir(exist_ok=True)
        for left in (*folder.glob("*.new"), *self.root.glob(f"{MANIFEST}.*.new")):
            left.unlink()  # of a process that died: no other holds the lock
        old = {e.text: e for e in self.entries}
        taken = {e.id for e in self.entries}
        allotment, entries = Allotment(), []
        for entry in self.entries:
            if entry.text in changed:
                entry = self._stored(*changed[entry.text], entry.id, entry)
            entries.append(allotment.entry(entry, self._text(entry, changed), keeps=True))
        for text, (record, origin) in changed.items():
            if text not in old:
                made = self._stored(record, origin, _free(record.id, taken))
                taken.add(made.id)
                entries.append(allotment.entry(made, record.text, keeps=False))
        replace_text(self.root / MANIFEST, manifest.dumps(entries))
        listed = {e.file for e in entries}
        for entry in self.entries:
            if entry.file not in listed and Path(entry.file).parent.name == IMPORTED:
                (self.root / entry.file).unlink(missing_ok=True)
        self.entries = tuple(entries)

    def _stored(self, record: Record, origin: str, name: str, old: Entry | None = None) -> Entry:
        made = Record(name, record.text, *(getattr(record, n) for n in record.__slots__[2:]))
        written = dumps(made, indent=1) + "\n"
        digest = file_digest(written.encode())
        file = f"{IMPORTED}/{_PLAIN.sub('_', name)[:60]}-{digest[:12]}.json"
        replace_text(self.root / file, written)
        split: Split = old.split if old else "train"
        return Entry(name, file, digest, record.sha256(), split, origin, manifest.counts_of(record))

    def _text(self, entry: Entry, changed: dict[str, tuple[Record, str]]) -> str:
        return changed[entry.text][0].text if entry.text in changed else self.record(entry).text

    def renew(self) -> tuple[Entry, ...]:
        """Make the manifest anew from the files: those listed keep place and split, others come behind."""
        self.root.mkdir(parents=True, exist_ok=True)
        with locked(self.root):
            self.entries = manifest.read(self.root / MANIFEST)
            entries = self.surveyed()
            replace_text(self.root / MANIFEST, manifest.dumps(entries))
            self.entries = entries
        return entries

    def surveyed(self) -> tuple[Entry, ...]:
        """The entries that the files there are amount to. Raises AnnotationError for a file that is not right."""
        old = {e.file: e for e in self.entries}
        files = [e.file for e in self.entries if (self.root / e.file).is_file()]
        files += [f for f in self.files() if f not in old]
        allotment, entries = Allotment(), []
        seen: dict[str, str] = {}
        for file in files:
            data = (self.root / file).read_bytes()
            record = load(self.root / file, data)
            text = record.sha256()
            if text in seen:
                raise AnnotationError(_twice(file, seen[text]))
            seen[text] = file
            known = old.get(file)
            origin = known.origin if known else Path(file).parent.name
            keeps = known is not None and known.text == text
            split: Split = known.split if known else "train"
            made = Entry(record.id, file, file_digest(data), text, split, origin, manifest.counts_of(record))
            entries.append(allotment.entry(made, record.text, keeps))
        return tuple(entries)

    def files(self) -> list[str]:
        """The annotation files below the root, by name, listed or not."""
        return [
            f"{folder}/{p.name}" for folder in (EXAMPLES, IMPORTED) for p in sorted((self.root / folder).glob("*.json"))
        ]

    def strays(self) -> list[str]:
        """Files that the manifest does not list: of an import that was stopped, or put there by hand."""
        listed = {e.file for e in self.entries}
        return [f for f in self.files() if f not in listed]


def load(path: Path, data: bytes) -> Record:
    """The one record of a file; its text may lie beside it as ``.txt``. Raises AnnotationError with what is wrong."""

    def beside(_id: str) -> str | None:
        text = path.with_suffix(".txt")
        return text.read_bytes().decode("utf-8-sig") if text.is_file() else None

    try:
        drafts, refusals = own.read(data, path.name, beside)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AnnotationError(
            _damaged(path.name, Said(f"无法理解（{error}）", f"it cannot be understood ({error})"))
        ) from error
    if len(drafts) != 1:
        met = Said(f"含 {len(drafts)} 份标注", f"it holds {len(drafts)} annotations")
        raise AnnotationError(refusals[0] if refusals else _damaged(path.name, met))
    made = admit(drafts[0])
    if made.record is None:
        raise AnnotationError(made.refusals[0])
    return made.record


def file_digest(data: bytes) -> str:
    """SHA-256 of a file's bytes."""
    return hashlib.sha256(data).hexdigest()


def _free(name: str, taken: set[str]) -> str:
    """The id, with a number behind it where another document has it."""
    wanted, n = name or "document", 1
    free = wanted
    while free in taken:
        n += 1
        free = f"{wanted}-{n}"
    return free


def _damaged(file: str, met: Said) -> Refusal:
    todo = Said(
        "恢复该文件，或运行 nianbao annotate manifest",
        "restore it, or make the manifest anew: nianbao annotate manifest",
    )
    return Refusal(file, met, Said("清单所列的标注文件", "the annotation that the manifest lists"), todo)


def _twice(file: str, other: str) -> Refusal:
    met = Said(f"与 {other} 是同一文本", f"it annotates the same text as {other}")
    todo = Said(
        "删除其一，或移出后用 nianbao annotate import 导入",
        "take one away, or move it out and import it: nianbao annotate import",
    )
    return Refusal(file, met, Said("每个文本一份标注", "one annotation a text"), todo)
