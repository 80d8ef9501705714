"""Chooses between readings of rows by the sums of the columns. It never changes a reading, it only picks one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractor.tables.fit import Reading

MAX_TRIES = 1500


@dataclass(frozen=True, slots=True)
class Choice:
    """The reading picked for a row, and the others that the sums leave just as possible."""

    reading: Reading
    others: tuple[Reading, ...] = ()
    held: bool = False


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
    out: dict[str, Choice] = {}
    for row, options in rows.items():
        best = options[picked[row]]
        ties = [o for o in options if o is not best and o.cost <= best.cost + 0.01]
        ties = [o for o in ties if _wrong(rows, {**picked, row: options.index(o)}, sums, columns) <= wrong]
        out[row] = Choice(best, tuple(ties), bool(sums) and wrong == 0)
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
    sums: Sequence[tuple[tuple[str, ...], tuple[str, ...]]],
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
    sums: Sequence[tuple[tuple[str, ...], tuple[str, ...]]],
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
