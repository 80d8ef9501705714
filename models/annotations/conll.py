"""CoNLL with BIO tags, one character a line, one column a layer, so that what overlaps in a report stays apart.

A document opens with ``# nianbao {…}`` (what no column holds) and ``# columns …``; a blank line ends it. White space,
``#`` and control characters are written as JSON escapes. Files of other projects are read too: a character and one tag
a line, parted by a tab or a space; a blank line ends a document, or a line of it where ``-DOCSTART-`` parts documents.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from models.annotations.draft import KEY, Draft, Region, label_of, named, recalled, regions, sidecar
from models.annotations.labels import unknown_label
from models.annotations.record import LAYERS, Json, Record
from models.annotations.said import Refusal

_HEAD = f"# {KEY} "
_COLUMNS = "# columns\t"
_START = "-DOCSTART-"
_ESCAPE = re.compile(r"\\u([0-9a-f]{4,6});")
_EXPRESSED = {"heading": frozenset({"level"}), "cell": frozenset({"id"})}


def write(records: Iterable[Record]) -> bytes:
    """Every record as a document of the file, UTF-8, lines ended by LF."""
    return "".join("\n".join(_lines(r)) + "\n\n" for r in records).encode()


def _lines(record: Record) -> Iterator[str]:
    yield _HEAD + json.dumps(sidecar(record), ensure_ascii=False, separators=(",", ":"))
    yield "\t".join(("# columns", "character", *LAYERS))
    columns = {layer: ["O"] * len(record.text) for layer in LAYERS}
    for region in regions(record):
        tags, name = columns[region.layer], label_of(region).partition("=")[2]
        tags[region.start] = f"B-{name}"
        for at in range(region.start + 1, region.end):
            tags[at] = f"I-{name}"
    for row in zip(record.text, *(columns[layer] for layer in LAYERS), strict=True):
        yield _escaped(row[0]) + "\t" + "\t".join(row[1:])


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x};" if char in "#\\" or char.isspace() or not char.isprintable() else char


def read(data: bytes, name: str) -> tuple[list[Draft], list[Refusal]]:
    """Drafts of a file. Raises ValueError for a line that is no row of a table of tags."""
    drafts: list[Draft] = []
    refusals: list[Refusal] = []
    lines = [line.removesuffix("\r") for line in data.decode("utf-8-sig").split("\n")]
    for i, part in enumerate(_parts(lines), 1):
        where = f"{name}#{i}"
        made, wrong = _own(where, part) if part[0].startswith(_HEAD) else _foreign(where, part)
        refusals += wrong
        if not wrong:
            drafts.append(made)
    return drafts, refusals


def _parts(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines of each document; in files with ``-DOCSTART-`` a blank line inside one stands for a line break."""
    marked = any(line.startswith(_START) for line in lines)
    part: list[str] = []
    for line in lines:
        ends = line.startswith(_START) if marked else not line.strip()
        if not ends:
            part.append(line)
        elif any(x.strip() for x in part):
            yield _trimmed(part)
            part = []
        else:
            part = []
    if any(x.strip() for x in part):
        yield _trimmed(part)


def _trimmed(part: list[str]) -> list[str]:
    first = next(i for i, x in enumerate(part) if x.strip())
    last = max(i for i, x in enumerate(part) if x.strip())
    return part[first : last + 1]


def _own(where: str, part: Sequence[str]) -> tuple[Draft, list[Refusal]]:
    side: Json = json.loads(part[0].removeprefix(_HEAD))
    names = part[1].split("\t")[2:]
    rows = [line.split("\t") for line in part[2:]]
    if not part[1].startswith(_COLUMNS) or any(len(row) != len(names) + 1 for row in rows):
        raise ValueError(f"{where}: a line has not one character and {len(names)} tags")
    text = "".join(_char(row[0]) for row in rows)
    labels: list[Region] = []
    wrong: list[Refusal] = []
    for column, layer in enumerate(names, 1):
        found, bad = _regions(where, [row[column] for row in rows], f"{layer}=")
        labels += found
        wrong += bad
    return recalled(where, text, labels, side, expressed=_EXPRESSED), wrong


def _foreign(where: str, part: Sequence[str]) -> tuple[Draft, list[Refusal]]:
    chars, tags = [], []
    for line in part:
        if not line.strip():
            char, tag = "\n", "O"
        else:
            char, _, tag = line.rpartition("\t") if "\t" in line else line.rpartition(" ")
        chars.append(char.split()[0] if len(char) > 1 else char)
        tags.append(tag)
    if any(len(char) != 1 for char in chars):
        raise ValueError(f"{where}: a line has not one character and its tag")
    labels, wrong = _regions(where, tags, "")
    return Draft(where, where, "".join(chars), tuple(labels)), wrong


def _char(written: str) -> str:
    found = _ESCAPE.fullmatch(written)
    char = chr(int(found[1], 16)) if found else written
    if len(char) != 1:
        raise ValueError(f"{written!r} is not one character")
    return char


def _regions(where: str, tags: Sequence[str], prefix: str) -> tuple[list[Region], list[Refusal]]:
    """The stretches of one column. A tag that goes on where nothing began opens a stretch, as IOB1 writes it."""
    out: list[Region] = []
    wrong: list[Refusal] = []
    start, open_name = 0, ""
    for at, tag in enumerate([*tags, "O"]):
        begins, name = tag[:2] == "B-", tag[2:]
        if tag != "O" and tag[:2] not in ("B-", "I-"):
            raise ValueError(f"{where}: {tag!r} is no BIO tag")
        if open_name and (begins or name != open_name):
            known = named(prefix + open_name)
            if known is None:
                wrong.append(unknown_label(f"{where} {start}–{at}", open_name))
            else:
                out.append(Region(known[0], known[1], start, at, known[2]))
            open_name = ""
        if not open_name and name:
            start, open_name = at, name
    return out, wrong
