"""Rows lost, doubled and out of order, columns adrift, and tables cut by pages."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from models.synthesis.tables.damage import Damage
from models.synthesis.tables.sheet import Row, Sheet, Slot

_PAGE = ("- {n} -", "-{n}-", "— {n} —", "P. {n}", "第 {n} 页")


def lose_and_double(rng: Random, sheet: Sheet, damage: Damage) -> None:
    """Take rows out, print rows twice, let two neighbours of one group change places, drift columns."""
    if sheet.table == "t4":
        return
    for _ in range(damage.rows_swapped):
        _swap(rng, sheet)
    for _ in range(damage.rows_missing):
        _lose(rng, sheet)
    for _ in range(damage.rows_doubled):
        _double(rng, sheet)
    for row in sheet.data:
        if damage.drift and row.labels and all(v.text for v in row.values) and rng.random() < damage.drift:
            at = next(i for i, s in enumerate(row.slots) if s.type == "value")
            row.slots.insert(at, Slot("", "label"))


def _free(sheet: Sheet) -> list[int]:
    """Rows with a label of their own that can go or move without taking a group's label along."""
    out: list[int] = []
    for i, row in enumerate(sheet.rows):
        if row.kind != "data" or row.id == "extra":
            continue
        labels = [s for s in row.slots if s.type == "label"]
        own = [s for s in labels if s.text]
        if len(own) == 1 and (len(labels) == 1 or not row.group or not labels[0].text):
            out.append(i)
    return out


def _lose(rng: Random, sheet: Sheet) -> None:
    free = _free(sheet)
    if not free:
        return
    row = sheet.rows.pop(rng.choice(free))
    sheet.lost += [s.cell for s in row.slots if s.cell is not None]


def _double(rng: Random, sheet: Sheet) -> None:
    free = _free(sheet)
    if not free:
        return
    at = rng.choice(free)
    row = sheet.rows[at]
    sheet.rows.insert(at + 1, Row("data", [replace(s, cell=None) for s in row.slots], row.id, row.group))


def _swap(rng: Random, sheet: Sheet) -> None:
    free = set(_free(sheet))
    pairs = [i for i in free if i + 1 in free and sheet.rows[i].group == sheet.rows[i + 1].group]
    if pairs:
        at = rng.choice(sorted(pairs))
        sheet.rows[at], sheet.rows[at + 1] = sheet.rows[at + 1], sheet.rows[at]


def cut_up(rng: Random, sheet: Sheet, damage: Damage) -> None:
    """Cut the table by a blank line, a page number, or a page number and the heads once more."""
    if damage.cut == "none":
        return
    heads = [r for r in sheet.rows if r.kind == "head"]
    places = range(1, len(sheet.rows))
    for at in sorted(rng.sample(places, min(len(places), rng.choice((1, 1, 2)))), reverse=True):
        new = [page_row(rng)] if damage.cut != "blank_line" else [Row("blank", [])]
        if damage.cut == "page_header" and sheet.table == "t3" and at > len(heads):
            new += [Row("head", list(h.slots)) for h in heads]
        sheet.rows[at:at] = new


def page_row(rng: Random) -> Row:
    """A running page number on a row of its own."""
    return Row("page", [Slot(rng.choice(_PAGE).format(n=rng.randint(2, 9)), "page_number")])
