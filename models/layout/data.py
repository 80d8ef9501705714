"""Examples for the layout model: reports with typed marks → encoded blocks with labels, kept on disk between runs."""

from __future__ import annotations

import hashlib
import multiprocessing
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.grid import GridBlock, lines, segment
from models.layout.features import Encoded, encode, fingerprint
from models.layout.labels import INDEX
from models.text import normalise

if TYPE_CHECKING:
    from models.synthesis.report import Synthetic

UNKNOWN = -100  # a block that no mark covers: it is read, but nothing is learned from it
_ITEM = re.compile(r"[一二三四五六七八九十]{1,2}[是要]|[●•◆■★※]|——")
# numbered openings are items or run-in headings: their marks say which
_MAYBE_ITEM = re.compile(r"[(（]?[一二三四五六七八九十\d]{1,3}[)）]?[、.．,，)）\s]|[①-⑳]|第[一二三四五六七八九十]|-")

_GAP = re.compile(r"[ \u3000\u00a0]{2}|[ \u3000\u00a0]*[\t|]")


@dataclass(frozen=True, slots=True)
class Sample:
    """A text and the typed places of it: (start, end, block type), half-open, sorted by start, not overlapping."""

    text: str
    places: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """An encoded text with its labels; ``annotated``: by a person (see ``models.layout.finetune``)."""

    encoded: Encoded
    labels: NDArray[np.int64]
    annotated: bool = False


Source = Callable[[int, int], Sample]


def synthetic(seed: int, index: int) -> Sample:
    """A report of our own writing with the types of its blocks."""
    from models.synthesis.report import synthesize

    return of_report(synthesize(seed, index))


def of_report(report: Synthetic) -> Sample:
    """A synthetic report as a sample."""
    marks = sorted((m.start, m.end, str(m.data["type"])) for m in report.marks if m.kind == "block")
    headings = [(m.start, m.end) for m in report.marks if m.kind == "heading" and _alone(report.text, m.start, m.end)]
    return Sample(report.text, tuple(_cut(marks, sorted(headings))))


def _alone(text: str, start: int, end: int) -> bool:
    """Is this place, a stop after it set aside, a piece of the grid by itself? (See ``models.grid`` for what parts.)"""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    after = text[end : (text + "\n").find("\n", end)].lstrip("。.:：")
    return (not before.strip() or before[-2:].isspace()) and (not after.strip() or bool(_GAP.match(after)))


def _cut(marks: list[tuple[int, int, str]], headings: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """The marks, with the headings that stand by themselves cut out of the prose that they open."""
    for start, end, kind in marks:
        at = start
        for first, last in headings if kind in ("paragraph", "item") else ():
            if at <= first < end:
                yield from ((at, first, kind), (first, min(last, end), "heading"))
                at = min(last, end)
        yield at, end, kind


def label(blocks: Sequence[GridBlock], places: Sequence[tuple[int, int, str]]) -> NDArray[np.int64]:
    """Each block's type number: that of the place it shares most characters with; UNKNOWN where it touches none."""
    out = np.full(len(blocks), UNKNOWN, np.int64)
    first = 0
    for i, block in enumerate(blocks):
        while first < len(places) and places[first][1] <= block.start:
            first += 1
        best, at = 0, first
        while at < len(places) and places[at][0] < block.end:
            start, end, name = places[at]
            shared = min(end, block.end) - max(start, block.start)
            if shared > best:
                best, out[i] = shared, INDEX[name]
            at += 1
    return out


def itemised(text: str, blocks: Sequence[GridBlock], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """The labels with one rule for prose: what opens like a list item is an item, a line that goes on is paragraph.

    A generator, or a person, marks an item over all its wrapped lines; the line alone cannot know.
    """
    out = labels.copy()
    for i in np.flatnonzero((labels == INDEX["item"]) | (labels == INDEX["paragraph"])).tolist():
        opening = normalise(text, blocks[i].start, min(blocks[i].end, blocks[i].start + 20)).text
        if _ITEM.match(opening):
            out[i] = INDEX["item"]
        elif not _MAYBE_ITEM.match(opening):
            out[i] = INDEX["paragraph"]
    return out


def example(sample: Sample) -> Example:
    blocks = segment(sample.text)
    labels = itemised(sample.text, blocks, label(blocks, sample.places))
    return Example(encode(sample.text, blocks, len(lines(sample.text))), labels)


def _made(source: Source, seed: int, index: int) -> tuple[Example, bytes]:
    sample = source(seed, index)
    return example(sample), digest_of(sample)


def digest_of(sample: Sample) -> bytes:
    return hashlib.sha256(repr((sample.text, sample.places)).encode()).digest()


def make(source: Source, seed: int, count: int, processes: int = 2) -> Iterator[tuple[Example, bytes]]:
    """``count`` examples of ``source`` in order, each with the digest of its sample."""
    work = partial(_made, source, seed)
    if processes < 2 or count < 64:
        yield from map(work, range(count))
        return
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap(work, range(count), chunksize=16)


@dataclass(frozen=True, slots=True)
class DataSet:
    examples: list[Example]
    digest: str

    @classmethod
    def of(cls, made: Iterable[tuple[Example, bytes]]) -> DataSet:
        examples: list[Example] = []
        total = hashlib.sha256(fingerprint().encode())
        for one, digest in made:
            total.update(digest)
            if len(one.labels):
                examples.append(one)
        return cls(examples, total.hexdigest())

    def save(self, path: Path) -> None:
        """Write whole or not at all: arrays of all examples end to end, and where each ends."""
        parts = {k: [getattr(e.encoded, k) for e in self.examples] for k in Encoded.__slots__}
        arrays = {k: np.concatenate(v) for k, v in parts.items()}
        labels = np.concatenate([e.labels for e in self.examples])
        sizes = np.array([(len(e.encoded.grams), len(e.labels)) for e in self.examples])
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        with new.open("wb") as stream:
            everything: dict[str, Any] = {**arrays, "labels": labels, "sizes": sizes, "digest": np.array(self.digest)}
            np.savez(stream, **everything)
        new.replace(path)

    @classmethod
    def load(cls, path: Path) -> DataSet:
        with np.load(path) as data:
            arrays = {k: data[k] for k in (*Encoded.__slots__, "labels", "sizes")}
            digest = str(data["digest"])
        examples: list[Example] = []
        text = block = 0
        for texts, blocks in arrays["sizes"]:
            of_text, of_block = slice(text, text + texts), slice(block, block + blocks)
            encoded = Encoded(
                arrays["grams"][of_text], arrays["text"][of_text], arrays["which"][of_block],
                arrays["edges"][of_block], arrays["place"][of_block],
            )  # fmt: skip
            examples.append(Example(encoded, arrays["labels"][of_block]))
            text, block = text + texts, block + blocks
        return cls(examples, digest)
