"""The numbers of the statistics table of reports before 2019: which column each stands in, and glued columns parted.

Where two columns are glued (``8560``: 8 this year, 560 in all years) every split is weighed: no number begins with a
zero, all years hold at least this year's, the parts of a list add up to their total. A split is taken where it is the
only one left, or the only one of a common size; otherwise the value stays unread.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractor.tables.indicators import Row, Token

USUAL_GROWTH = 100  # a dozen years' total is seldom more than this many times one year's number
MAX_STEPS = 4000
_NUMBER = re.compile(r"(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*)(?:\.\d+)?")
_YEAR = re.compile(r"20\d\d")

Pair = tuple[int, float, float]  # where the first number ends, the first number, the second


@dataclass(frozen=True, slots=True)
class Columns:
    """``count`` columns of numbers; ``value`` and ``cumulative`` are the places of the two that are read."""

    count: int
    value: int = 0
    cumulative: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A row's numbers; ``start``..``end`` is the place of the value. ``open``: printed, but of no sure column."""

    row: Row
    start: int
    end: int
    value: float | None = None
    cumulative: float | None = None
    open: bool = False


def read_values(rows: Sequence[Row], year: int | None) -> list[Reading]:
    """One reading for each row; the first row may carry the heads of the columns."""
    head = rows[0].head
    tokens = [list(r.tokens) for r in rows]
    if (head and head.has_code) or _count_rows([t[0] for t in tokens if len(t) > 1], len(rows)):
        tokens = _without_codes(tokens)
    elif (head and head.has_index) or _count_rows([t[-1] for t in tokens[:-1] if len(t) > 1], len(rows) - 1):
        tokens = _without_indices(rows, tokens)
    columns = _columns(head.values if head else (), tokens, year)
    if columns.count == 2 and _is_glued(tokens):
        return _parted(rows, tokens, columns)
    usual = _usual_gap(tokens, columns)
    return [_direct(row, own, columns, usual) for row, own in zip(rows, tokens, strict=True)]


def number(text: str) -> float | None:
    """The number as printed, None for a dash, 无, or digits that are no number (``00``)."""
    return float(text.replace(",", "")) if _NUMBER.fullmatch(text) else None


def _count_rows(tokens: Sequence[Token], rows: int) -> bool:
    """Do these tokens, one of each row, count the rows: 1, 2, 3 …?"""
    numbers = [int(t.text) for t in tokens if t.text.isdigit()]
    return len(numbers) == rows >= 5 and all(b - a == 1 for a, b in pairwise(numbers))


def _without_indices(rows: Sequence[Row], tokens: list[list[Token]]) -> list[list[Token]]:
    """A column of indices before the names: the next row's index ends this row's numbers."""
    out = []
    for i, own in enumerate(tokens):
        is_last = i == len(rows) - 1
        out.append(own[:-1] if own and not is_last and own[-1].apart and not rows[i + 1].leading[:1].isdigit() else own)
    return out


def _without_codes(tokens: list[list[Token]]) -> list[list[Token]]:
    """A column of codes before the numbers, on its own or glued: ``01`` in ``01120``."""
    out: list[list[Token]] = []
    code = 0
    for own in tokens:
        code += 1
        if not own or not own[0].text.isdigit():
            out.append(own)
            continue
        first, printed = own[0], f"{code:02d}"
        if len(own) > 1 or first.text == printed or (first.apart and first.text == str(code)):
            code = int(first.text)
            out.append(own[1:])
        elif first.text.startswith(printed) and not first.apart:
            out.append([Token(first.text[2:], first.start + 2, "")])
        else:
            out.append(own)
    return out


def _columns(heads: tuple[str, ...], tokens: Sequence[Sequence[Token]], year: int | None) -> Columns:
    counts = Counter(len(t) for t in tokens if t)
    usual = min(counts, key=lambda n: (-counts[n], n), default=1)
    doubled = any(_is_doubled(t[0]) for t in tokens if len(t) == 1)
    if len(heads) < 2:
        return Columns(2, 0, 1) if doubled or (usual == 2 and not heads) else Columns(max(1, len(heads)))
    cumulative = next((i for i, h in enumerate(heads) if "累计" in h), None)
    own = next((i for i, h in enumerate(heads) if year and str(year) in h), None)
    plain = next((i for i, h in enumerate(heads) if i != cumulative), 0)
    return Columns(len(heads), plain if own is None else own, cumulative if cumulative != own else None)


def _is_doubled(token: Token) -> bool:
    return token.text.isdigit() and number(token.text) is None


def _is_glued(tokens: Sequence[Sequence[Token]]) -> bool:
    """Two columns whose numbers stand together: zeros double, or nothing at all parts the cells of a row."""
    single = [t[0] for t in tokens if len(t) == 1 and t[0].is_number]
    if len(single) * 2 <= sum(1 for t in tokens if t):
        return False
    return any(_is_doubled(t) for t in single) or not any(t.apart for t in single)


def _usual_gap(tokens: Sequence[Sequence[Token]], columns: Columns) -> str | None:
    """What stands between the unit and the first number where a row has all its numbers; None where no row has."""
    gaps = Counter(t[0].gap for t in tokens if len(t) >= columns.count)
    return min(gaps, key=lambda g: (-gaps[g], g), default=None)


def _placed(tokens: Sequence[Token], columns: Columns, usual: str | None) -> Sequence[Token | None] | None:
    """The tokens by column, where some of a row are missing: a wider gap than usual is an empty cell.

    A lone number behind the usual gap is the first column's only where tabs or pipes keep empty cells apart;
    elsewhere it could be any column's: None.
    """
    if usual is None or not tokens or len(tokens) >= columns.count:
        return tokens
    if len(tokens[0].gap) > len(usual):
        return (None, *tokens)
    return tokens if "|" in usual or "\t" in usual else None


def _direct(row: Row, own: Sequence[Token], columns: Columns, usual: str | None = None) -> Reading:
    """Numbers that stand in cells of their own."""
    tokens = _placed(own, columns, usual)
    if tokens is None:
        return Reading(row, own[0].start, own[-1].start + len(own[-1].text), open=True)
    token = tokens[columns.value] if columns.value < len(tokens) else None
    more = columns.cumulative
    other = tokens[more] if more is not None and more < len(tokens) else None
    total = number(other.text) if other else None
    if token is None:
        return Reading(row, row.unit_end, row.unit_end, None, total)
    value = number(token.text)
    return Reading(row, token.start, token.start + len(token.text), value, total, token.is_number and value is None)


def _parted(rows: Sequence[Row], tokens: Sequence[Sequence[Token]], columns: Columns) -> list[Reading]:
    """Numbers of two columns glued: each list of parts is weighed with its total, the rest row by row."""
    splits = [_splits(t[0].text, columns.cumulative) if t else [] for t in tokens]
    for total, parts in _lists(rows):
        _add_up(splits, total, parts)
    out: list[Reading] = []
    for row, own, options in zip(rows, tokens, splits, strict=True):
        if not own or not own[0].is_number:
            out.append(_direct(row, own[:1], Columns(1)))
            continue
        token = own[0]
        usual = [s for s in options if columns.cumulative is not None and max(s[1:]) <= USUAL_GROWTH * min(s[1:])]
        chosen = options[0] if len(options) == 1 else usual[0] if len(usual) == 1 else None
        end = token.start + len(token.text)
        if chosen is None:
            out.append(Reading(row, token.start, end, open=True))
            continue
        cut = token.start + chosen[0]
        place = (token.start, cut) if columns.value == 0 else (cut, end)
        pair = (chosen[1], chosen[2]) if columns.value == 0 else (chosen[2], chosen[1])
        out.append(Reading(row, *place, pair[0], pair[1] if columns.cumulative is not None else None))
    return out


def _splits(digits: str, cumulative: int | None) -> list[Pair]:
    """Every way to part the digits into two numbers; the cumulative one is not the smaller."""
    out: list[Pair] = []
    for i in range(1, len(digits)):
        first, second = number(digits[:i]), number(digits[i:])
        if first is None or second is None:
            continue
        if cumulative is None or (second >= first if cumulative == 1 else first >= second):
            out.append((i, first, second))
    return out


def _lists(rows: Sequence[Row]) -> list[tuple[int, list[int]]]:
    """Rows numbered 1, 2, 3 … and the row before them, which is their total."""
    out: list[tuple[int, list[int]]] = []
    for i, row in enumerate(rows):
        if row.ordinal == 1 and i:
            out.append((i - 1, [i]))
        elif row.ordinal > 1 and out and out[-1][1][-1] == i - 1 and rows[i - 1].ordinal == row.ordinal - 1:
            out[-1][1].append(i)
    return [(total, parts) for total, parts in out if len(parts) > 1]


def _add_up(splits: list[list[Pair]], total: int, parts: Sequence[int]) -> None:
    """Keeps of each row in a list the splits with which the list adds up in both columns, where there are any."""
    if not splits[total] or any(not splits[p] for p in parts):
        return
    kept: dict[int, set[Pair]] = {i: set() for i in (total, *parts)}
    steps = 0

    def search(depth: int, first: float, second: float, chosen: tuple[Pair, ...], whole: Pair) -> None:
        nonlocal steps
        steps += 1
        if first < 0 or second < 0 or steps > MAX_STEPS:
            return
        if depth == len(parts):
            if first == second == 0:
                kept[total].add(whole)
                for part, pair in zip(parts, chosen, strict=True):
                    kept[part].add(pair)
            return
        for pair in splits[parts[depth]]:
            search(depth + 1, first - pair[1], second - pair[2], (*chosen, pair), whole)

    for whole in splits[total]:
        search(0, whole[1], whole[2], (), whole)
    if steps <= MAX_STEPS and kept[total]:
        for i, pairs in kept.items():
            splits[i] = sorted(pairs)
