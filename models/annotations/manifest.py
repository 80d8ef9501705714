"""The list of a dataset's documents: files, digests, counts, the split of each, and what is held back from it.

A document's split comes from the digest of its text, so that it is the same for everybody and for ever; only one that
repeats much of another goes where that one is. A sentence that stands in documents of two splits belongs to the one
listed first; in the others it is *held back*: nothing is learned from it, and nothing is measured on it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from models.annotations.record import Json, Record
from models.annotations.said import AnnotationError, Refusal, Said
from models.annotations.sentences import sentences

Split = Literal["train", "dev", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)
VERSION = 1
_TRAIN, _DEV = 70, 85  # of a hundred: the rest is test
_MUCH = 0.3
_MEND = Said("运行 nianbao annotate manifest 重新生成", "make it anew with nianbao annotate manifest")


@dataclass(frozen=True, slots=True)
class Entry:
    """One document. ``file`` is relative to the dataset; ``sha256`` is that of the file, ``text`` that of the text."""

    id: str
    file: str
    sha256: str
    text: str
    split: Split
    origin: str
    counts: Mapping[str, int]
    held_back: tuple[tuple[int, int], ...] = ()


def read(path: Path) -> tuple[Entry, ...]:
    """The entries of a manifest; none where there is no such file. Raises AnnotationError where it is damaged."""
    if not path.is_file():
        return ()
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["version"] != VERSION:
            raise ValueError(f"version {data['version']}")
        return tuple(_entry(one) for one in data["documents"])
    except (ValueError, KeyError, TypeError) as error:
        met = Said(f"无法理解（{error}）", f"it cannot be understood ({error})")
        raise AnnotationError(
            Refusal(str(path), met, Said(f"第 {VERSION} 版清单", f"a manifest of version {VERSION}"), _MEND)
        ) from error


def dumps(entries: Iterable[Entry]) -> str:
    """A manifest as JSON, one document a line, so that a change of one shows as such."""
    listed = list(entries)
    rows = ",\n".join("  " + json.dumps(_plain(e), ensure_ascii=False) for e in listed)
    totals = json.dumps(totals_of(listed), ensure_ascii=False, indent=1).replace("\n", "\n ")
    return f'{{\n "version": {VERSION},\n "totals": {totals},\n "documents": [\n{rows}\n ]\n}}\n'


def totals_of(entries: Iterable[Entry]) -> dict[str, dict[str, int]]:
    """Documents and labels of each split."""
    out: dict[str, Counter[str]] = {split: Counter(documents=0) for split in SPLITS}
    for entry in entries:
        out[entry.split].update({"documents": 1, **entry.counts})
    return {s: {"documents": n["documents"]} | {k: n[k] for k in sorted(n)} for s, n in out.items()}


def counts_of(record: Record) -> dict[str, int]:
    """How many labels of each family a record has; a layer that nobody annotated is not counted at all."""
    out: dict[str, int] = {}
    if record.headings is not None:
        out["headings"] = len(record.headings)
    if record.claims is not None:
        out["claims"] = len(record.claims)
        out |= {f"claims.{kind}": n for kind, n in sorted(Counter(c.kind for c in record.claims).items())}
    for name, items in (("cells", record.cells), ("blocks", record.blocks)):
        if items is not None:
            out[name] = len(items)
    return out


class Allotment:
    """Gives documents their splits, one after the other: what was listed before decides what is held back."""

    def __init__(self) -> None:
        self._owner: dict[str, Split] = {}

    def entry(self, entry: Entry, text: str, keeps: bool) -> Entry:
        """The entry with its split (its own where it ``keeps`` it) and the sentences that belong to another split."""
        found = list(sentences(text))
        split = entry.split if keeps else self._split(entry.text, [key for _, _, key in found])
        held: list[tuple[int, int]] = []
        for start, end, key in found:
            if self._owner.setdefault(key, split) != split:
                held.append((start, end))
        return replace(entry, split=split, held_back=tuple(held))

    def _split(self, digest: str, keys: list[str]) -> Split:
        shared = Counter(self._owner[key] for key in set(keys) if key in self._owner)
        if shared:
            most = max(SPLITS, key=lambda s: (shared[s], SPLITS.index(s)))
            if shared[most] >= _MUCH * len(set(keys)):
                return most
        return split_of(digest)


def split_of(digest: str) -> Split:
    """The split that a text's digest alone gives: 70, 15 and 15 of a hundred."""
    share = int(digest[:8], 16) % 100
    return "train" if share < _TRAIN else "dev" if share < _DEV else "test"


def _plain(entry: Entry) -> Json:
    out = asdict(entry)
    if not entry.held_back:
        del out["held_back"]
    return out


def _entry(one: Mapping[str, Any]) -> Entry:
    if one["split"] not in SPLITS:
        raise ValueError(f"split {one['split']!r}")
    held = tuple((int(a), int(b)) for a, b in one.get("held_back", ()))
    strings = {name: str(one[name]) for name in ("id", "file", "sha256", "text", "origin")}
    return Entry(**strings, split=one["split"], counts=dict(one["counts"]), held_back=held)
