"""Styles that lost their separators: digits of a row glued, label and digits glued, the whole table on one line."""

from __future__ import annotations

from random import Random

from models.synthesis.tables.pen import Pen
from models.synthesis.tables.sheet import Row, Sheet, Slot


def write_glued_numbers(rng: Random, sheet: Sheet, pen: Pen) -> None:
    """Heads and labels a line each, the numbers of a row glued on the next."""
    gap = rng.choice(("\n\n", "\n"))
    pen.wrap = gap
    for row in sheet.rows:
        for slot in row.present:
            if slot.type != "value" and slot.text:
                pen.slot(slot)
                pen.raw(gap)
        _digits(pen, row.values)
        pen.raw(gap if any(v.text for v in row.values) else "")


def write_glued_rows(rng: Random, sheet: Sheet, pen: Pen) -> None:
    """A row a line, all its cells glued: ``规章000``."""
    pen.wrap = ""
    for row in sheet.rows:
        pen.row([s for s in row.present if s.type != "value" and s.text], "")
        _digits(pen, row.values)
        pen.raw("\n")


def write_one_line(rng: Random, sheet: Sheet, pen: Pen) -> None:
    """The whole table on one line; in some documents stray spaces stand between cells."""
    pen.wrap = ""
    stray = rng.choice((0.0, 0.0, 0.02, 0.1))
    head_gap = " " if rng.random() < 0.2 else ""
    for row in sheet.rows:
        for slot in row.present:
            pen.slot(slot)
            if _strays(rng, row, slot, stray):
                pen.raw(" ")
            elif row.kind in ("caption", "note", "head"):
                pen.raw(head_gap)


def _strays(rng: Random, row: Row, slot: Slot, rate: float) -> bool:
    return bool(rate) and row.kind == "data" and bool(slot.text) and rng.random() < rate


def _digits(pen: Pen, values: list[Slot]) -> None:
    for slot in values:
        pen.slot(slot)
