"""Labels of the statistics table of reports before 2019: the heads of its columns and the names of its rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import Hamming

from models.form import indicators

SEPARATOR = "|"
MAX_NAME = 40
HANZI = re.compile("[\u4e00-\u9fff]")
_ALIKE = 6  # a name of so many characters may have one of them damaged
_FILLER = "\x03"
_HEAD = re.compile(
    r"统计指标|统计项目|指标名称|项目名称|指标|项目|(?P<unit>计量单位|单位)|(?P<code>代码)|(?P<index>序号|编号)|"
    r"(?P<value>20\d\d年度?(?:累计|统计)?数?[量据]?|本期实际|(?:本年|历年|累计|历史)?累计数?|本年度?数?|上年度?数?|全年数?|总?合计"
    r"|[\u4e00-\u9fff]{0,4}统计数[量据值]?|数量|数值|数据)|备注|甲|[乙丙]1?2?"
)
_ANCHOR = re.compile(r"序号|统计|指标|项目")
_NUMBERING = re.compile(
    r"其中[:,]?|\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}、|\d{1,2}[.、](?!\d)|\(\d{1,2}\)|[①-⑳]"
)
_REMARK = re.compile(r"\([^()]{5,60}\)")
_STOPS = re.compile(r"[。;!?]|[-—–―−]{2,}|(?<=\|)[-—–―−/](?=\|)")
_COMPLETE = re.compile(r"(?:数|数量|总量|费用|经费|情形|金额|总额)$")


@dataclass(frozen=True, slots=True)
class Head:
    """The heads of the columns, at ``start``..``end``. ``values``: the heads of those with numbers, in order."""

    start: int
    end: int
    values: tuple[str, ...]
    has_code: bool
    has_index: bool


@dataclass(frozen=True, slots=True)
class Name:
    """A row's name and where it starts, numbering included. ``ordinal``: its number in a list of parts, 0 if none."""

    text: str
    known: bool
    start: int
    ordinal: int


@cache
def _known() -> tuple[str, ...]:
    """The return's names, longest first: 不同意公开答复数 before the 同意公开答复数 that it ends with."""
    return tuple(sorted({i.name for i in indicators()}, key=lambda n: (-len(n), n)))


def known_name(name: str) -> str | None:
    """The return's indicator of this name, or the only one from which a long name differs in one character."""
    if name in _known():
        return name
    if len(name) < _ALIKE:
        return None
    near = [k for k in _known() if len(k) == len(name) and Hamming.distance(k, name, score_cutoff=1) == 1]
    return near[0] if len(near) == 1 else None


def head_in(text: str, start: int, end: int) -> Head | None:
    """The last heads of columns in ``text[start:end]``, torn or not: a unit or a code and a column of numbers."""
    places = [i for i in range(start, end) if text[i] != SEPARATOR]
    solid = "".join(text[i] for i in places)
    best: Head | None = None
    done = 0
    for anchor in _ANCHOR.finditer(solid):
        if anchor.start() < done:
            continue
        heads: list[re.Match[str]] = []
        done = anchor.start()
        while m := _HEAD.match(solid, done):
            heads.append(m)
            done = m.end()
        if len(heads) >= 2 and any(m["unit"] or m["code"] or m["value"] for m in heads):
            values = tuple(m["value"] for m in heads if m["value"])
            codes, indices = any(m["code"] for m in heads), any(m["index"] for m in heads)
            best = Head(places[heads[0].start()], places[done - 1] + 1, values, codes, indices)
    return best


def name_in(text: str, start: int, end: int) -> Name | None:
    """The name that ends a label, without numbering and remarks; None where these are no words of a name."""
    piece = _REMARK.sub(lambda m: _FILLER * len(m[0]), text[start:end])
    begin = max((m.end() for m in _STOPS.finditer(piece)), default=0)
    numbering = list(_NUMBERING.finditer(piece, begin))
    ordinal = 0
    if numbering:
        last, begin = numbering[-1][0], numbering[-1].end()
        ordinal = int(last[:-1]) if last[0].isdigit() else 0
    cells = [b for c in piece[begin:].replace(_FILLER, "").split(SEPARATOR) if len(b := _bare(c)) and HANZI.search(b)]
    name, known = _among(cells)
    if not known and (len(HANZI.findall(name)) < 3 or len(name) > MAX_NAME or any(c in name for c in ",:<>=")):
        return None
    whole = numbering and "".join(cells) == name
    place = numbering[-1].start() if whole else _back(piece, len(name))
    return Name(name, known, start + place, ordinal)


def _among(cells: list[str]) -> tuple[str, bool]:
    """The name among the cells of a label: one that the return has, torn over cells or not; else what they say."""
    for i in range(len(cells)):
        if name := known_name("".join(cells[i:])):
            return name, True
    joined = "".join(cells)
    for name in _known():
        if joined.endswith(name) and not joined.endswith("不" + name):
            return name, True
    alone = bool(cells) and len(cells[-1]) >= 4 and _COMPLETE.search(cells[-1])
    return (cells[-1] if alone else joined), False


def _back(piece: str, count: int) -> int:
    """Where the last ``count`` characters of a label begin, separators and remarks not counted."""
    at = len(piece)
    while at > 0 and count > 0:
        at -= 1
        count -= piece[at] not in (SEPARATOR, _FILLER, " ")
    return at


def _bare(name: str) -> str:
    return name.strip("\"“”'‘’:*#、.,() ")
