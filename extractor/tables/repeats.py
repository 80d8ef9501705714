"""Pages from which a crawler took every line that had come before: most cells of their tables are gone for good."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from extractor.document import Cell, Table
from extractor.tables.area import Area
from extractor.tables.cells import unread
from extractor.tables.outcomes import Outcomes

UNSURE = 0.6
MIN_LINES = 12
_WHY = "equal lines were removed from the page: what stood here is lost"
_HEAD, _OUTCOME = "信息内容", "结果维持"


def repeats_removed(items: Area | None, outcomes: Outcomes | None) -> bool:
    """Whether words that the form prints several times, and all values, stand there once, in tables of a cell a line.

    ``items`` is table 2, ``outcomes`` table 4: in both heads come again that are the same in every form.
    """
    once: list[bool] = []
    if items is not None and not items.layout.by_row:
        articles = {m.word.id for m in items.matches if m.word.role == "article"}
        heads = items.page.hanzi[items.matches[0].t0 : items.matches[-1].t1].count(_HEAD)
        once += [heads == 1 and _no_line_twice(items.page.text[items.start : items.end])] if len(articles) > 1 else []
    if outcomes is not None:
        heads = outcomes.page.hanzi[outcomes.t0 : outcomes.t1].count(_OUTCOME)
        text = outcomes.page.text[outcomes.start : outcomes.last]
        once += [heads == 1 and _no_line_twice(text, 0)] if heads else []
    return bool(once) and all(once)


def _no_line_twice(text: str, least: int = MIN_LINES) -> bool:
    lines = [line for line in (x.strip(" |\t") for x in text.split("\n")) if line]
    return len(lines) >= least and len(lines) == len(set(lines))


def without_guesses(tables: Iterable[Table]) -> list[Table]:
    """The tables with what is not printed as unread, not as blank, and with what is printed as unsure."""
    return [replace(t, cells=tuple(_left(c) for c in t.cells), alternatives=()) for t in tables]


def _left(cell: Cell) -> Cell:
    if cell.span is None or cell.status == "placed":
        return unread(cell.id, _WHY)
    return replace(cell, confidence=min(cell.confidence, UNSURE))
