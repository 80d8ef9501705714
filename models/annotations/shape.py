"""What a label's stretch must look like, whatever it is a label of: a label that slipped by a character seldom does.

These are not opinions on what is a heading or a claim; they say where such a thing can begin and end.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from models.annotations.draft import Region
from models.annotations.said import Said, quoted
from models.grid import segment
from models.text import simplify

_NUMERIC = frozenset("0123456789０１２３４５６７８９〇零一二三四五六七八九十百千万亿萬億两兩双单半")
_WITHIN = _NUMERIC | frozenset(",，.．·'’ \u00a0\u3000\t\r\n几多")
_STOPS = frozenset("。，、；：！？．,;:!?")
_OPENING, _CLOSING = frozenset("（(《“「『【〔[＜<"), frozenset("）)》”」』】〕]＞>")
_NEGATION = re.compile("(?:本?年度?|全年|[从從均尚并仍暂暫])?[未无無没沒不零毫]")
_DIGITS = re.compile(r"\d+(?:[,，]\d{3})*(?:[.．]\d+)?")
_NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．:：,，\s]|[①-⑳]|第[一二三四五六七八九十]")
_UNITS = (1, 10_000, 100_000_000)


class Page:
    """A text whose grid is laid out once."""

    def __init__(self, text: str) -> None:
        self.text = text
        blocks = segment(text)
        self.starts = [b.start for b in blocks]
        self.ends = [b.end for b in blocks]


def misfit(page: Page, region: Region, start: int, end: int, vouched: bool = False) -> Said | None:
    """Why this label cannot stand on ``text[start:end]``; None where it can.

    ``vouched``: a quote bears the place out. Then a heading may begin, and a zero end, where a line lost its stops.
    """
    text = page.text
    if not 0 <= start < end <= len(text):
        return Said(
            f"范围 {start}–{end} 不在文本（{len(text)} 个字符）之内",
            f"{start}–{end} is no stretch of the text, which has {len(text)} characters",
        )
    if region.layer == "block":
        return _block(page, start, end)
    if text[start].isspace() or text[end - 1].isspace():
        return Said(
            f"{quoted(text[start:end])} 首尾有空白", f"{quoted(text[start:end])} begins or ends with white space"
        )
    if region.layer == "heading":
        return _heading(text, start, end, vouched)
    if region.layer == "cell":
        return _cell(text[start:end], region.attributes.get("value", ...))
    return _zero(text, start, end, vouched) if region.name == "zero" else _number(text, start, end)


def collisions(regions: Sequence[Region]) -> list[tuple[Region, Region]]:
    """Neighbours of one layer that share characters, which no two labels of a layer may."""
    out: list[tuple[Region, Region]] = []
    last: dict[str, Region] = {}
    for region in sorted(regions, key=lambda r: (r.start, r.end)):
        before = last.get(region.layer)
        if before is not None and before.end > region.start:
            out.append((before, region))
        if before is None or region.end > before.end:
            last[region.layer] = region
    return out


def _block(page: Page, start: int, end: int) -> Said | None:
    first, last = bisect_left(page.starts, start), bisect_left(page.ends, end)
    if first < len(page.starts) and page.starts[first] == start and last < len(page.ends) and page.ends[last] == end:
        return None
    return Said(
        f"{quoted(page.text[start:end])} 的边界不是版面块的边界",
        f"{quoted(page.text[start:end])} does not begin and end where pieces of the page do",
    )


def _heading(text: str, start: int, end: int, vouched: bool) -> Said | None:
    surface, before = text[start:end], text[start - 1 : start]
    slipped = surface[0] in _STOPS and (surface[0] != "、" or before in _NUMERIC)
    if slipped or surface[-1] in "。，；：":
        return Said(f"标题 {quoted(surface)} 首尾有标点", f"the heading {quoted(surface)} begins or ends with a stop")
    if before in _OPENING:
        met = f"the heading {quoted(surface)} leaves its bracket {before} outside"
        return Said(f"标题 {quoted(surface)} 前的括号被切开", met)
    if before.isalnum() and not vouched and not _NUMBERED.match(surface):
        return Said(f"标题 {quoted(surface)} 从词中开始", f"the heading {quoted(surface)} begins inside a word")
    return None


def _number(text: str, start: int, end: int) -> Said | None:
    surface = text[start:end]
    whole = surface[0] in _NUMERIC and surface[-1] in _NUMERIC and all(c in _WITHIN or _invisible(c) for c in surface)
    if not whole:
        return Said(
            f"{quoted(surface)} 不是一个完整的数",
            f"{quoted(surface)} is no number from its first to its last character",
        )
    cut = surface[-1] in "万萬亿億" and text[start - 1 : start].isdigit()
    if cut or (surface[-1].isdigit() and text[end : end + 1].isdigit()):
        return Said(f"数 {quoted(surface)} 未标全", f"the number {quoted(surface)} goes on outside the label")
    return None


def _zero(text: str, start: int, end: int, vouched: bool) -> Said | None:
    surface = text[start:end]
    if surface[0] in _STOPS | _CLOSING or surface[-1] in _STOPS | _OPENING:
        return Said(f"{quoted(surface)} 首尾有标点", f"{quoted(surface)} begins or ends with a stop")
    if not _NEGATION.match(surface):
        return Said(
            f"{quoted(surface)} 开头没有否定词", f"{quoted(surface)} does not open with words such as 未, 无, 没有"
        )
    if text[end : end + 1].isalnum() and not vouched:
        return Said(f"{quoted(surface)} 在词中结束", f"{quoted(surface)} ends inside a word")
    return None


def _invisible(char: str) -> bool:
    return not char.isprintable()


def _cell(surface: str, value: Any) -> Said | None:
    if value is ... or prints(surface, value):
        return None
    return Said(
        f"{quoted(surface)} 不是单元格数值 {value}", f"{quoted(surface)} does not print the cell's value {value}"
    )


def prints(surface: str, value: float | None) -> bool:
    """Do these characters print this value (万 and 亿 may follow, signs are set aside), or nothing where it is None?"""
    ascii_digits = surface.isascii() and surface.isdigit()  # as most cells are
    bare = surface if ascii_digits else simplify("".join(c for c in surface if not c.isspace() and not _invisible(c)))
    found = _DIGITS.search(bare)
    if value is None or found is None:
        return not value and found is None
    printed = float(found[0].replace(",", "").replace("，", "").replace("．", "."))
    return any(abs(abs(value) - printed * unit) < 1e-6 * max(1, abs(value)) for unit in _UNITS)
