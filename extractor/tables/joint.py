"""Which readings of rows can hold together: for each, whether some choice of the other rows makes its columns add up.

Each column is looked at on its own, with every sum that the other rows can reach as bits of a whole number, so that
the cost grows with rows and columns and never with the number of combinations. A sum that no choice makes hold in
every column is wrong in the report itself, or misread: it decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Sums = Sequence[tuple[tuple[str, ...], tuple[str, ...]]]
Values = Sequence[float | None]

MAX_COUNT = 60_000
_ROUNDS = 4


def possible(options: Mapping[str, Sequence[Values]], sums: Sums, columns: int) -> dict[str, list[int]]:
    """For each row the places of those ``options`` that the column ``sums`` (left rows = right rows) leave possible."""
    left = {row: list(range(len(found))) for row, found in options.items()}
    for _ in range(_ROUNDS):
        before = sum(map(len, left.values()))
        for one, other in sums:
            tried = dict(left)
            if all(_narrow(options, tried, one, other, column) for column in range(columns)):
                left = tried
        if sum(map(len, left.values())) == before:
            break
    return left


def _narrow(
    options: Mapping[str, Sequence[Values]],
    left: dict[str, list[int]],
    one: Sequence[str],
    other: Sequence[str],
    c: int,
) -> bool:
    """Leaves out what column ``c`` of a sum refutes; False where no choice makes it add up."""
    values = {r: {_count(options[r][i][c]) for i in left[r]} for r in (*one, *other)}
    if any(v < 0 or v > MAX_COUNT for found in values.values() for v in found):
        return True
    reach_one, reach_other = _reach(values, one), _reach(values, other)
    if not reach_one & reach_other:
        return False
    for side, opposite in ((one, reach_other), (other, reach_one)):
        for row in side:
            if len(values[row]) < 2:
                continue
            rest = _reach(values, [r for r in side if r != row])
            fair = {v for v in values[row] if (rest << v) & opposite}
            left[row] = [i for i in left[row] if _count(options[row][i][c]) in fair]
            values[row] = fair
    return True


def _reach(values: Mapping[str, set[int]], rows: Sequence[str]) -> int:
    """The sums that one value of each row can make, as bits."""
    bits = 1
    for row in rows:
        bits = _or(bits, values[row])
    return bits


def _or(bits: int, shifts: set[int]) -> int:
    out = 0
    for shift in shifts:
        out |= bits << shift
    return out


def _count(value: float | None) -> int:
    """A count as a whole number; -1 for what is none, so that its column is left alone."""
    if value is None:
        return 0
    return int(value) if value == int(value) else -1
