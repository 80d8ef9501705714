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
        _improve(rows, picked, loose, sums, columns)
    wrong = _wrong(rows, picked, sums, columns)
    equals = {r: [o for o in c if o is c[picked[r]] or o.cost <= c[picked[r]].cost + 0.01] for r, c in rows.items()}
    left = possible({r: [o.values for o in c] for r, c in equals.items()}, sums, columns) if loose else {}
    out: dict[str, Choice] = {}
    for row, options in rows.items():
        best = options[picked[row]]
        fair = [equals[row][i] for i in left.get(row, ())]
        if fair and best not in fair:
            best = fair[0]
        out[row] = Choice(best, tuple(o for o in fair if o is not best), bool(sums) and wrong == 0)
    return _together(out, sums, columns)


def _together(choices: dict[str, Choice], sums: Sums, columns: int) -> dict[str, Choice]:
    """Where few combinations of the readings are left, only those that leave fewest columns wrong."""
    rows = {r: [c.reading, *c.others] for r, c in choices.items()}
    loose = [r for r, options in rows.items() if len(options) > 1]
    if not sums or not loose or prod(len(rows[r]) for r in loose) > MAX_TOGETHER:
        return choices
    fixed = dict.fromkeys(rows, 0)
    ways = [dict(zip(loose, pick, strict=True)) for pick in product(*(range(len(rows[r])) for r in loose))]
    wrong = [_wrong(rows, {**fixed, **way}, sums, columns) for way in ways]
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


def _wrong(
    rows: Mapping[str, Sequence[Reading]],
    picked: Mapping[str, int],
    sums: Sums,
    columns: int,
) -> int:
    """How many column sums fail. A column that prints nothing on one side of a sum says nothing."""
    values = {r: rows[r][i].values for r, i in picked.items()}
    wrong = 0
    for left, right in sums:
        for c in range(columns):
            sides = [[values[r][c] for r in side] for side in (left, right)]
            if any(all(v is None for v in side) for side in sides) and not any(v for side in sides for v in side):
                continue
            one, other = (sum(v or 0.0 for v in side) for side in sides)
            wrong += abs(one - other) > 1e-6
    return wrong


def _improve(
    rows: Mapping[str, Sequence[Reading]],
    picked: dict[str, int],
    loose: Sequence[str],
    sums: Sums,
    columns: int,
) -> None:
    """Change one row, or two at once, as long as that makes more columns add up (in a bounded number of tries)."""
    tries = MAX_TRIES

    def value(pick: Mapping[str, int]) -> tuple[int, float]:
        cost = sum(rows[r][pick[r]].cost for r in loose)
        return _wrong(rows, pick, sums, columns), cost

    best = value(picked)
    better = True
    while better and best[0] and tries > 0:
        better = False
        for changed in _changes(rows, loose):
            tries -= 1
            if tries <= 0:
                break
            trial = {**picked, **changed}
            found = value(trial)
            if found < best:
                best, better = found, True
                picked.update(changed)
                break


def _changes(rows: Mapping[str, Sequence[Reading]], loose: Sequence[str]) -> list[dict[str, int]]:
    ones = [{r: i} for r in loose for i in range(len(rows[r]))]
    short = [(r, i) for r in loose[:10] for i in range(min(5, len(rows[r])))]
    twos = [{a: i, b: j} for n, (a, i) in enumerate(short) for b, j in short[n + 1 :] if a != b]
    return ones + twos
