"""Readings made into cells of the result: value, place, status, confidence, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractor.document import Alternative, Cell, CellStatus, Span
from extractor.tables.fit import Reading, balances
from extractor.tables.page import Page
from extractor.tables.solve import Choice
from extractor.tables.values import Token

SURE = 0.99
UNSUMMED = 0.97
WRONG_SUM = 0.9
BLANK = 0.95
OPEN = 0.85
OPEN_HELD = 0.95
LOST = 0.6
LOST_HELD = 0.8
MAX_ALTERNATIVES = 8


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one table, and the readings of rows that stay open."""

    cells: tuple[Cell, ...]
    alternatives: tuple[Alternative, ...] = ()


def printed(page: Page, cell_id: str, token: Token, confidence: float, why: str, status: CellStatus = "read") -> Cell:
    """A cell that the text prints: a number, or a mark for “none” (then it is blank)."""
    start, end = page.span(token.start, token.end)
    span = Span(start, end)
    if token.value is None:
        return Cell(cell_id, None, token.text, span, "blank", confidence, f"{why}; the mark says there is none")
    return Cell(cell_id, token.value, token.text, span, status, confidence, why)


def blank(cell_id: str, confidence: float = BLANK, why: str = "empty cell") -> Cell:
    """A cell that the table has and leaves empty."""
    return Cell(cell_id, None, "", None, "blank", confidence, why)


def unread(cell_id: str, why: str) -> Cell:
    """A cell that could not be read."""
    return Cell(cell_id, None, "", None, "unread", 0.0, why)


def row_cells(page: Page, ids: Sequence[str], choice: Choice, total: bool, note: str = "") -> list[Cell]:
    """The cells of one row. Columns in which equally possible readings differ stay unread, with the alternatives."""
    reading = choice.reading
    sure = _confidence(reading, choice.held, total)
    why = "; ".join(w for w in (reading.why, note) if w)
    out: list[Cell] = []
    for i, cell_id in enumerate(ids):
        options = _options(choice, i)
        token = reading.cells[i]
        if len(options) > 1:
            out.append(unread(cell_id, f"{reading.why}: could be {' or '.join(options)}"))
        elif token is not None:
            status: CellStatus = "read" if reading.blanks_shown else "placed"
            out.append(printed(page, cell_id, token, sure, why, status))
        else:
            out.append(blank(cell_id, min(sure, BLANK), why if not reading.blanks_shown else "empty cell"))
    return out


def open_readings(ids: Sequence[str], readings: Sequence[Sequence[float | None]]) -> list[Alternative]:
    """The different readings of these cells, where there is more than one."""
    different = tuple(dict.fromkeys(tuple(r) for r in readings))
    return [Alternative(tuple(ids), different[:MAX_ALTERNATIVES])] if len(different) > 1 else []


def _options(choice: Choice, i: int) -> list[str]:
    tokens = [r.cells[i] for r in (choice.reading, *choice.others)]
    return list(dict.fromkeys(t.text if t is not None else "empty" for t in tokens))[:6]


def _confidence(reading: Reading, held: bool, total: bool) -> float:
    balanced = balances(reading.values) if total else None
    if not reading.blanks_shown:
        return LOST_HELD if held and balanced else LOST
    if reading.open:
        return OPEN_HELD if held or balanced else OPEN
    if balanced is None:
        return UNSUMMED
    return SURE if balanced else WRONG_SUM


def in_order(cells: Mapping[str, Cell], ids: Sequence[str], why: str) -> tuple[Cell, ...]:
    """The cells in the form's order, with those that were not found as unread."""
    return tuple(cells.get(i) or unread(i, why) for i in ids)
