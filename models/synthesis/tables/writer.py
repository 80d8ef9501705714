"""Writes one statutory table of a synthetic report, flattened as scraped reports are, with gold by construction."""

from __future__ import annotations

from random import Random

from models.synthesis.facts import Facts
from models.synthesis.markup import Marked
from models.synthesis.tables.build import build_sheet
from models.synthesis.tables.damage import TableOptions
from models.synthesis.tables.doubt import doubtful_when_dropped, doubtful_when_glued
from models.synthesis.tables.pen import Pen
from models.synthesis.tables.styles import Style


def write_table(rng: Random, facts: Facts, table: str, style: Style, options: TableOptions) -> Marked:
    """Table ``t2``, ``t3`` or ``t4`` of a report as flattened text. KeyError for another id.

    The text neither starts nor ends with a line break. Marks:

    * ``cell`` {id, value, status, uncertain?} – one for each cell of the table as this report prints it
      (``table_ids``), in that order; it covers the printed text, or a place of no width for an empty cell. ``value`` is
      None with status ``blank``. Status ``lost`` means that no text of the cell is left (its row is missing, or its
      line was removed as a repeat); ``value`` is then what the page printed before. ``uncertain`` is True on lost cells
      and on those that the text leaves open (dropped blanks, glued digits with several readings).
    * ``block`` {type} – one for each piece of a line (as ``models.grid.segment`` cuts them): header, label, value,
      row, note, caption or page_number.
    """
    if table not in facts.form.tables:
        raise KeyError(f"unknown table {table!r}; known: {', '.join(facts.form.tables)}")
    sheet, printed = build_sheet(rng, facts, table, options, style.keeps)
    pen = Pen(seen=set(options.already))
    style.write(rng, sheet, pen)
    if style.keeps == "digits":
        pen.doubtful |= doubtful_when_glued(sheet)
    elif style.keeps == "numbers":
        pen.doubtful |= doubtful_when_dropped(sheet)
    return pen.finish(sheet, printed)
