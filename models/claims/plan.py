"""The whole of a training run laid out beforehand: which windows each step sees, and what is blotted out in them.

A step depends on the seed and its number alone, so that a run taken up again goes on as if it had never stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import Dataset

from models import vocabulary, words
from models.claims.data import Labelled
from models.claims.loss import IGNORED
from models.encoding import batch

Rows = NDArray[np.int64]
BUDGET = 4096
_POOL = 4096
_BLOT = 0.04
_SWAP = 0.03
_MORE = 4.0  # so much more of what is annotated: it is read often, and its surroundings must not be learned by heart


class Plan(Dataset):  # type: ignore[misc]  # not read by the type checker
    """Ready batches, one an item, in the order of training."""

    def __init__(
        self, data: Labelled, epochs: int, seed: int, budget: int = BUDGET, rows: Sequence[Rows] | None = None,
        annotated_from: int | None = None,
    ) -> None:  # fmt: skip
        """``rows``: the windows of each epoch, which may be there several times; by default all of them once.

        Windows from ``annotated_from`` on were annotated by a person, those before are replayed synthesis; None: there
        is no such difference.
        """
        self.annotated_from = annotated_from
        self.data, self.seed = data, seed
        every = np.arange(len(data.encoded.windows))
        chosen = [every] * epochs if rows is None else rows
        per_epoch = [_steps(data, part, budget, np.random.default_rng((seed, i))) for i, part in enumerate(chosen)]
        self.epoch_ends = np.cumsum([len(steps) for steps in per_epoch]).tolist()
        self.steps = [rows for steps in per_epoch for rows in steps]

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, step: int) -> dict[str, torch.Tensor]:
        """The network's inputs, ``labels``, and the claims of the step (see ``claims_loss``); ``annotated`` (batch)
        where there is such a difference."""
        data, rows = self.data, self.steps[step]
        part = batch(data.encoded, rows)
        inputs = part.inputs()
        more = 1.0 if self.annotated_from is None else np.where(rows >= self.annotated_from, _MORE, 1.0)[:, None]
        inputs["input_ids"] = blot(part.input_ids, part.word_ids, np.random.default_rng((self.seed, step, 1)), more)
        spans = np.where(part.core, data.targets[part.positions].astype(np.int64), IGNORED)
        claims = np.where(part.core, data.claim_ids[part.positions], -1)
        present, index = np.unique(claims[claims >= 0], return_inverse=True)
        numbered = np.full(claims.shape, -1, dtype=np.int64)
        numbered[claims >= 0] = index
        arrays: dict[str, NDArray[Any]] = {
            **inputs,
            "labels": spans,
            "claim_ids": numbered,
            "attributes": data.attributes[present].astype(np.float32),
        }
        if self.annotated_from is not None:
            arrays["annotated"] = rows >= self.annotated_from
        return {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in arrays.items()}


def blot(
    chars: NDArray[np.int64], word_ids: NDArray[np.int64], rng: np.random.Generator, more: float | Any = 1.0
) -> NDArray[np.int64]:
    """Characters with some hanzi made unknown and some words made of other hanzi: names of places and brands, rare
    signs and scraping debris are read past only if training has met what it never knew. ``more``: so many times as
    much, a number or one for each row (rows, 1)."""
    hanzi = chars >= vocabulary.first_hanzi()
    number = np.cumsum((word_ids == words.BEGIN) | (word_ids == words.SINGLE), axis=1)
    chosen = rng.random((len(chars), int(number.max(initial=0)) + 1)) < _SWAP * more
    swap = hanzi & np.take_along_axis(chosen, number, axis=1)
    others = rng.integers(vocabulary.first_hanzi(), vocabulary.size(), chars.shape)
    unknown = hanzi & (rng.random(chars.shape) < _BLOT * more)
    return np.where(unknown, vocabulary.UNKNOWN, np.where(swap, others, chars))


def _steps(data: Labelled, rows: Rows, budget: int, rng: np.random.Generator) -> list[Rows]:
    """One epoch: windows shuffled, put together with others of like length, and the groups shuffled again."""
    lengths = data.encoded.lengths()
    order = rng.permutation(rows)
    out: list[Rows] = []
    for pool in np.split(order, range(_POOL, len(order), _POOL)):
        ordered = pool[np.argsort(-lengths[pool], kind="stable")]
        at = 0
        while at < len(ordered):
            count = max(1, budget // int(lengths[ordered[at]]))
            out.append(ordered[at : at + count])
            at += count
    return [out[i] for i in rng.permutation(len(out))]
