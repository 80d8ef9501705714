"""Chooses between readings of rows by the sums of the columns. It never changes a reading, it only picks one.

First a reading for each row is sought that makes most columns add up. Then every other reading that is as likely by
itself and that the columns allow as well is listed beside it: what they do not agree on stays open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from extractor.tables.fit import Reading
from extractor.tables.joint import Sums, possible

MAX_TRIES = 1500
MAX_TOGETHER = 120


@dataclass(frozen=True, slots=True)
class Choice:
    """The reading picked for a row, and the others that the sums leave just as possible."""

    reading: Reading
    others: tuple[Reading, ...] = ()
    held: bool = False

    @property
    def values(self) -> list[tuple[float | None, ...]]:
        """The values of every reading that is left, the picked one first."""
        return [r.values for r in (self.reading, *self.others)]


def choose(readings: Mapping[str, Sequence[Reading]], columns: int) -> dict[str, Choice]:
    """One choice a row: the cheapest reading, unless another makes more of the columns add up.

    Rows without a reading are left out, and so are the sums they are part of.
    """
    rows = {r: list(c) for r, c in readings.items() if c}
    picked = dict.fromkeys(rows, 0)
    loose = [r for r, c in rows.items() if len(c) > 1]
    sums = _sums(rows)
    if loose and sums:
        balance = _Balance(rows, picked, sums)
        _improve(rows, balance, loose)
        picked = balance.picked
    wrong = _Balance(rows, picked, sums).with_({})[0]
    equals = {r: [o for o in c if o is c[picked[r]] or o.cost <= c[picked[r]].cost + 0.01] for r, c in rows.items()}
    left = possible({r: [o.values for o in c] for r, c in equals.items()}, sums, columns) if loose else {}
    out: dict[str, Choice] = {}
    for row, options in rows.items():
        best = options[picked[row]]
        fair = [equals[row][i] for i in left.get(row, ())]
        if fair and best not in fair:
            best = fair[0]
        out[row] = Choice(best, tuple(o for o in fair if o is not best), bool(sums) and wrong == 0)
    return _together(out, sums)


def _together(choices: dict[str, Choice], sums: Sums) -> dict[str, Choice]:
    """Where few combinations of the readings are left, only those that leave fewest columns wrong."""
    rows = {r: [c.reading, *c.others] for r, c in choices.items()}
    loose = [r for r, options in rows.items() if len(options) > 1]
    if not sums or not loose or prod(len(rows[r]) for r in loose) > MAX_TOGETHER:
        return choices
    ways = [dict(zip(loose, pick, strict=True)) for pick in product(*(range(len(rows[r])) for r in loose))]
    balance = _Balance(rows, dict.fromkeys(rows, 0), sums)
    wrong = [balance.with_(way)[0] for way in ways]
    best = [way for way, n in zip(ways, wrong, strict=True) if n == min(wrong)]
    out = dict(choices)
    for row in loose:
        fair = [rows[row][i] for i in sorted({way[row] for way in best})]
        out[row] = Choice(fair[0], tuple(fair[1:]), min(wrong) == 0)
    return out


def _sums(rows: Mapping[str, Sequence[Reading]]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The column sums that can be looked at: rows on the left add up to rows on the right."""
    results = tuple(r for r in rows if r in ("granted", "partial", "other") or "." in r)
    out: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    if "result_total" in rows and len(results) >= 18:
        out.append((results, ("result_total",)))
    if all(r in rows for r in ("new", "carried_in", "result_total", "carried_out")):
        out.append((("new", "carried_in"), ("result_total", "carried_out")))
    return out


class _Balance:
    """What the column sums lack under a pick of readings; a change of a row or two costs only these rows."""

    def __init__(self, rows: Mapping[str, Sequence[Reading]], picked: Mapping[str, int], sums: Sums) -> None:
        self.values = {r: [[v or 0.0 for v in o.values] for o in options] for r, options in rows.items()}
        self.costs = {r: [o.cost for o in options] for r, options in rows.items()}
        self.signs = {
            r: [(i, side) for i, (left, right) in enumerate(sums) for side in (1, -1)
                if r in (left if side > 0 else right)]
            for r in rows
        }  # fmt: skip
        self.picked = dict(picked)
        self.columns = len(next(iter(self.values.values()))[0]) if rows else 0
        self.lack = [[0.0] * self.columns for _ in sums]
        for row, i in self.picked.items():
            self._add(self.lack, row, self.values[row][i], 1)

    def _add(self, lack: list[list[float]], row: str, values: Sequence[float], times: int) -> None:
        for i, side in self.signs[row]:
            sign = side * times
            lack[i] = [have + sign * v for have, v in zip(lack[i], values, strict=True)]

    def with_(self, changed: Mapping[str, int]) -> tuple[int, float]:
        """How many column sums fail with some rows read otherwise, and how much dearer these readings are."""
        lack = list(self.lack)
        dearer = 0.0
        for row, i in changed.items():
            now = self.picked[row]
            if i != now:
                self._add(lack, row, self.values[row][now], -1)
                self._add(lack, row, self.values[row][i], 1)
                dearer += self.costs[row][i] - self.costs[row][now]
        return sum(abs(v) > 1e-6 for column in lack for v in column), round(dearer, 9)

    def take(self, changed: Mapping[str, int]) -> None:
        """Read these rows so from now on."""
        for row, i in changed.items():
            self._add(self.lack, row, self.values[row][self.picked[row]], -1)
            self._add(self.lack, row, self.values[row][i], 1)
            self.picked[row] = i


def _improve(rows: Mapping[str, Sequence[Reading]], balance: _Balance, loose: Sequence[str]) -> None:
    """Change one row, or two at once, as long as that makes more columns add up (in a bounded number of tries)."""
    tries = MAX_TRIES
    best = balance.with_({})
    better = True
    while better and best[0] and tries > 0:
        better = False
        for changed in _changes(rows, loose):
            tries -= 1
            if tries <= 0:
                break
            found = balance.with_(changed)
            if found < best:
                balance.take(changed)
                best, better = (found[0], 0.0), True
                break


def _changes(rows: Mapping[str, Sequence[Reading]], loose: Sequence[str]) -> list[dict[str, int]]:
    ones = [{r: i} for r in loose for i in range(len(rows[r]))]
    short = [(r, i) for r in loose[:10] for i in range(min(5, len(rows[r])))]
    twos = [{a: i, b: j} for n, (a, i) in enumerate(short) for b, j in short[n + 1 :] if a != b]
    return ones + twos
