"""The section tree: headings nested by their numbering, also where the numbering restarts or is turned round.

The level of a heading is that of its numbering, whatever stands above it. Where it stands in the tree, the order of
the ordinals tells: 一、总体情况 may be divided as 一、二、三、 again before 二、主动公开政府信息情况 follows, and 1.
may stand above （一）.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractor.document import Heading, Section, Span

_HAN = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_WORDS = re.compile("[\u4e00-\u9fff]")
CONTENTS = 3  # titles in a row without any text between, all told again below, are a table of contents


def without_contents(headings: Sequence[Heading], text: str) -> list[Heading]:
    """The headings without those of a table of contents: titles in a row, with nothing between, that all come again."""
    last = {h.kind or h.title: i for i, h in enumerate(headings)}
    out: list[Heading] = []
    at = 0
    while at < len(headings):
        end = at + 1
        while end < len(headings) and not _WORDS.search(text, headings[end - 1].span.end, headings[end].span.start):
            end += 1
        again = at
        while again < end and _comes_again(headings, again, last, again - at >= CONTENTS):
            again += 1
        out += headings[again if again - at >= CONTENTS else at : end]
        at = end
    return out


def _comes_again(headings: Sequence[Heading], i: int, last: dict[str, int], torn: bool) -> bool:
    """Does this title come again below? ``torn``: one cut off counts, too, where the title below begins like it."""
    heading = headings[i]
    if last[heading.kind or heading.title] > i:
        return True
    return torn and any(h.title.startswith(heading.title) for h in headings[i + 1 :])


def section_tree(headings: Sequence[Heading], end: int) -> tuple[tuple[Heading, ...], tuple[Section, ...]]:
    """The headings (those of a numbering that restarts name no section) and the tree of them."""
    depths = [float(h.level) for h in headings]
    plain = list(headings)
    for first, last in _restarts(headings):
        for i in range(first, last):
            if headings[i].level == 1:
                depths[i] += 0.5
                plain[i] = replace(headings[i], kind=None)
    for first, last in _turned_round(headings):
        depths[first:last] = [d + 2 for d in depths[first:last]]
    return tuple(plain), _nest(list(zip(plain, depths, strict=True)), end)


def number(ordinal: str) -> int:
    """一 → 1, 12 → 12, ③ → 3; 0 where it is none.

    Every report has such ordinals, so they are read without the library for numerals, whose import takes 0.2 s.
    """
    if ordinal.isdigit() and ordinal.isascii():
        return int(ordinal)
    if ordinal in _CIRCLED:
        return _CIRCLED.find(ordinal) + 1 if ordinal else 0
    if len(ordinal) == 2 and ordinal[0] == "十":
        return 10 + _HAN.find(ordinal[1]) + 1
    return _HAN.find(ordinal) + 1 if len(ordinal) == 1 else 0


def _restarts(headings: Sequence[Heading]) -> list[tuple[int, int]]:
    """Runs of level 1 that begin at 一 inside a section and end where that section's numbering goes on."""
    tops = [i for i, h in enumerate(headings) if h.level == 1]
    out: list[tuple[int, int]] = []
    at = 1
    while at < len(tops):
        outer, first = headings[tops[at - 1]], headings[tops[at]]
        if outer.kind is None or number(outer.ordinal) == 0 or number(first.ordinal) != 1:
            at += 1
            continue
        stop = next((k for k in range(at + 1, len(tops)) if _ends_run(headings, tops[at:k], tops[k], outer)), None)
        if stop is not None and number(headings[tops[stop]].ordinal) == number(outer.ordinal) + 1:
            out.append((tops[at], tops[stop]))
            at = stop
        at += 1
    return out


def _ends_run(headings: Sequence[Heading], run: Sequence[int], at: int, outer: Heading) -> bool:
    """Does the numbering fall back at ``at``, or does a named section go on the outer numbering there?"""
    here, before = headings[at], headings[run[-1]]
    if number(here.ordinal) <= number(before.ordinal):
        return True
    named = any(headings[i].kind for i in run)
    return here.kind is not None and not named and number(here.ordinal) == number(outer.ordinal) + 1


def _turned_round(headings: Sequence[Heading]) -> list[tuple[int, int]]:
    """Runs of （一）（二） that stand under 1., where 2. goes on behind them in the same section."""
    out: list[tuple[int, int]] = []
    for i, outer in enumerate(headings[:-1]):
        below = headings[i + 1]
        if outer.level != 3 or below.level != 2 or number(below.ordinal) != 1 or not number(outer.ordinal):
            continue
        for k in range(i + 2, len(headings)):
            here = headings[k]
            if here.level == 1:
                break
            if here.level == 3 and number(here.ordinal) == number(outer.ordinal) + 1:
                out.append((i + 1, k))
                break
    return out


def _nest(headings: Sequence[tuple[Heading, float]], end: int) -> tuple[Section, ...]:
    """Sections nested by depth; a section ends where the next of its depth, or of a lesser one, begins."""
    out: list[Section] = []
    at = 0
    while at < len(headings):
        head, depth = headings[at]
        after = at + 1
        while after < len(headings) and headings[after][1] > depth:
            after += 1
        stop = headings[after][0].span.start if after < len(headings) else end
        children = _nest(headings[at + 1 : after], stop)
        out.append(
            Section(Span(head.span.start, stop), head.level, head.ordinal, head.title, head.kind, head, children)
        )
        at = after
    return tuple(out)
