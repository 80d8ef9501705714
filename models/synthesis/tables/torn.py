"""Styles of converted PDFs: one small pipe table a row, labels torn off and set before or behind their numbers."""

from __future__ import annotations

from random import Random

from models.synthesis.tables.pdf import chop, own_label
from models.synthesis.tables.pen import Pen
from models.synthesis.tables.sheet import Row, Sheet, Slot

_SUBGROUPS = ("denied", "unavailable", "rejected", "other")


def write_small_tables(rng: Random, sheet: Sheet, pen: Pen) -> None:
    """Every row a pipe table of its own with a rule below."""
    pen.wrap = " "
    spaced = rng.random() < 0.5
    for row in sheet.rows:
        if row.plain:
            pen.plain(row)
            continue
        slots = row.present
        _piped(pen, slots)
        pen.raw("|" + "---|" * len(slots) + ("\n\n" if spaced else "\n"))


def write_hoisted(rng: Random, sheet: Sheet, pen: Pen) -> None:
    """Labels that fit stay with their numbers in pipe tables, longer ones stand apart as wrapped lines, in order.

    Rows whose label stands apart keep the form's order between the rows that kept theirs.
    """
    pen.wrap = ""
    limit = rng.choice((9, 11, 14))
    aside: list[str] = []
    waiting: list[Row] = []
    for row in sheet.rows:
        if row.kind == "data":
            label = own_label(row)
            aside += _group_pieces(row)
            if sheet.table == "t4" or len(label) <= limit:
                _flush(rng, aside, waiting, pen)
                _table(pen, label, row.values)
            else:
                aside += chop(label, limit)
                waiting.append(row)
            continue
        _flush(rng, aside, waiting, pen)
        _other(rng, sheet, row, pen)
    _flush(rng, aside, waiting, pen)


def _other(rng: Random, sheet: Sheet, row: Row, pen: Pen) -> None:
    """Heads: those of the regulation's first article as a table, all others run together."""
    slots = [s for s in row.present if s.text]
    if row.kind == "head" and sheet.table == "t2" and len(slots) == 4:
        _piped(pen, slots)
        pen.raw("|" + "---|" * 4 + "\n")
        return
    pen.row(slots, "" if row.kind == "head" and rng.random() < 0.7 else " ")
    pen.raw("\n")


def _group_pieces(row: Row) -> list[str]:
    if row.group is None:
        return []
    labels = [s for s in row.slots if s.type == "label"]
    own = 2 if row.group in _SUBGROUPS else 1
    texts = [s.text.replace("\n", "") for s in labels[:own] if s.text and len(labels) == 3]
    return [p for t in texts for p in chop(t, 4)]


def _flush(rng: Random, aside: list[str], waiting: list[Row], pen: Pen) -> None:
    """Write the labels that stand apart and the tables of their numbers, in either order."""
    before = rng.random() < 0.6
    for labels in (before, not before):
        if labels:
            for text in aside:
                pen.piece(text, "label")
                pen.raw("\n")
        else:
            for row in waiting:
                _table(pen, "", row.values)
    aside.clear()
    waiting.clear()


def _table(pen: Pen, label: str, values: list[Slot]) -> None:
    slots = [Slot(label, "label"), *values] if label else values
    _piped(pen, slots)
    pen.raw("|" + "---|" * len(slots) + "\n")


def _piped(pen: Pen, slots: list[Slot]) -> None:
    pen.raw("| ")
    for i, slot in enumerate(slots):
        pen.raw(" | " if i else "")
        pen.slot(slot)
    pen.raw(" |\n")
