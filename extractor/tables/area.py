"""One table as it was found on the page: its labels, its values, and the segments that each label opens."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extractor.tables.find import Match, behind_remark
from extractor.tables.page import Page
from extractor.tables.values import Layout, Strip, Token, layout_of, mask, strip_of, tokens

# characters of units and of words for no change, which may follow the last value
_VALUE_WORDS = frozenset("件条项宗份个次批万亿元户人起增减未无变化持平不")


@dataclass(frozen=True, slots=True)
class Area:
    """A table's stretch ``[start, end)`` of the page's text. ``masked`` is that text without labels and strays."""

    page: Page
    table: str
    start: int
    end: int
    matches: tuple[Match, ...]
    masked: str
    values: tuple[Token, ...]
    layout: Layout

    def strip(self, values: Sequence[Token], start: int, end: int) -> Strip:
        """Values with their gaps, from place ``start`` to place ``end`` of the page's text."""
        return strip_of(self.masked, self.start, values, start, end, self.layout)

    def line_of(self, start: int, end: int) -> tuple[int, int]:
        """The line, or lines, of the page's text around two places of the table."""
        a = self.masked.rfind("\n", 0, start - self.start) + 1
        b = self.masked.find("\n", end - self.start)
        return self.start + a, self.start + (b if b >= 0 else len(self.masked))

    @property
    def last_value(self) -> int:
        """Where the table ends: behind its last value or label."""
        ends = [m.end for m in self.matches] + ([self.values[-1].end] if self.values else [])
        return max(ends, default=self.start)


@dataclass(frozen=True, slots=True)
class Segment:
    """What stands between one label and the next, ``[start, end)`` of the page's text.

    ``owner`` is None for what stands before the first.
    """

    owner: Match | None
    strip: Strip
    start: int
    end: int


def share_layout(areas: Sequence[Area]) -> list[Area]:
    """Tables of one report are flattened alike: what an empty cell adds is known from the one that shows it."""
    steps = {a.layout.step for a in areas if not a.layout.by_row}
    if len(steps) != 1:
        return list(areas)
    unit = min(a.layout.unit for a in areas if not a.layout.by_row)
    return [a if a.layout.by_row else replace(a, layout=replace(a.layout, unit=unit)) for a in areas]


def make_area(
    page: Page,
    table: str,
    matches: Sequence[Match],
    holes: Iterable[tuple[int, int]] = (),
    until: int | None = None,
) -> Area:
    """The area of matched labels. ``holes`` are places that hold no values; ``until`` bounds it from behind."""
    start = matches[0].start
    end = _end_behind(page, max(m.end for m in matches))
    if until is not None:
        end = max(min(end, until), max(m.end for m in matches))
    masked = mask(page, start, end, matches, holes)
    values = tuple(tokens(masked, start, table))
    return Area(page, table, start, end, tuple(matches), masked, values, layout_of(masked, start, values))


def _end_behind(page: Page, place: int) -> int:
    """Behind the last label the table goes on until the next Chinese character that is no unit."""
    t = bisect_left(page.at, behind_remark(page.text, place))
    while t < len(page.hanzi) and page.hanzi[t] in _VALUE_WORDS:
        t += 1
    return min(len(page.text), page.clip(t) + 1)


def segments(area: Area, owners: Collection[Match]) -> list[Segment]:
    """The area cut at the start of each owner; the values of a torn label stand behind its start."""
    ordered = sorted(owners, key=lambda m: m.start)
    out: list[Segment] = []
    bounds = [area.start, *(m.start for m in ordered), area.end]
    starts = [v.start for v in area.values]
    for i, (a, b) in enumerate(pairwise(bounds)):
        owner = ordered[i - 1] if i else None
        values = area.values[bisect_left(starts, a) : bisect_left(starts, b)]
        begin = a if owner is None else _after_label(area, owner, values)
        out.append(Segment(owner, area.strip(values, begin, b), begin, b))
    return out


def _after_label(area: Area, owner: Match, values: Sequence[Token]) -> int:
    """Where the label's own text ends, or its last piece before its first value where the values stand inside it."""
    if not values or values[0].start >= owner.end:
        return owner.end
    pieces = [i + 1 for i in area.page.at[owner.t0 : owner.t1] if i < values[0].start]
    return pieces[-1] if pieces else owner.start
