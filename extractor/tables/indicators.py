"""Finds the statistics table of reports before 2019: rows of a name, a unit and one or more numbers, however flattened.

A row shows itself by its unit: a unit word with a name before it and a number behind it (``收到申请数|件|12``); prose
prints them the other way round. Rows that follow each other closely, with names of the return among them, are a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractor.tables.indicator_names import HANZI, MAX_NAME, SEPARATOR, Head, head_in, name_in
from models.text import View

MIN_ROWS = 3
MAX_GAP = 130
_HINTS = ("指标", "计量单位", "统计表", "统计数", "申请数", "申请总数", "答复数", "复议数", "诉讼数", "公开数")
_PIECES = re.compile(r"[\s|]+|[^\s|]+")
_UNITS = "人次|万元|亿元|件次|场次|条次|篇次|件|条|次|元|人|个|篇|场|期|份|宗|户|名|项|家|起|则|册|部|天|%"
_UNIT = re.compile(rf"\(?(?P<unit>{_UNITS})\)?|(?<=[数量])(?=\|?\d)")
_COUNTED = re.compile(rf"\|?(?:{_UNITS})")
_VALUES = re.compile(r"[|\d,.\-—–―−/无]*")
_VALUE = re.compile(r"\|?(?:\d|[-—–―−/]|无)")
_ENDS_NAME = re.compile(r"[数量费形|]|\)")
_TOKEN = re.compile(r"\d[\d,.]*|[-—–―−/]+|无")


@dataclass(frozen=True, slots=True)
class Flat:
    """The normalised page with every run of white space and pipes as one ``|``; ``at[i]`` is a place of the view."""

    text: str
    at: tuple[int, ...]
    view: View

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the text as it was given. An empty range stays empty, behind the character before it."""
        if start >= end:
            place = self.view.offsets[self.at[start - 1]] + 1 if start else 0
            return place, place
        return self.view.offsets[self.at[start]], self.view.offsets[self.at[end - 1]] + 1

    def gap(self, place: int) -> str:
        """The separators before a place: its breaks, tabs and pipes, or one space for less; empty where glued."""
        if place == 0 or self.text[place - 1] != SEPARATOR:
            return ""
        printed = self.view.text[self.at[place - 1] : self.at[place]]
        return "".join(c for c in printed if c in "\n\t|") or " "


@dataclass(frozen=True, slots=True)
class Token:
    """A number, a dash or 无 behind a unit. ``gap``: the breaks, tabs and pipes between it and what is before it."""

    text: str
    start: int
    gap: str

    @property
    def is_number(self) -> bool:
        return self.text[:1].isdigit()

    @property
    def apart(self) -> bool:
        return bool(self.gap)


@dataclass(frozen=True, slots=True)
class Row:
    """A row as printed: the name from ``start``, the unit up to ``unit_end``, the values up to ``end``.

    ``ordinal`` is its number in a list of parts, 0 where it has none; ``leading`` the text between the last row's end
    and the unit, with any numbers of the row that stand before its name.
    """

    name: str
    known: bool
    unit: str
    start: int
    unit_end: int
    end: int
    ordinal: int
    leading: str
    tokens: tuple[Token, ...]
    head: Head | None


@dataclass(frozen=True, slots=True)
class _Values:
    """``following`` is the numeral of the next row's list, glued to the last value: ``12`` + ``2.`` → 122."""

    tokens: tuple[Token, ...]
    end: int
    following: int = 0


def may_have_indicators(simplified: str) -> bool:
    """Quick look: has the text any word of a statistics table?"""
    return any(hint in simplified for hint in _HINTS)


def flatten(view: View) -> Flat:
    """One line of the whole page. A single space between Chinese characters is no boundary (``指 标 名 称``)."""
    text = view.text
    out: list[str] = []
    at: list[int] = []
    for m in _PIECES.finditer(text):
        a, b = m.span()
        if not (text[a].isspace() or text[a] == SEPARATOR):
            out.append(m[0])
            at.extend(range(a, b))
        elif not (m[0] == " " and a > 0 and b < len(text) and HANZI.match(text[a - 1]) and HANZI.match(text[b])):
            out.append(SEPARATOR)
            at.append(a)
    return Flat("".join(out), tuple(at), view)


def find_rows(flat: Flat) -> list[Row]:
    """The rows of the statistics table in order; empty where there is none."""
    tables = [t for t in _runs(flat.text, _candidates(flat)) if _is_table(t)]
    return max(tables, key=len, default=[])


def _is_table(rows: list[Row]) -> bool:
    """Names of the return decide, fewer under the heads of its columns; a page without numbers is a template."""
    known = sum(r.known for r in rows)
    printed = sum(any(t.is_number for t in r.tokens) for r in rows)
    return printed >= MIN_ROWS and known >= (1 if rows[0].head else 2)


def _runs(text: str, rows: Iterator[Row]) -> list[list[Row]]:
    """Rows that follow each other without a sentence between them; a blank row needs a neighbour with values."""
    out: list[list[Row]] = []
    for row in rows:
        between = text[out[-1][-1].end : row.unit_end] if out else ""
        if out and len(between) <= MAX_GAP and "。" not in between:
            out[-1].append(row)
        else:
            out.append([row])
    return out


def _candidates(flat: Flat) -> Iterator[Row]:
    """Every place that could be a row."""
    text = flat.text
    done, ordinal, glued = 0, 0, 0
    for m in _UNIT.finditer(text):
        if m.start() < done or not (_ENDS_NAME.match(text, m.start() - 1) or _has_value(text, m)):
            continue
        row = _row(text, m, max(done, m.start() - MAX_GAP - MAX_NAME))
        if row is None:
            continue
        row = replace(row, ordinal=glued or row.ordinal)
        ordinal = row.ordinal or ordinal
        values = _values(flat, m.end(), ordinal)
        if not values.tokens and not row.known:
            continue
        if not row.unit and (not row.known or _COUNTED.match(text, values.end)):
            continue
        yield replace(row, tokens=values.tokens, end=values.end)
        done, glued = values.end, values.following


def _has_value(text: str, unit: re.Match[str]) -> bool:
    """A number behind the unit, and none before it: in ``12件`` the unit counts."""
    return not text[unit.start() - 1 : unit.start()].isdigit() and _VALUE.match(text, unit.end()) is not None


def _row(text: str, unit: re.Match[str], start: int) -> Row | None:
    """The label of a row: what stands between the last row, or the heads of the columns, and this unit."""
    head = head_in(text, start, unit.start())
    begin = head.end if head else start
    name = name_in(text, begin, unit.start())
    if name is None:
        return None
    leading = text[begin : unit.start()]
    return Row(
        name.text, name.known, unit["unit"] or "", name.start, unit.end(), unit.end(), name.ordinal, leading, (), head
    )


def _values(flat: Flat, start: int, ordinal: int) -> _Values:
    """What is printed behind a unit."""
    text = flat.text
    run = _VALUES.match(text, start)
    end = run.end() if run else start
    found = [Token(m[0].rstrip(",."), m.start(), flat.gap(m.start())) for m in _TOKEN.finditer(text, start, end)]
    if found and text[end : end + 1] in ("年", "月", "日"):
        found.pop()
    if not found:
        return _Values((), start)
    last = found[-1]
    stop = last.start + len(last.text)
    if not (last.is_number and text[stop : stop + 1] in (".", "、") and _opens_name(text, stop + 1)):
        return _Values(tuple(found), stop)
    numeral = _numeral(last.text, ordinal)
    rest = last.text[: -len(numeral)]
    kept = [*found[:-1], replace(last, text=rest)] if rest else found[:-1]
    return _Values(tuple(kept), stop + 1, int(numeral))


def _opens_name(text: str, at: int) -> bool:
    while at < len(text) and text[at] in '|"“‘(':
        at += 1
    return at < len(text) and HANZI.match(text[at]) is not None


def _numeral(digits: str, ordinal: int) -> str:
    """The list numeral at the end of digits: the next of the list, else the first of a new one, else the last digit."""
    return next((n for n in (str(ordinal + 1), "1") if digits.endswith(n)), digits[-1])
