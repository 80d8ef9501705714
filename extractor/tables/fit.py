"""Puts the values of one printed row into its columns: every reading the text allows, each with its cost.

Where the text says where each value stands, that is the one reading, whatever it adds up to. Only what the text
leaves open (blank cells dropped, digits glued, surplus empty cells) is weighed by the sum of the row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from extractor.tables.glue import splits
from extractor.tables.values import Gap, Strip, Token

SURPLUS = 0.3
# table 2 has one column of labels: empty cells before its numbers are mostly cells
LEAD = 0.5
# more digits than a count of a report has
LONG = 7
NEAR = 0.65
KEEP = 24
WRONG_SUM = 3.0
# how much less likely a lone number stands in this column than in the first (natural persons ask most)
_RARE = (0.0, 0.1, 0.3, 0.3, 0.2, 0.15)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a row: a token or None for each column. ``open``: the text alone did not settle it.

    ``blanks_shown``: empty columns are empty cells of the text, not cells that got lost. ``rare``: how seldom these
    columns have numbers, which orders equals and decides nothing.
    """

    cells: tuple[Token | None, ...]
    cost: float
    why: str
    open: bool = False
    blanks_shown: bool = True
    rare: float = 0.0
    glued: bool = False

    @property
    def values(self) -> tuple[float | None, ...]:
        return tuple(t.value if t is not None else None for t in self.cells)


def balances(values: Sequence[float | None]) -> bool | None:
    """Whether the parts add up to the last value; None where the total is not printed."""
    if values[-1] is None:
        return None
    return abs(sum(v or 0.0 for v in values[:-1]) - values[-1]) < 1e-6


def fit(strip: Strip, columns: int, total: bool, glued: bool, subtotal: int | None = None) -> list[Reading]:
    """The readings of a row, best first; an empty list where there is none.

    ``total``: the last column is the sum of the others. ``glued``: the document's digits are known to be glued.
    ``subtotal``: the place of an extra column that the header names.
    """
    tokens = strip.tokens
    count = len(tokens)
    if any(t.glued for t in tokens) or (glued and 0 < count < columns and _slots(strip) < columns):
        found = splits(tokens, columns, total)
        if total and _blanks_may_be_lost(tokens, columns, found):
            return []
        if found or any(t.glued or len(t.text) > LONG for t in tokens):
            return [Reading(r, 0.0, "glued digits split", len(found) > 1 or total, glued=True) for r in found]
    extra_shown = subtotal is not None and count + sum(g.least for g in strip.gaps) > columns
    if count == columns and not extra_shown:
        return [Reading(tuple(tokens), 0.0, "one value a column")]
    if count > columns:
        return _surplus(strip, columns, total, subtotal)
    return _placed(strip, columns, total, subtotal)


def _blanks_may_be_lost(tokens: Sequence[Token], columns: int, found: Sequence[Sequence[Token]]) -> bool:
    """Whether glued digits that do not add up as one number a column do so as fewer, the last being their sum.

    3231330 is 3, 2, 3, 1, 3, 3, 0, or 3, 23, 1, 3, 30 with two blank cells lost; 11 is eleven, or 1 and its sum.
    """
    size = sum(len(t.text) for t in tokens)
    if size > 2 * columns or any(balances([t.value for t in reading]) for reading in found):
        return False
    shorter = (r for k in range(2, columns) for r in splits(tokens, k, True))
    return any(r[-1].value and balances([t.value for t in r]) for r in shorter)


def _slots(strip: Strip) -> int:
    return len(strip.tokens) + sum(g.least for g in strip.gaps[1:-1])


def _without(readings: list[Reading], index: int) -> list[Reading]:
    return [Reading((*r.cells[:index], *r.cells[index + 1 :]), r.cost, r.why, r.open, r.blanks_shown) for r in readings]


def _surplus(strip: Strip, columns: int, total: bool, subtotal: int | None) -> list[Reading]:
    """More values than columns: an extra column, a value repeated by merged cells, or a stray number."""
    tokens = strip.tokens
    if len(tokens) == columns + 1 and subtotal is not None:
        return _without([Reading(tuple(tokens), 0.0, "one value a column, extra column left out")], subtotal)
    values = {t.value for t in tokens}
    if len(values) == 1 or not total:
        return [Reading(tuple(tokens[:columns]), 0.5, "surplus values left out", len(values) > 1)]
    if len(tokens) > columns + 2:
        return []
    out: list[Reading] = []
    for kept in combinations(range(len(tokens)), columns):
        cells = tuple(tokens[i] for i in kept)
        if balances([t.value for t in cells]):
            out.append(
                Reading(cells, 0.5 + _inner(kept, len(tokens)), "a surplus value left out by the row's sum", True)
            )
    return _best(out)


def _inner(kept: Sequence[int], count: int) -> float:
    """Strays stand at the ends of a row: a value left out from within is less likely."""
    return 0.3 * sum(1 for i in range(1, count - 1) if i not in kept)


def _placed(strip: Strip, columns: int, total: bool, subtotal: int | None) -> list[Reading]:
    """Fewer values than columns: where the empty cells are, as the gaps tell and, where they do not, the row's sum."""
    tokens, gaps = strip.tokens, strip.gaps
    if not tokens:
        return [Reading((None,) * columns, 0.0, "no value printed", False, gaps[0].most >= columns)]
    wide = columns + (subtotal is not None)
    lead = SURPLUS if total else LEAD
    shaped = [(p, _shape(p, gaps, wide, lead)) for p in combinations(range(wide), len(tokens))]
    least = min(cost for _, cost in shaped)
    lost = least >= 1.0
    near = [(p, c) for p, c in shaped if c <= least + (NEAR if least else 0.0)]
    alone = len(near) == 1 and not lost
    why = "by its place among empty cells" if not lost else "blank cells lost, placed by the sums"
    out: list[Reading] = []
    for places, shape in near:
        cells: list[Token | None] = [None] * wide
        for token, place in zip(tokens, places, strict=True):
            cells[place] = token
        if subtotal is not None:
            del cells[subtotal]
        cost = shape - least + (0.0 if alone else _doubt(cells, total))
        rare = sum(_RARE[i] for i, c in enumerate(cells[:6]) if c is not None) if total else 0.0
        out.append(Reading(tuple(cells), cost, why, not alone, not lost, rare))
    return _best(out)


def _shape(places: Sequence[int], gaps: Sequence[Gap], columns: int, lead: float) -> float:
    """How far the empty columns of a placement are from the empty cells that the text shows."""
    cost = _end_gap(places[0], gaps[0], lead) + _end_gap(columns - 1 - places[-1], gaps[-1], SURPLUS)
    for one, other, gap in zip(places, places[1:], gaps[1:-1], strict=False):
        empty = other - one - 1
        cost += max(0, empty - gap.most) + max(0, gap.least - empty)
    return cost


def _end_gap(empty: int, gap: Gap, surplus: float) -> float:
    """Before and behind a row stand empty cells that belong to labels and merged cells: surplus costs little."""
    return max(0, empty - gap.most) + surplus * max(0, gap.least - empty)


def _doubt(cells: Sequence[Token | None], total: bool) -> float:
    """What speaks against a placement that the text leaves open."""
    if not total:
        return 0.0
    values = [t.value if t else None for t in cells]
    parts, whole = values[:-1], values[-1]
    if whole is None:
        return 1.5 if any(parts) else 0.25
    if all(t is None for t in cells[:-1]):
        return 1.2 if whole else 0.0
    return 0.0 if balances(values) else WRONG_SUM


def _best(readings: list[Reading]) -> list[Reading]:
    ordered = sorted(readings, key=lambda r: (r.cost, r.rare))
    return [r for r in ordered if r.cost <= ordered[0].cost + 1.5][:KEEP]
