"""Which cells a flattened row leaves open: dropped blanks and glued digits that arithmetic cannot decide.

A cell is doubtful where more than one reading of its row is left once the row's sum is known. Sums of columns are
not used: a cell called sure here is sure from its row alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from models.synthesis.tables.sheet import Row, Sheet, Slot


def split_count(digits: str, sizes: Sequence[int], limit: int = 2) -> int:
    """In how many ways (counted up to ``limit``) glued digits are rows that balance.

    ``sizes`` are the lengths of the groups: the last number of a group is the sum of those before it. Numbers have
    no leading zeros. ``("120000012", [7])`` → 1 (12 0 0 0 0 0 12).
    """
    digits = "".join(str(int(d)) for d in digits)
    end = len(digits)

    @cache
    def parts(at: int, stop: int, left: int, rest: int) -> int:
        """Ways in which ``left`` numbers that sum to ``rest`` fill the digits from ``at`` to ``stop``."""
        if left == 0:
            return int(at == stop and rest == 0)
        if stop - at > left * len(str(rest)) or 10 ** (stop - at - left + 1) * left <= rest:
            return 0  # more digits than parts of this sum can have, or too few to reach it
        count = 0
        for to in range(at + 1, stop - left + 2):
            value = int(digits[at:to])
            if value > rest or (to > at + 1 and digits[at] == "0"):
                break
            count += parts(to, stop, left - 1, rest - value)
            if count >= limit:
                return limit
        return count

    def group(start: int, to: int, size: int) -> int:
        """Ways in which the digits from ``start`` to ``to`` are one balanced group."""
        count = 0
        for stop in range(start + size - 1, to):
            if digits[stop] == "0" and to > stop + 1:
                continue
            count += parts(start, stop, size - 1, int(digits[stop:to]))
        return min(count, limit)

    ways = {0: 1}
    for i, size in enumerate(sizes):
        rest = sum(sizes[i + 1 :])
        following: dict[int, int] = {}
        for start, count in ways.items():
            for to in range(start + size, end - rest + 1) if rest else (end,):
                found = count * group(start, to, size)
                if found:
                    following[to] = min(limit, following.get(to, 0) + found)
        ways = following
    return ways.get(end, 0)


def doubtful_when_glued(sheet: Sheet) -> set[str]:
    """Cells of rows whose glued text has more than one reading, or a balanced reading that is not the true one."""
    out: set[str] = set()
    for row in sheet.data:
        values = row.values
        if not _sure_when_glued(sheet, values):
            out |= _ids(values)
    return out


def _sure_when_glued(sheet: Sheet, values: list[Slot]) -> bool:
    texts = [v.text for v in values]
    if len(texts) == 1 or not any(texts):
        return True
    if not all(texts):
        return False
    if all(len(t) == 1 for t in texts):
        return True
    if not all(t.isdecimal() for t in texts):
        return False
    sizes = _sizes(sheet, values)
    if sizes is None or not all(_balances(texts[a:b]) for a, b in _bounds(sizes)):
        return False
    return split_count("".join(texts), sizes) == 1


def doubtful_when_dropped(sheet: Sheet) -> set[str]:
    """Cells of rows that lost their blanks: the last number is the total, the others could stand in many columns."""
    out: set[str] = set()
    for row in sheet.data:
        values = row.values
        left = [v for v in values if v.text]
        if len(left) in (0, len(values)):
            continue
        ids = _ids(values)
        if sheet.table == "t3" and left[-1] is values[-1] and (len(left) == 1 or _balances([v.text for v in left])):
            ids -= {values[-1].cell or ""}
        out |= ids
    return out | _unlabelled(sheet)


def _unlabelled(sheet: Sheet) -> set[str]:
    """Rows without labels are told apart by counting numbers, which missing ones defeat."""
    bare = [r for r in sheet.data if not r.labels]
    groups = {r.group for r in bare if not all(v.text for v in r.values)}
    rows: list[Row] = [r for r in sheet.data if r.group in groups] if sheet.table == "t3" else []
    return {c for r in rows for c in _ids(r.values)}


def _ids(values: list[Slot]) -> set[str]:
    return {v.cell for v in values if v.cell is not None}


def _sizes(sheet: Sheet, values: list[Slot]) -> tuple[int, ...] | None:
    """The groups of a row that balance; None for rows of table 2, which have no sum."""
    if sheet.table == "t2":
        return None
    return (5, 5, 5) if sheet.table == "t4" else (len(values),)


def _bounds(sizes: Sequence[int]) -> list[tuple[int, int]]:
    return [(sum(sizes[:i]), sum(sizes[: i + 1])) for i in range(len(sizes))]


def _balances(texts: list[str]) -> bool:
    if not all(t.isdecimal() for t in texts):
        return False
    numbers = [int(t) for t in texts]
    return sum(numbers[:-1]) == numbers[-1]
