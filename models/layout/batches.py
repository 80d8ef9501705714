"""Batches for training: documents of like length together, some of them cut or without their blank lines."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.layout.data import UNKNOWN, Example
from models.layout.features import TEXT_NAMES, place_figures, sight
from models.layout.lexicon import FACTS

LONGEST_SEQUENCE = 600
_FORGET_GRAMS, _FORGET_TEXT, _FORGET_FACTS = 0.08, 0.04, 0.04
_FACTS_AT = len(TEXT_NAMES) - len(FACTS)


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs of ``LayoutNetwork.forward``, ``labels`` [B, N] (UNKNOWN where padded), ``annotated`` [B]."""

    grams: Tensor
    text: Tensor
    which: Tensor
    sight: Tensor
    lengths: Tensor
    labels: Tensor
    annotated: Tensor


def whole(examples: Sequence[Example], size: int = 16) -> Iterator[Batch]:
    """The documents as they are, up to LONGEST_SEQUENCE blocks of each, in order."""
    for at in range(0, len(examples), size):
        yield _batch([_part(e, 0, LONGEST_SEQUENCE) for e in examples[at : at + size]])


def shuffled(examples: Sequence[Example], seed: str, size: int = 16) -> Iterator[Batch]:
    """Every document once, in an order and with changes that the seed decides."""
    chance = random.Random(seed)
    noise = np.random.default_rng(chance.getrandbits(63))
    parts = [_changed(e, chance) for e in examples]
    order = sorted(range(len(parts)), key=lambda i: len(parts[i][0].labels) + chance.random() * 60)
    groups = [order[at : at + size] for at in range(0, len(order), size)]
    chance.shuffle(groups)
    for group in groups:
        yield _forgetting(_batch([parts[i] for i in group]), noise)


_Part = tuple[Example, NDArray[np.int32]]


def _part(one: Example, start: int, end: int) -> _Part:
    """Blocks ``start`` to ``end`` with their places, as if the document had begun and ended there."""
    place = one.encoded.place[start:end]
    if start or end < len(one.labels):
        place = place.copy()
        place[:, 0] -= place[0, 0]
        place[:, 6] = place[-1, 0] + 1
    e = one.encoded
    encoded = type(e)(e.grams, e.text, e.which[start:end], e.edges[start:end], place)
    return Example(encoded, one.labels[start:end], one.annotated), place


def _changed(one: Example, chance: random.Random) -> _Part:
    n = len(one.labels)
    start, end = 0, min(n, LONGEST_SEQUENCE)
    if n > LONGEST_SEQUENCE:
        start = chance.randrange(n - LONGEST_SEQUENCE + 1)
        end = start + LONGEST_SEQUENCE
    if chance.random() < 0.3 and n > 20:
        start = chance.randrange(n - 10)
        end = min(n, start + max(10, chance.randrange(n)), start + LONGEST_SEQUENCE)
    part, place = _part(one, start, end)
    if chance.random() < 0.3:
        keep = 0.0 if chance.random() < 0.5 else 0.5
        place = place.copy()
        place[:, 4] = [b if b and chance.random() < keep else 0 for b in place[:, 4].tolist()]
    return part, place


def _batch(parts: Sequence[_Part]) -> Batch:
    longest = max(len(e.labels) for e, _ in parts)
    shape = (len(parts), longest)
    which, labels = np.zeros(shape, np.int64), np.full(shape, UNKNOWN, np.int64)
    seen: NDArray[np.float32] | None = None
    base = 0
    for i, (one, place) in enumerate(parts):
        n = len(one.labels)
        rows = sight(one.encoded.edges, place_figures(place))
        seen = np.zeros((*shape, rows.shape[1]), np.float32) if seen is None else seen
        which[i, :n], labels[i, :n], seen[i, :n] = one.encoded.which + base, one.labels, rows
        base += len(one.encoded.grams)
    return Batch(
        torch.from_numpy(np.concatenate([e.encoded.grams for e, _ in parts]).astype(np.int32)),
        torch.from_numpy(np.concatenate([e.encoded.text for e, _ in parts])),
        torch.from_numpy(which),
        torch.from_numpy(seen),
        torch.tensor([len(e.labels) for e, _ in parts]),
        torch.from_numpy(labels),
        torch.tensor([e.annotated for e, _ in parts]),
    )


def _forgetting(batch: Batch, noise: np.random.Generator) -> Batch:
    """Forget some n-grams, some texts whole, and of some what the forms know of them: so that no clue is needed."""
    count = len(batch.grams)
    grams = batch.grams.numpy()
    grams = np.where(noise.random(grams.shape, np.float32) < _FORGET_GRAMS, 0, grams)
    grams[noise.random(count) < _FORGET_TEXT] = 0
    text = batch.text.numpy().copy()
    text[noise.random(count) < _FORGET_FACTS, _FACTS_AT:] = 0
    return replace(batch, grams=torch.from_numpy(grams), text=torch.from_numpy(text))
