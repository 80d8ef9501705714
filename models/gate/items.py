"""What a report holds and what a model found in it, as sets of labelled places that can be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from models import labels, registry
from models.claims import data as claims
from models.claims.decode import Network, Spans, decode, run
from models.claims.tag import LIKELY, ClaimTagger
from models.encoding import Encoded
from models.grid import GridBlock, segment
from models.layout import data as layout
from models.layout.classify import BlockClassifier
from models.layout.labels import BLOCK_TYPES
from models.registry import Task

_BLOCKS_A_PASSAGE = 12


class Item(NamedTuple):
    """A labelled place. A claim is one item of its kind, one of its scope, and one of each of its concepts."""

    label: str
    start: int
    end: int


Items = frozenset[Item]
Sample = Any  # ``models.claims.data.Sample`` or ``models.layout.data.Sample``, by the task


@dataclass(frozen=True, slots=True)
class Case:
    """A report to compare on: where it comes from (``group``: a style of synthesis), and its sample."""

    id: str
    group: str
    sample: Sample


@dataclass(frozen=True, slots=True)
class Compared:
    """A case as two versions read it. ``passages`` are the places where its passages begin, ascending."""

    id: str
    group: str
    text: str
    passages: tuple[int, ...]
    wanted: Items
    old: Items
    new: Items


@dataclass(frozen=True, slots=True)
class Read:
    """A case as several versions read it: what is there, and what each of them found, in their order."""

    text: str
    passages: tuple[int, ...]
    wanted: Items
    found: tuple[Items, ...]


Reader = Callable[[Case], Compared]


def reader(task: Task, old: str, new: str) -> Reader:
    """What reads cases with two versions of a task's model.

    Raises BrokenInstallation where one of them is missing, damaged, or of another make of the software.
    """
    read = read_by(task, (old, new))

    def compare(case: Case) -> Compared:
        done = read(case)
        return Compared(case.id, case.group, done.text, done.passages, done.wanted, *done.found)

    return compare


def read_by(task: Task, versions: Sequence[str]) -> Callable[[Case], Read]:
    """What reads cases with several versions: the text is taken apart once. Raises as ``reader`` does."""
    folders = [registry.load(task, version) for version in versions]
    if task == "claims":
        taggers = [ClaimTagger(folder) for folder in folders]
        return lambda case: _claims(case, taggers)
    classifiers = [BlockClassifier(folder) for folder in folders]
    return lambda case: _blocks(case, classifiers)


def _claims(case: Case, taggers: Sequence[ClaimTagger]) -> Read:
    known = claims.labelled(case.sample)
    encoded = known.encoded
    found = tuple(read_claims(t.network, encoded) for t in taggers)
    firsts = np.flatnonzero(np.diff(encoded.stretch, prepend=-1))
    return Read(case.sample.text, tuple(encoded.starts[firsts].tolist()), frozenset(true_claims(known)), found)


def read_claims(network: Network, encoded: Encoded) -> Items:
    """The items that a network finds in a text."""
    return frozenset(_found(decode(run(network, encoded), encoded), encoded))


def true_claims(known: claims.Labelled) -> Iterator[Item]:
    """The items that a labelled text holds."""
    encoded = known.encoded
    for first, last, kind in claims.truth(known):
        row = int(known.claim_ids[first])
        facts = known.attributes[row] if row >= 0 else None
        place = int(encoded.starts[first]), int(encoded.ends[last - 1])
        if facts is None:
            yield Item(labels.SPAN_KINDS[kind], *place)
        else:
            concepts = np.flatnonzero(facts[2:]).tolist()
            yield from _claim(kind, int(facts[1]), bool(facts[0]), concepts, *place)


def _found(spans: Spans, encoded: Encoded) -> Iterator[Item]:
    scopes = spans.scopes.argmax(axis=1).tolist()
    for i, kind in enumerate(spans.kinds.tolist()):
        place = int(encoded.starts[spans.starts[i]]), int(encoded.ends[spans.ends[i] - 1])
        if labels.SPAN_KINDS[kind] not in labels.CLAIM_KINDS:
            yield Item(labels.SPAN_KINDS[kind], *place)
        else:
            concepts = np.flatnonzero(spans.concepts[i] >= LIKELY).tolist()
            yield from _claim(kind, scopes[i], bool(spans.approx[i] >= LIKELY), concepts, *place)


def _claim(kind: int, scope: int, approx: bool, concepts: Sequence[int], start: int, end: int) -> Iterator[Item]:
    yield Item(labels.SPAN_KINDS[kind], start, end)
    yield Item(f"scope {labels.SCOPES[scope]}", start, end)
    if approx:
        yield Item("approx", start, end)
    for concept in concepts:
        yield Item(f"concept {labels.CONCEPTS[concept]}", start, end)


def _blocks(case: Case, classifiers: Sequence[BlockClassifier]) -> Read:
    text = case.sample.text
    blocks = segment(text)
    known = layout.itemised(text, blocks, layout.label(blocks, case.sample.places)).tolist()
    told = [i for i, kind in enumerate(known) if kind != layout.UNKNOWN]

    def items(kinds: Sequence[str]) -> Items:
        return frozenset(Item(kinds[i], blocks[i].start, blocks[i].end) for i in told)

    wanted = items([BLOCK_TYPES[k] if k >= 0 else "" for k in known])
    found = tuple(items([kind for kind, _ in c.classify(text, blocks)]) for c in classifiers)
    return Read(text, passage_starts(blocks), wanted, found)


def passage_starts(blocks: Sequence[GridBlock]) -> tuple[int, ...]:
    """Where the passages of a report begin that the bootstrap draws for the layout model."""
    return tuple(b.start for b in blocks[::_BLOCKS_A_PASSAGE])
