"""Pages from which a crawler took every line that had come before: most cells of their tables are gone for good."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from extractor.document import Cell, Table
from extractor.tables.area import Area
from extractor.tables.cells import unread
from extractor.tables.outcomes import Outcomes

UNSURE = 0.6
MIN_LINES = 8
_WHY = "equal lines were removed from the page: what stood here is lost"
_HEAD, _OUTCOME = "信息内容", "结果维持"


def repeats_removed(items: Area | None, outcomes: Outcomes | None) -> bool:
    """Whether words that the form prints several times, and all values, stand there once, in tables of a cell a line.

    ``items`` is table 2, ``outcomes`` table 4: in both heads come again that are the same in every form.
    """
    if items is not None:
        articles = {m.word.id for m in items.matches if m.word.role == "article"}
        heads = items.page.hanzi[items.matches[0].t0 : items.matches[-1].t1].count(_HEAD)
        by_cell = not items.layout.by_row and len(articles) > 1
        return by_cell and heads == 1 and _no_line_twice(items.page.text[items.start : items.end])
    if outcomes is None or outcomes.layout.by_row:
        return False
    heads = outcomes.page.hanzi[outcomes.t0 : outcomes.t1].count(_OUTCOME)
    return heads == 1 and _no_line_twice(outcomes.page.text[outcomes.start : outcomes.last])


def _no_line_twice(text: str) -> bool:
    lines = [line for line in (x.strip(" |\t") for x in text.split("\n")) if line]
    return len(lines) >= MIN_LINES and len(lines) == len(set(lines))


def without_guesses(tables: Iterable[Table]) -> list[Table]:
    """The tables with what is not printed as unread, not as blank, and with what is printed as unsure."""
    return [replace(t, cells=tuple(_left(c) for c in t.cells), alternatives=()) for t in tables]


def _left(cell: Cell) -> Cell:
    if cell.span is None or cell.status == "placed":
        return unread(cell.id, _WHY)
    return replace(cell, confidence=min(cell.confidence, UNSURE))
