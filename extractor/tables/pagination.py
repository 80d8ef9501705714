"""Running page numbers of a PDF's text that are nothing but a number on a line of its own, also inside tables.

Such a line looks like a cell. What tells it is the document as a whole: the pages are counted from the first to the
last, and stand about as far apart as a page is long. Where several countings fit, the caller weighs them by what each
makes of the tables.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import prod

MAX_PAGES = 40
MIN_HEIGHT = 18
MAX_COUNTINGS = 4
MAX_CHANCE = 2.0
NO_CHANCE = 0.02
MAX_STRAIN = 0.05
_ALONE = re.compile(r"(?:^|(?<=\n))[ \t]*(?P<n>[1-9]\d?)[ \t]*(?=\n|$)")
_LONG_LINE = 64
_WIDE = re.compile("[\u4e00-\u9fff，。、；：（）“”《》]{8}")


@dataclass(frozen=True, slots=True)
class Lone:
    """A number on a line of its own: its line and its place ``[start, end)`` of the page's text.

    ``sure``: something else than its place says that it numbers a page.
    """

    line: int
    number: int
    start: int
    end: int
    sure: bool


@dataclass(frozen=True, slots=True)
class Counting:
    """One way to count the pages. ``support`` is how many of its numbers are sure.

    ``strain``: how uneven it is, in pages; ``chance``: how many such countings cells alone would give.
    """

    numbers: tuple[Lone, ...]
    support: int
    strain: float
    chance: float

    @property
    def weight(self) -> float:
        """What speaks for it apart from the tables: sure numbers, and each beyond the two that any text has."""
        return 2.0 * self.support + 1.5 * (len(self.numbers) - 2) + 0.5 * self.even - 20.0 * self.strain

    @property
    def even(self) -> bool:
        """Numbers that keep their distance, of which there are few enough that it is hardly by chance."""
        return self.chance < MAX_CHANCE and self._steady

    @property
    def certain(self) -> bool:
        """So many numbers that keep their distance that chance is out of the question."""
        return self.chance < NO_CHANCE and self._steady

    @property
    def _steady(self) -> bool:
        return self.strain < MAX_STRAIN * len(self.numbers)


def countings(text: str, known: Collection[int] = ()) -> list[Counting]:
    """The ways in which lone numbers count the pages of ``text`` from first to last, likeliest first.

    ``known``: places of numbers that the layout takes for page numbers. Numbers of the order of a page's height apart.
    """
    if not _wrapped(text):
        return []
    lone = _lone(text, known)
    by_number: dict[int, list[Lone]] = {}
    for item in lone:
        by_number.setdefault(item.number, []).append(item)
    last = text.count("\n")
    found = list(_all(by_number, last))
    found.sort(key=lambda c: (-c.support, -len(c.numbers), c.strain, c.numbers[0].start))
    return found[:MAX_COUNTINGS]


def _lone(text: str, known: Collection[int]) -> list[Lone]:
    breaks = [i for i, c in enumerate(text) if c == "\n"]
    out: list[Lone] = []
    for m in _ALONE.finditer(text):
        line = bisect_left(breaks, m.start("n"))
        sure = m.start("n") in known or _in_sentence(text, m.start(), m.end())
        out.append(Lone(line, int(m["n"]), m.start("n"), m.end("n"), sure))
    return out


def _wrapped(text: str) -> bool:
    """Whether the lines are cut to a page's width: hardly one is longer."""
    sizes = [len(line) for line in text.split("\n")]
    return sum(n > _LONG_LINE for n in sizes) * 10 <= sum(n > _LONG_LINE // 3 for n in sizes)


def _in_sentence(text: str, start: int, end: int) -> bool:
    """Whether the lines above and below are running text."""
    above = text[max(0, start - 60) : start].rstrip("\n").rsplit("\n", 1)[-1]
    below = text[end : end + 60].lstrip("\n").split("\n", 1)[0]
    return bool(_WIDE.search(above) and _WIDE.search(below))


def _all(by_number: dict[int, list[Lone]], last: int) -> list[Counting]:
    """Every even counting; of those that start with the same two numbers the one that keeps its distance best."""
    out: list[Counting] = []
    for first in (1, 2):
        for one in by_number.get(first, ()):
            for two in by_number.get(first + 1, ()):
                height = two.line - one.line
                if height >= MIN_HEIGHT and 0.5 <= one.line / (height * first) <= 1.25:
                    counted = _follow([one, two], height, by_number, last)
                    if counted is not None:
                        out.append(counted)
    return out


def _follow(start: Sequence[Lone], height: int, by_number: dict[int, list[Lone]], last: int) -> Counting | None:
    """The counting that goes on to the end of the text, with at most one page left out; None where it breaks off."""
    numbers = list(start)
    strain = 0.0
    slack = max(3.0, 0.06 * height)
    number, line, missed = numbers[-1].number, float(numbers[-1].line), 0
    while line + height - slack <= last and number < MAX_PAGES:
        number += 1
        line += height
        near = [n for n in by_number.get(number, ()) if abs(n.line - line) <= slack]
        if not near and line + slack >= last:
            break
        if not near:
            missed += 1
            if missed > 1:
                return None
            continue
        best = min(near, key=lambda n: (not n.sure, abs(n.line - line), n.line))
        strain += 2.0 * abs(best.line - line) / height
        numbers.append(best)
        line = float(best.line)
    strain += 2.0 * abs(start[0].line - height * start[0].number) / height + missed
    chance = prod(len(by_number[n.number]) for n in numbers) * (3.0 / height) ** (len(numbers) - 1)
    return Counting(tuple(numbers), sum(n.sure for n in numbers), strain, chance)
