"""Styles that print a row a line: pipes kept or dropped, tabs, spaces, markdown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal

from models.synthesis.tables.pen import Pen
from models.synthesis.tables.sheet import Row, Sheet, Slot

Places = Literal["in_place", "padded", "bare", "adrift"]
Rule = Literal["none", "markdown", "dashes"]


@dataclass(frozen=True, slots=True)
class RowShape:
    """How rows become lines.

    ``places``: covered places stay where they are, stand at the row's end, vanish, or some here and some there.
    ``empty``: whether blank cells keep their place. ``rule``: a line under the first heads.
    """

    pipes: Literal["none", "after", "around"]
    sep: str = "\t"
    places: Places = "padded"
    empty: bool = True
    rule: Rule = "none"


def arrange(rng: Random, row: Row, shape: RowShape) -> list[Slot]:
    """The slots of a row in the order in which the line prints them."""
    if not shape.empty:
        return [s for s in row.slots if s.text or s.cell]
    if shape.places == "in_place":
        return row.slots
    if shape.places == "adrift":
        return _adrift(rng, row)
    present = row.present
    return present + [s for s in row.slots if s.merge] if shape.places == "padded" else present


def _adrift(rng: Random, row: Row) -> list[Slot]:
    """Places that a wide cell covers: some stay, some move behind the row, some vanish."""
    # blank cells could not be told from such places
    if any(not v.text for v in row.values):
        return row.slots
    kept: list[Slot] = []
    moved: list[Slot] = []
    for slot in row.slots:
        stays = slot.merge != "across" or rng.random() < 0.5
        (kept if stays else moved).append(slot)
    return kept + moved[: len(moved) - rng.randint(0, 1)] if moved else kept


def row_writer(shape: RowShape) -> Callable[[Random, Sheet, Pen], None]:
    """The writer of a style that prints a row a line."""

    def write(rng: Random, sheet: Sheet, pen: Pen) -> None:
        tight = rng.random() < 0.6
        pen.wrap = " " if shape.rule == "markdown" or shape.sep == " " else rng.choice(("\n", "\n", " "))
        first = True
        for row in sheet.rows:
            if row.plain:
                pen.plain(row)
                continue
            slots = arrange(rng, row, shape)
            _line(pen, slots, shape, tight)
            pen.raw("\n")
            if first and row.kind == "head":
                _rule(pen, slots, shape)
                first = False

    return write


def _line(pen: Pen, slots: list[Slot], shape: RowShape, tight: bool) -> None:
    if shape.pipes == "none":
        (pen.row if shape.empty else pen.sparse)(slots, shape.sep)
    elif shape.pipes == "around":
        pen.raw("| ")
        for slot in slots:
            pen.slot(slot)
            pen.raw(" | ")
    else:
        piped(pen, slots, tight, shape.empty)


def piped(pen: Pen, slots: list[Slot], tight: bool, empty: bool = True) -> None:
    """Cells that each end in a pipe; empty ones are bare pipes, close together where ``tight``, or gone."""
    started, after_text = False, True
    for slot in slots:
        if not slot.text and not empty:
            pen.slot(slot)
            continue
        if started and (slot.text or after_text or not tight):
            pen.raw(" ")
        pen.slot(slot)
        pen.raw(" |" if slot.text else "|")
        started, after_text = True, bool(slot.text)


def _rule(pen: Pen, slots: list[Slot], shape: RowShape) -> None:
    if shape.rule == "markdown":
        pen.raw("|" + "---|" * len(slots) + "\n")
    elif shape.rule == "dashes":
        pen.raw("\t".join("-" * max(6, len(s.text)) for s in slots if s.text) + "\n\n")
