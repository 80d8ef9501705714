"""How good predicted block types are: per label, in all, and whether scores mean what they say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.layout.data import UNKNOWN
from models.layout.labels import BLOCK_TYPES

_BINS = 15


def score(labels: Sequence[NDArray[np.int64]], chances: Sequence[NDArray[np.float32]]) -> dict[str, Any]:
    """Scores over documents: accuracy, macro-F1, share of documents without a miss, calibration error, each label.

    ``labels`` [n] with UNKNOWN where nothing is known, ``chances`` [n, types], one array each a document.
    """
    exact = [bool(((c.argmax(1) == g) | (g == UNKNOWN)).all()) for g, c in zip(labels, chances, strict=True)]
    gold, chance = np.concatenate(labels), np.concatenate(chances)
    gold, chance = gold[gold != UNKNOWN], chance[gold != UNKNOWN]
    found = chance.argmax(1)
    each = {name: _label(gold == i, found == i) for i, name in enumerate(BLOCK_TYPES)}
    present = [e["f1"] for e in each.values() if e["blocks"]]
    return {
        "accuracy": _rounded(float((gold == found).mean())),
        "macro_f1": _rounded(sum(present) / max(len(present), 1)),
        "documents_exact": _rounded(sum(exact) / max(len(exact), 1)),
        "calibration_error": _rounded(_calibration(gold == found, chance.max(1))),
        "documents": len(exact),
        "blocks": len(gold),
        "labels": each,
        "confusions": _confusions(gold, found),
    }


def _label(gold: NDArray[np.bool_], found: NDArray[np.bool_]) -> dict[str, float]:
    right = int((gold & found).sum())
    precision, recall = right / max(int(found.sum()), 1), right / max(int(gold.sum()), 1)
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return {"precision": _rounded(precision), "recall": _rounded(recall), "f1": _rounded(f1), "blocks": int(gold.sum())}


def _calibration(right: NDArray[np.bool_], scores: NDArray[np.float32]) -> float:
    """Expected calibration error: how far mean score and share of right answers are apart, over equal score ranges."""
    bins = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    gaps = [abs(float(right[bins == b].mean() - scores[bins == b].mean())) * int((bins == b).sum()) for b in set(bins)]
    return sum(gaps) / max(len(right), 1)


def _confusions(gold: NDArray[np.int64], found: NDArray[np.int64], most: int = 12) -> list[list[Any]]:
    """The most frequent mistakes: [gold type, found type, how often]."""
    pairs, counts = np.unique(np.stack([gold, found])[:, gold != found], axis=1, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:most]
    return [[BLOCK_TYPES[pairs[0, i]], BLOCK_TYPES[pairs[1, i]], int(counts[i])] for i in order]


def _rounded(value: float) -> float:
    return round(value, 5)
