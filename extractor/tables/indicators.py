"""Finds the statistics table of reports before 2019: rows of a name, a unit and one or more numbers, however flattened.

A row shows itself by its unit: a unit word with a name before it and a number behind it (``收到申请数|件|12``). Prose
prints them the other way round. Rows that follow each other closely, with names of the return among them, are a table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from rapidfuzz.distance import Hamming

from models.form import indicators
from models.text import View

SEPARATOR = "|"
MIN_ROWS = 3
MAX_NAME = 40
MAX_GAP = 130
_ALIKE = 6  # a name of so many characters may have one of them damaged
_PIECES = re.compile(r"[\s|]+|[^\s|]+")
_HINTS = ("指标", "计量单位", "统计表", "统计数", "申请数", "答复数", "复议数", "公开数", "申请总数")
_UNIT = re.compile(
    r"\(?(?P<unit>人次|万元|亿元|件次|场次|条次|篇次|件|条|次|元|人|个|篇|场|期|份|宗|户|名|项|家|起|则|册|部|天|%)\)?"
)
_VALUES = re.compile(r"[|\d,.\-—–―−/无]*")
_TOKEN = re.compile(r"\d[\d,.]*|[-—–―−/]+|无")
_HEAD = re.compile(
    r"统计指标|统计项目|指标名称|项目名称|指标|项目|计量单位|单位|代码|序号|编号|"
    r"(?P<value>(?:20\d\d年度?)?(?:本期实际|本年累计|历年累计|累计数?|本年度?|上年度?|全年|总?合计|统计数[量据值]?|数量|数值|数据)"
    r"(?:统计数)?|20\d\d年度?)|备注|甲|乙|丙"
)
_ANCHOR = re.compile(r"序号|统计指标|指标名称|统计项目|指标|项目名称|项目")
_NUMBERING = re.compile(
    r"其中[:,]?|\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}、|\d{1,2}[.、](?!\d)|\(\d{1,2}\)|[①-⑳]"
)
_REMARK = re.compile(r"\([^()]{5,60}\)")
_STOPS = re.compile(r"[。;!?]|[-—–―−]{2,}|(?<=\|)[-—–―−/](?=\|)")
_HANZI = re.compile("[\u4e00-\u9fff]")
_DATE = "年月日"


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


@dataclass(frozen=True, slots=True)
class Token:
    """A number, dash or 无 behind a unit: ``text`` without commas or stops at its ends, its start, what is before it."""

    text: str
    start: int
    apart: bool
    skipped: bool = False

    @property
    def is_number(self) -> bool:
        return self.text[:1].isdigit()


@dataclass(frozen=True, slots=True)
class Row:
    """A row as printed. ``start``..``unit_at`` holds its label; ``ordinal`` is its number in a list of parts, 0 if none."""

    name: str
    known: bool
    unit: str
    start: int
    unit_end: int
    end: int
    ordinal: int
    tokens: tuple[Token, ...] = ()
    label: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Head:
    """The heads of the columns. ``values`` are the heads of the columns with numbers, in order."""

    start: int
    end: int
    values: tuple[str, ...] = ()
    has_code: bool = False
    has_index: bool = False


@dataclass(slots=True)
class RawTable:
    """The rows found, with the head above them where there is one."""

    rows: list[Row] = field(default_factory=list)
    head: Head | None = None


def may_have_indicators(simplified: str) -> bool:
    """Quick look: does the text have any word of a statistics table?"""
    return any(hint in simplified for hint in _HINTS)


def flatten(view: View) -> Flat:
    """One line of the whole page. A single space between Chinese characters is no boundary (``指 标 名 称``)."""
    text, out, at = view.text, [], []
    for m in _PIECES.finditer(text):
        a, b = m.span()
        if not (text[a].isspace() or text[a] == SEPARATOR):
            out.append(m[0])
            at.extend(range(a, b))
        elif not (m[0] == " " and 0 < a and b < len(text) and _HANZI.match(text[a - 1]) and _HANZI.match(text[b])):
            out.append(SEPARATOR)
            at.append(a)
    return Flat("".join(out), tuple(at), view)


@cache
def _known() -> frozenset[str]:
    return frozenset(i.name for i in indicators())


def known_name(name: str) -> str | None:
    """The indicator of this name, or the only one that differs from a long name in one character."""
    if name in _known():
        return name
    if len(name) < _ALIKE:
        return None
    near = [k for k in _known() if len(k) == len(name) and Hamming.distance(k, name, score_cutoff=1) == 1]
    return near[0] if len(near) == 1 else None


def find_table(flat: Flat) -> RawTable | None:
    """The largest run of rows that the return's names, or its heads, speak for; None where there is none."""
    best: RawTable | None = None
    for rows in _clusters(flat, _rows(flat)):
        table = RawTable(rows, _head_before(flat.text, rows[0]))
        if table.head:
            table.rows = [_behind_head(flat.text, rows[0], table.head), *rows[1:]]
        known = sum(r.known for r in table.rows)
        enough = 1 if table.head else 2
        if len(table.rows) < MIN_ROWS or known < enough:
            continue
        if best is None or len(table.rows) > len(best.rows):
            best = table
    return best


def _rows(flat: Flat) -> list[Row]:
    """Every place that could be a row, in order."""
    rows: list[Row] = []
    text, done, ordinal = flat.text, 0, 0
    given: int | None = None
    for m in _UNIT.finditer(text):
        if m.start() < done or (m.start() and text[m.start() - 1].isdigit()):
            continue
        run = _VALUES.match(text, m.end())
        tokens, end, following = _tokens(text, m.end(), run.end() if run else m.end(), ordinal)
        label = (max(done, m.start() - MAX_GAP - MAX_NAME), m.start())
        named = _name(text, *label)
        if named is None or not (tokens or named[1]):
            continue
        name, known, numbered = named
        number = given or numbered
        row = Row(name, known, m["unit"], label[0], m.end(), end, number, tokens, label)
        ordinal, given = number or ordinal, None
        if following is not None:
            ordinal = following - 1
            given = following
            tokens, end, _ = _tokens(text, m.end(), run.end() if run else m.end(), ordinal)
        rows.append(row)
        done = end
    return rows


def _tokens(text: str, start: int, end: int, ordinal: int) -> tuple[tuple[Token, ...], int, int | None]:
    """The values behind a unit, where they end, and the numeral of the next row that is glued to the last of them."""
    found: list[Token] = []
    for m in _TOKEN.finditer(text, start, end):
        found.append(Token(m[0].strip(",."), m.start(), m.start() > start and text[m.start() - 1] == SEPARATOR))
    if not found:
        return (), start, None
    last = found[-1]
    behind = text[end : end + 1]
    stop = last.start + len(last.text)
    if last.is_number and behind and behind in _DATE:
        return _marked(text, start, found[:-1]), last.start, None
    pointed = text[stop : stop + 1] in (".", "、") and _opens_name(text, stop + 1)
    if not (last.is_number and pointed):
        return _marked(text, start, found), stop, None
    numeral = _numeral(last.text, ordinal)
    rest = last.text[: len(last.text) - len(numeral)]
    kept = [*found[:-1], replace(last, text=rest)] if rest else found[:-1]
    return _marked(text, start, kept), stop + 1, int(numeral)


def _opens_name(text: str, at: int) -> bool:
    while at < len(text) and text[at] in '|"“‘(':
        at += 1
    return at < len(text) and bool(_HANZI.match(text[at]))


def _numeral(digits: str, ordinal: int) -> str:
    """The list numeral at the end of digits: the next of the list, else a new list's first, else the last digit."""
    for numeral in (str(ordinal + 1), "1"):
        if digits.endswith(numeral):
            return numeral
    return digits[-1]


def _marked(text: str, start: int, tokens: Sequence[Token]) -> tuple[Token, ...]:
    return tuple(tokens)


def _name(text: str, start: int, end: int) -> tuple[str, bool, int] | None:
    """The indicator's name in a label, whether the return has it, and its number in a list of parts."""
    piece = _REMARK.sub("", text[start:end].rstrip(SEPARATOR))
    piece = piece[_last_end(_STOPS, piece) :]
    piece = piece[_head_end(piece) :]
    numbering = list(_NUMBERING.finditer(piece))
    ordinal = 0
    if numbering:
        last = numbering[-1][0]
        ordinal = int(last[:-1]) if last[0].isdigit() else 0
        piece = piece[numbering[-1].end() :]
    cells = [c for c in piece.split(SEPARATOR) if _HANZI.search(c)]
    for i in range(len(cells)):
        if known := known_name(_bare("".join(cells[i:]))):
            return known, True, ordinal
    joined = _bare("".join(cells))
    for name in sorted(_known(), key=len, reverse=True):
        if joined.endswith(name):
            return name, True, ordinal
    name = joined if len(joined) <= MAX_NAME else _bare(cells[-1])
    if len(_HANZI.findall(name)) < 3 or len(name) > MAX_NAME or "," in name or ":" in name:
        return None
    return name, False, ordinal


def _bare(name: str) -> str:
    return name.strip("\"“”'‘’:*#、.,() ")


def _last_end(pattern: re.Pattern[str], text: str) -> int:
    return max((m.end() for m in pattern.finditer(text)), default=0)
