"""Calibration: from a raw score to the chance of being right, as a monotone curve of a few knots.

A curve is fitted by isotonic regression (pool adjacent violators; Zadrozny and Elkan 2002, "Transforming Classifier
Scores into Accurate Multiclass Probability Estimates") over bins that hold enough items each, and read linearly between
its knots. What it is worth is the expected calibration error of Guo et al. 2017, "On Calibration of Modern Neural
Networks": 15 bins of equal width, mean |confidence - accuracy| weighted by how many items a bin has.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

BINS = 15
LOWEST, HIGHEST = 0.001, 0.999  # nothing is certain
ENOUGH = 50  # items that a curve needs
_ENOUGH = 30  # items that a bin needs: with those of the prior about as many
_SHARE = 200  # and at least one of so many parts of all
_PRIOR = 10.0  # items' worth of the raw score itself, mixed into each bin: few items do not overrule it
_DIGITS = 5
_TOLERANCE = 0.002  # a knot that a straight line passes this close is left out


@dataclass(frozen=True, slots=True)
class Curve:
    """Knots (raw score, chance of being right), both rising; flat before the first and behind the last."""

    knots: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        """Raises ValueError for knots that do not rise, or leave [0, 1]."""
        if not self.knots:
            raise ValueError("a curve needs a knot")
        if any(b[0] <= a[0] or b[1] < a[1] for a, b in pairwise(self.knots)):
            raise ValueError(f"knots must rise: {self.knots}")
        if not all(0 <= y <= 1 for _, y in self.knots):
            raise ValueError(f"chances lie between 0 and 1: {self.knots}")

    def __call__(self, raw: float) -> float:
        """The chance of being right at this raw score."""
        at = bisect_right(self.knots, raw, key=lambda k: k[0])
        if at == 0:
            return self.knots[0][1]
        if at == len(self.knots):
            return self.knots[-1][1]
        (x0, y0), (x1, y1) = self.knots[at - 1], self.knots[at]
        return y0 + (y1 - y0) * (raw - x0) / (x1 - x0)


@dataclass(slots=True)
class _Pool:
    """Items of neighbouring scores: how many, the sum of their scores, how many are right."""

    n: float
    raw: float
    right: float

    @property
    def share(self) -> float:
        return self.right / self.n

    def add(self, other: _Pool) -> None:
        self.n, self.raw, self.right = self.n + other.n, self.raw + other.raw, self.right + other.right


def fit(items: Iterable[tuple[float, bool]]) -> Curve:
    """The curve of raw scores and whether each was right. Raises ValueError where there are none."""
    ordered = sorted(items)
    if not ordered:
        raise ValueError("no curve can be fitted to nothing")
    pools = _isotonic([_shrunk(p) for p in _pooled(ordered)])
    knots: dict[float, float] = {}
    for pool in pools:
        knots[round(pool.raw / pool.n, _DIGITS)] = min(max(round(pool.share, _DIGITS), LOWEST), HIGHEST)
    return Curve(tuple(_thinned(list(knots.items()))))


def _pooled(ordered: Sequence[tuple[float, bool]]) -> list[_Pool]:
    """Bins of equal scores, joined until each holds enough; what is left over joins the last."""
    enough = max(_ENOUGH, len(ordered) // _SHARE)
    pools: list[_Pool] = []
    last = None
    for raw, right in ordered:
        if pools and (pools[-1].n < enough or raw == last):
            pools[-1].add(_Pool(1, raw, right))
        else:
            pools.append(_Pool(1, raw, right))
        last = raw
    if len(pools) > 1 and pools[-1].n < enough:
        left_over = pools.pop()
        pools[-1].add(left_over)
    return pools


def _shrunk(pool: _Pool) -> _Pool:
    """The bin with a few items more, of which as many are right as their score says."""
    more = _PRIOR / pool.n
    return _Pool(pool.n + _PRIOR, pool.raw * (1 + more), pool.right + more * pool.raw)


def _isotonic(pools: Iterable[_Pool]) -> list[_Pool]:
    """Pool adjacent violators: neighbours whose shares fall are made one."""
    out: list[_Pool] = []
    for pool in pools:
        out.append(pool)
        while len(out) > 1 and out[-2].share >= out[-1].share:
            last = out.pop()
            out[-1].add(last)
    return out


def _thinned(knots: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Without the knots that the line between their neighbours passes closely (Ramer, Douglas and Peucker)."""
    if len(knots) < 3:
        return list(knots)
    line = Curve((knots[0], knots[-1]))
    far = max(range(1, len(knots) - 1), key=lambda i: abs(line(knots[i][0]) - knots[i][1]))
    if abs(line(knots[far][0]) - knots[far][1]) <= _TOLERANCE:
        return [knots[0], knots[-1]]
    return _thinned(knots[: far + 1])[:-1] + _thinned(knots[far:])


@dataclass(frozen=True, slots=True)
class Bin:
    """A row of a reliability table: ``mean`` confidence and ``accuracy`` of the ``n`` items from ``low`` on."""

    low: float
    mean: float
    accuracy: float
    n: int


def reliability(items: Iterable[tuple[float, bool]], bins: int = BINS) -> list[Bin]:
    """The reliability table of confidences: bins of equal width, without the empty ones."""
    kept: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in items:
        kept.setdefault(bin_of(confidence, bins), []).append((confidence, right))
    return [
        Bin(i / bins, sum(c for c, _ in b) / len(b), sum(r for _, r in b) / len(b), len(b))
        for i, b in sorted(kept.items())
    ]


def bin_of(confidence: float, bins: int = BINS) -> int:
    """The number of the bin that a confidence falls into."""
    return min(int(confidence * bins), bins - 1)


def error(table: Sequence[Bin]) -> float:
    """Expected calibration error of a reliability table; 0 for an empty one."""
    n = sum(b.n for b in table)
    return sum(b.n * abs(b.mean - b.accuracy) for b in table) / n if n else 0.0
