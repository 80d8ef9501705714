"""Is a difference more than chance? The paired bootstrap.

Both versions read the same reports. Reports are drawn again and again, with replacement, as many as there are; each
time the difference of the two versions' F1 is taken (Efron & Tibshirani 1993, *An Introduction to the Bootstrap*,
chapter 16; Koehn 2004, *Statistical Significance Tests for Machine Translation Evaluation*, for systems compared on one
test set). A report is drawn whole, for what stands in one report is not independent. Many labels are tested at once,
so chances are held to Holm's bound (Holm 1979, *A Simple Sequentially Rejective Multiple Test Procedure*): of all
verdicts of a comparison of equals, one in twenty comparisons has a wrong one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 10_000
_AT_ONCE = 500
_SEED = 20_040_725
LEVEL = 0.05
_RANGE = (2.5, 97.5)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of items, each array (units, labels): what there is, and what each version said and said rightly."""

    wanted: NDArray[np.int64]
    said: tuple[NDArray[np.int64], NDArray[np.int64]]
    right: tuple[NDArray[np.int64], NDArray[np.int64]]

    def f1(self, weights: Floats | None = None) -> tuple[Floats, Floats]:
        """F1 of each version by label: (labels,), or (draws, labels) with weights (draws, units). 1 for nothing."""
        w = np.ones((1, len(self.wanted))) if weights is None else weights
        wanted = w @ self.wanted
        old, new = (_f1(w @ r, wanted + w @ s) for r, s in zip(self.right, self.said, strict=True))
        return (old, new) if weights is not None else (old[0], new[0])


@dataclass(frozen=True, slots=True)
class Tested:
    """By label: F1 of both versions, the 95% range of the difference, and how likely chance alone fell or rose so far
    (``fell``, ``rose``: by Holm's bound)."""

    old: Floats
    new: Floats
    low: Floats
    high: Floats
    fell: Floats
    rose: Floats


def compare(counts: Counts, draws: int = DRAWS) -> Tested:
    """Compare by the bootstrap; the same counts give the same answer."""
    units = len(counts.wanted)
    rng = np.random.default_rng(_SEED)
    parts: list[Floats] = []
    for _ in range(0, draws, _AT_ONCE):
        weights = rng.multinomial(units, np.full(units, 1 / units), size=_AT_ONCE).astype(np.float64)
        old, new = counts.f1(weights)
        parts.append(new - old)
    differences = np.concatenate(parts)
    low, high = np.percentile(differences, _RANGE, axis=0)
    fell = (1 + (differences >= 0).sum(axis=0)) / (1 + len(differences))
    rose = (1 + (differences <= 0).sum(axis=0)) / (1 + len(differences))
    return Tested(*counts.f1(), low, high, holm(fell), holm(rose))


def holm(chances: Floats) -> Floats:
    """Holm's adjusted chances: comparing each with a level keeps the chance of any wrong verdict below it."""
    order = np.argsort(chances)
    steps = np.maximum.accumulate(chances[order] * np.arange(len(chances), 0, -1))
    out = np.empty_like(chances)
    out[order] = np.minimum(steps, 1.0)
    return out


def _f1(right: Floats, both: Floats) -> Floats:
    return np.where(both > 0, 2 * right / np.maximum(both, 1), 1.0)
