"""Styles that print a cell a line: with pipes, with blank lines between, dense, tab-led, repeated lines removed."""

from __future__ import annotations

from random import Random

from models.synthesis.tables.pen import Pen
from models.synthesis.tables.rows import piped
from models.synthesis.tables.sheet import Row, Sheet, Slot


def _surplus(sheet: Sheet, row: Row) -> int:
    """Empty places at the end of a row that a renderer pads to the table's width."""
    return max(0, sheet.width - len(row.present))


def write_c(rng: Random, sheet: Sheet, pen: Pen) -> None:
    """``规章 |`` a line; places that merged cells cover follow as ``|||``, on the line or below it."""
    _cells(rng, sheet, pen, led=False)


def write_c_led(rng: Random, sheet: Sheet, pen: Pen) -> None:
    """The same with a lone pipe before each row."""
    _cells(rng, sheet, pen, led=True)


def _cells(rng: Random, sheet: Sheet, pen: Pen, led: bool) -> None:
    below = rng.random() < 0.4
    padded = rng.random() < 0.8
    for row in sheet.rows:
        if row.plain:
            pen.plain(row)
            continue
        pen.raw("|\n" if led else "")
        for i, slot in enumerate(row.present):
            if i:
                pen.raw("\n")
            pen.slot(slot)
            pen.raw(" |" if slot.text else "|")
        surplus = _surplus(sheet, row) if padded else 0
        if surplus:
            pen.raw(("\n" if below else " ") + "|" * surplus)
        pen.raw("\n")


def write_mixed(rng: Random, sheet: Sheet, pen: Pen) -> None:
    """Labels and heads a line each, the numbers of a row on one line."""
    tight = rng.random() < 0.5
    for row in sheet.rows:
        if row.plain:
            pen.plain(row)
            continue
        values = row.values
        for slot in row.present:
            if slot.type != "value" and (slot.text or row.kind == "data"):
                pen.slot(slot)
                pen.raw(" |\n" if slot.text else "|\n")
        if values:
            piped(pen, values, tight)
            pen.raw("\n")


def write_p(rng: Random, sheet: Sheet, pen: Pen) -> None:
    """Text and pipe on lines by turns; a blank cell is a lone pipe."""
    led = rng.random() < 0.4
    for row in sheet.rows:
        if row.plain:
            pen.plain(row)
            continue
        pen.raw("| " if led else "")
        for slot in row.present:
            pen.slot(slot)
            pen.raw("\n|\n" if slot.text else "|\n")


def write_p_indented(rng: Random, sheet: Sheet, pen: Pen) -> None:
    """Each pipe ends a line, each text stands indented on the next."""
    end = rng.choice(("\n", "\n", "\r\n"))
    indent = " " * rng.choice((4, 7, 7, 8))
    for row in sheet.rows:
        if row.plain:
            pen.plain(row)
            continue
        for slot in row.present:
            pen.raw(f"| {end}{indent}")
            pen.slot(slot)
            pen.raw("  ")
        pen.raw("| \n")


def write_blank_lines(rng: Random, sheet: Sheet, pen: Pen) -> None:
    """A blank line between cells; an empty cell is the same number of extra line breaks throughout."""
    filler = rng.choice(("\n", "\n\n", "\n\n", "\u00a0\n\n"))
    pen.wrap = rng.choice(("\n\n", "\n\n", "\n"))
    merged = "\u00a0\n\n" if rng.random() < 0.15 else ""
    for row in sheet.rows:
        for slot in row.slots:
            if slot.merge:
                pen.raw(merged if slot.merge == "down" and row.kind == "head" else "")
                continue
            pen.slot(slot)
            pen.raw("\n\n" if slot.text else filler)


def write_dense(rng: Random, sheet: Sheet, pen: Pen) -> None:
    """A cell a line and nothing between; an empty cell is an empty line."""
    indent = rng.choice(("", "", "\t", "  "))
    for row in sheet.rows:
        for slot in row.present:
            pen.raw(indent if slot.text else "")
            pen.slot(slot)
            pen.raw("\n")


def write_tab_led(rng: Random, sheet: Sheet, pen: Pen) -> None:
    """A cell a line behind a tab, rows parted by blank lines; empty cells and cells covered from above a lone tab."""
    for row in sheet.rows:
        for slot in row.slots:
            if slot.merge == "across":
                continue
            pen.raw("\t")
            pen.slot(slot)
            pen.raw("\n")
        pen.raw("\n")


def write_dropped(rng: Random, sheet: Sheet, pen: Pen) -> None:
    """A cell a line, the empty ones gone without a trace."""
    gap = rng.choice(("\n\n", "\n\n", "\n"))
    pen.wrap = gap
    for row in sheet.rows:
        for slot in row.present:
            pen.slot(slot)
            pen.raw(gap if slot.text else "")


def write_without_repeats(rng: Random, sheet: Sheet, pen: Pen) -> None:
    """A cell a line, each line that stood before removed. What is left of a torn row is doubtful."""
    pen.wrap = rng.choice(("", "", "\n"))
    for row in sheet.rows:
        gone = [s for s in row.present if not _first_time(pen, s)]
        if gone and row.kind == "data":
            # such a row stands for no certain column, and a number without its label for no row
            pen.doubtful |= {v.cell for v in row.values if v.cell is not None}


def _first_time(pen: Pen, slot: Slot) -> bool:
    """Write a slot that repeats no line; else lose it. Tells whether it was written."""
    text = slot.text.replace("\n", pen.wrap)
    if text and text not in pen.seen:
        pen.seen.add(text)
        pen.slot(slot)
        pen.raw("\n")
        return True
    if slot.cell is not None and text:
        pen.lose(slot.cell)
    elif slot.cell is not None:
        pen.slot(slot)
    return False
