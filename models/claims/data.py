"""Training data: reports with marks → stretches in numbers with the spans that the marks say are there."""

from __future__ import annotations

import hashlib
import itertools
import multiprocessing
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models import labels
from models.encoding import Encoded, concatenate, encode
from models.grid import segment
from models.layout.data import label as block_types
from models.layout.labels import BLOCK_TYPES
from models.stretches import READ, stretches
from models.synthesis.markup import Mark

if TYPE_CHECKING:
    from models.synthesis.report import Synthetic

ATTRIBUTES = 2 + len(labels.CONCEPTS)
NO_CLAIM = -1
_UNKNOWN_YEAR = 0.1
_UNKNOWN_ISSUER = 0.15
_ASTRAY = 0.01
_ALONE = 0.25  # share of the reports whose sentences are read each by itself: what they claim must not hang on others
_SENTENCE = re.compile(r"。\s*")


@dataclass(frozen=True, slots=True)
class Sample:
    """A text with marks of the kinds ``block``, ``heading``, ``cell`` and ``claim``; year and issuer if known."""

    text: str
    marks: tuple[Mark, ...]
    year: int | None = None
    issuer: str | None = None


@dataclass(frozen=True, slots=True)
class Labelled:
    """Stretches with their true spans.

    ``targets``: a label id for each character. ``claim_ids``: for each character the row of ``attributes`` of the
    claim it is in, else NO_CLAIM. ``attributes`` (claims, 2 + concepts): approx 0/1, scope id, 0/1 for each concept.
    """

    encoded: Encoded
    targets: NDArray[np.uint8]
    claim_ids: NDArray[np.int32]
    attributes: NDArray[np.uint8]


Source = Callable[[int, int], Sample]


def synthetic(seed: int, index: int) -> Sample:
    """A report of our own writing."""
    from models.synthesis.report import synthesize

    return of_report(synthesize(seed, index))


def of_report(report: Synthetic) -> Sample:
    """A synthetic report as a sample."""
    return Sample(report.text, tuple(report.marks), report.gold.get("year"), report.gold.get("issuer"))


def training_stretches(
    sample: Sample, rng: random.Random | None = None, alone: float = _ALONE
) -> list[tuple[int, int]]:
    """The stretches of a sample by its block marks. ``rng`` makes a few blocks mistaken, as a layout model does, and
    in a share ``alone`` of the reports each sentence a stretch."""
    places = sorted((m.start, m.end, str(m.data["type"])) for m in sample.marks if m.kind == "block")
    blocks = segment(sample.text)
    types = [BLOCK_TYPES[t] if t >= 0 else "noise" for t in block_types(blocks, places).tolist()]
    if rng is not None:
        types = [_mistaken(t) if rng.random() < _ASTRAY else t for t in types]
    found = stretches((b.start, b.end, t) for b, t in zip(blocks, types, strict=True))
    return _sentences(sample.text, found) if rng is not None and rng.random() < alone else found


def _sentences(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches cut behind each full stop."""
    out: list[tuple[int, int]] = []
    for start, end in spans:
        edges = [start, *(m.end() for m in _SENTENCE.finditer(text, start, end) if m.end() < end), end]
        out += [(a, b) for a, b in itertools.pairwise(edges) if text[a:b].strip()]
    return out


def _mistaken(block_type: str) -> str:
    return "noise" if block_type in READ else "paragraph"


def labelled(sample: Sample, rng: random.Random | None = None, alone: float = _ALONE) -> Labelled:
    """A sample in numbers. With ``rng`` its year, issuer or some blocks may be hidden from the encoding, and its
    sentences (in a share ``alone`` of the reports) from each other."""
    year, issuer = sample.year, sample.issuer
    if rng is not None:
        year = None if rng.random() < _UNKNOWN_YEAR else year
        issuer = None if rng.random() < _UNKNOWN_ISSUER else issuer
    encoded = encode(sample.text, training_stretches(sample, rng, alone), year, issuer)
    targets = np.zeros(len(encoded), dtype=np.uint8)
    claim_ids = np.full(len(encoded), NO_CLAIM, dtype=np.int32)
    rows: list[NDArray[np.uint8]] = []
    for mark in _in_writing_order(sample.marks):
        first, last = np.searchsorted(encoded.starts, (mark.start, mark.end))
        if first == last:
            continue
        kind = str(mark.data["kind"]) if mark.kind == "claim" else mark.kind
        targets[first:last] = labels.begin(kind) + 1
        targets[first] = labels.begin(kind)
        claim_ids[first:last] = len(rows) if mark.kind == "claim" else NO_CLAIM
        if mark.kind == "claim":
            rows.append(_attributes(mark))
    attributes = np.array(rows, dtype=np.uint8).reshape(-1, ATTRIBUTES)
    return Labelled(encoded, targets, claim_ids, attributes)


def _in_writing_order(marks: Iterable[Mark]) -> list[Mark]:
    """Marks that become spans. Where two overlap the later one wins: claims over headings, short over long."""
    kept = [m for m in marks if m.kind in ("heading", "cell", "claim") and m.start < m.end]
    rank = {"heading": 0, "cell": 1, "claim": 2}
    return sorted(kept, key=lambda m: (rank[m.kind], m.start - m.end, m.start))


def _attributes(mark: Mark) -> NDArray[np.uint8]:
    row = np.zeros(ATTRIBUTES, dtype=np.uint8)
    row[0] = bool(mark.data.get("approx"))
    row[1] = labels.SCOPES.index(mark.data.get("scope", "own"))
    for concept in mark.data.get("concepts", ()):
        row[2 + labels.CONCEPTS.index(concept)] = 1
    return row


def join(parts: Sequence[Labelled]) -> Labelled:
    """Several texts' stretches as one."""
    rows = np.cumsum([0, *(len(p.attributes) for p in parts)])
    ids = [np.where(p.claim_ids >= 0, p.claim_ids + r, NO_CLAIM) for p, r in zip(parts, rows, strict=False)]
    return Labelled(
        concatenate([p.encoded for p in parts]),
        np.concatenate([p.targets for p in parts]),
        np.concatenate(ids).astype(np.int32),
        np.concatenate([p.attributes for p in parts]),
    )


def truth(data: Labelled) -> list[tuple[int, int, int]]:
    """The true spans by position: (start, end, index of the kind)."""
    from models.claims.decode import edges

    known = data.targets.astype(np.int64)
    starts, ends = edges((known + 1) // 2, known % 2 == 1, data.encoded.stretch)
    kinds = (known[starts] + 1) // 2 - 1
    return list(zip(starts.tolist(), ends.tolist(), kinds.tolist(), strict=True))


def _made(source: Source, seed: int, noisy: bool, index: int) -> tuple[Labelled, bytes]:
    sample = source(seed, index)
    rng = random.Random(f"{seed}:{index}:claims") if noisy else None
    return labelled(sample, rng), digest_of(sample)


def digest_of(sample: Sample) -> bytes:
    """The SHA-256 of a sample's text, marks, year and issuer."""
    return hashlib.sha256(repr((sample.text, sample.marks, sample.year, sample.issuer)).encode()).digest()


def make(source: Source, seed: int, count: int, *, noisy: bool, processes: int = 2) -> tuple[Labelled, str]:
    """``count`` reports of ``source`` in order, and the SHA-256 of their texts and marks."""
    work = partial(_made, source, seed, noisy)
    total = hashlib.sha256()
    parts: list[Labelled] = []
    for part, digest in _each(work, count, processes):
        total.update(digest)
        parts.append(part)
    return join(parts), total.hexdigest()


def _each(
    work: Callable[[int], tuple[Labelled, bytes]], count: int, processes: int
) -> Iterator[tuple[Labelled, bytes]]:
    if processes < 2 or count < 64:
        yield from map(work, range(count))
        return
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(work, range(count), chunksize=16)
