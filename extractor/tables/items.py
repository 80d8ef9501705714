"""Table 2: what was made public, a few numbers a row, in blocks by article of the regulation."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace

from extractor.document import Alternative, Cell
from extractor.tables.area import Area, Segment, segments
from extractor.tables.cells import Cells, in_order, open_readings, row_cells
from extractor.tables.find import Match
from extractor.tables.fit import Reading, fit
from extractor.tables.labels import Word, chinese
from extractor.tables.page import BREAKS
from extractor.tables.solve import Choice, choose
from extractor.tables.values import LABEL, Gap, Strip, Token, in_remark
from models.form import Block, load_form

MISSING = "the row was not found in the table"
MIN_STRANGER = 4
_CHANGES = frozenset("增减新未")
_STRANGE = Word("strange", "row", "")


def blocks_of(first: str, rest: str) -> tuple[Block, ...]:
    """The blocks of table 2 where its first block is of one form and the others are of another."""
    return (load_form(first).tables["t2"].blocks[0], *load_form(rest).tables["t2"].blocks[1:])


def read_items(area: Area, first: str, rest: str, glued: bool) -> Cells:
    """The cells of table 2. ``first``/``rest``: the forms of the first block and of the others."""
    blocks = blocks_of(first, rest)
    owners = [m for m in area.matches if m.word.role in ("row", "article")] + _strangers(area)
    parts = segments(area, owners)
    unit = _unit(area, parts, blocks)
    if unit != area.layout.unit:
        parts = segments(replace(area, layout=replace(area.layout, unit=unit)), owners)
    strips = _by_label(parts)
    for block in blocks:
        strips.update(_by_order(parts, block, strips))
    cells: dict[str, Cell] = {}
    alternatives: list[Alternative] = []
    for block in blocks:
        for row in block.rows:
            if row.id not in strips:
                continue
            readings = _signed(fit(strips[row.id], len(block.columns), False, glued), block)
            choice = choose({row.id: readings}, len(block.columns)).get(row.id)
            if choice is not None:
                ids = [f"t2.{row.id}.{c.id}" for c in block.columns]
                choice = _plausible(choice, ids)
                alternatives += open_readings(ids, choice.values)
                cells.update((c.id, c) for c in row_cells(area.page, ids, choice, False))
    ids = [f"t2.{r.id}.{c.id}" for b in blocks for r in b.rows for c in b.columns]
    return Cells(in_order(cells, ids, MISSING), tuple(alternatives))


def _unit(area: Area, parts: Sequence[Segment], blocks: Sequence[Block]) -> int:
    """What an empty cell adds, as rows of nothing but empty cells show it."""
    width = {r.id: len(b.columns) for b in blocks for r in b.rows if len(b.columns) > 1}
    if area.layout.by_row or area.layout.step == 1:
        return area.layout.unit
    for part in parts:
        if part.owner is not None and part.owner.word.id in width and not part.strip.tokens:
            extra = part.strip.gaps[0].lines - area.layout.step
            if extra and extra in (width[part.owner.word.id], 2 * width[part.owner.word.id]):
                return extra // width[part.owner.word.id]
    return area.layout.unit


def _signed(readings: list[Reading], block: Block) -> list[Reading]:
    """Glued digits of a row: a number that is said to be more or less stands in the column of changes."""
    changes = [c.id == "delta" for c in block.columns]
    fair = [r for r in readings if all(c or not _is_change(t) for t, c in zip(r.cells, changes, strict=True))]
    return fair if fair and readings[0].glued else readings


def _is_change(token: Token | None) -> bool:
    return token is not None and token.text[:1] in _CHANGES


def _plausible(choice: Choice, ids: Sequence[str]) -> Choice:
    """Glued digits of a 2019 row: what was made in the year is made public in it, and counts in the whole."""
    if not choice.others or not choice.reading.glued or not ids[0].endswith(".new_made"):
        return choice
    fair = [r for r in (choice.reading, *choice.others) if _fair(r)]
    return Choice(fair[0]) if len(fair) == 1 else choice


def _fair(reading: Reading) -> bool:
    made, public, whole = (v or 0.0 for v in reading.values)
    return made == public <= whole


def _strangers(area: Area) -> list[Match]:
    """Labels of rows that the form does not have: text of its own in front of values, which are no one else's."""
    out: list[Match] = []
    page, masked = area.page, area.masked
    ends = {v.end - area.start for v in area.values}
    for token in area.values:
        i = token.start - 1 - area.start
        while i >= 0 and (masked[i].isspace() or masked[i] == "|"):
            i -= 1
        end = i + 1
        while i >= 0 and masked[i] not in BREAKS and masked[i] != LABEL and i + 1 not in ends:
            i -= 1
        text = chinese(masked[i + 1 : end])
        if len(text) >= MIN_STRANGER and (i < 0 or masked[i] != LABEL) and not in_remark(masked, end):
            start = area.start + i + 1
            t0 = bisect_left(page.at, start)
            out.append(Match(_STRANGE, start, area.start + end, t0, t0 + len(text)))
    return out


def _by_label(parts: Sequence[Segment]) -> dict[str, Strip]:
    out: dict[str, Strip] = {}
    for part in parts:
        if part.owner is None or part.owner.word.role != "row":
            continue
        row = part.owner.word.id
        if row not in out or (not out[row].tokens and part.strip.tokens):
            out[row] = part.strip
    return out


def _by_order(parts: Sequence[Segment], block: Block, strips: Mapping[str, Strip]) -> dict[str, Strip]:
    """Where labels and values of a block stand apart: its values in order, if they are as many as its cells."""
    ids = _as_printed(parts, [r.id for r in block.rows])
    lacking = [i for i in ids if i not in strips or not strips[i].tokens]
    if not lacking:
        return {}
    inside = _parts_of(parts, block, ids)
    values = [t for p in inside for t in p.strip.tokens]
    width = len(block.columns)
    if values and len(values) == width * len(ids):
        return {r: _strip(values[i * width : (i + 1) * width]) for i, r in enumerate(ids)}
    loose = [t for p in inside if p.owner is None or p.owner.word.role == "article" for t in p.strip.tokens]
    named = [i for i in lacking if i in strips] or lacking
    # values in front of all labels of a block are the first one's
    alone = len(named) == 1 or (named == ids and len(values) == width)
    return {named[0]: _strip(loose)} if alone and len(loose) == width else {}


def _as_printed(parts: Sequence[Segment], ids: Sequence[str]) -> list[str]:
    """The rows of a block in the order of their labels, in the form's order where one has none."""
    met = [p.owner.word.id for p in parts if p.owner is not None and p.owner.word.id in ids]
    return list(dict.fromkeys(met)) if set(met) == set(ids) else list(ids)


def _parts_of(parts: Sequence[Segment], block: Block, ids: Sequence[str]) -> list[Segment]:
    number = chinese(block.article)[-2]
    out: list[Segment] = []
    inside = False
    for part in parts:
        word = part.owner.word if part.owner else None
        if word is None:
            inside = number == "一"
        elif word.role == "article":
            inside = word.id == number
        elif word.id in ids:
            inside = True
        elif word.role == "row":
            inside = False
        if inside:
            out.append(part)
    return out


def _strip(values: Sequence[Token]) -> Strip:
    return Strip(tuple(values), (Gap(0, 0),) * (len(values) + 1))
