"""The registry of flattening styles, each with its weight in the wild.

Weights follow a survey of some 120 scraped pages; glued and PDF texts weigh more than they were seen, since whole
families of sites give nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from models.synthesis.tables import cards, glued, lines, pdf, torn
from models.synthesis.tables.pen import Pen
from models.synthesis.tables.rows import RowShape, row_writer
from models.synthesis.tables.sheet import Keeps, Sheet

Writer = Callable[[Random, Sheet, Pen], None]


@dataclass(frozen=True, slots=True)
class Style:
    """One way to flatten a table.

    ``keeps`` tells what survives: ``places`` every cell, blank or not; ``numbers`` the cells that print something;
    ``digits`` a row's text without separators; ``first`` only the first of equal lines. ``one_line`` styles put the
    table on a single line.
    """

    name: str
    weight: float
    write: Writer
    keeps: Keeps = "places"
    one_line: bool = False


_ALL = (
    Style("R-keep", 0.28, row_writer(RowShape("after"))),
    Style("R-keep-in-place", 0.05, row_writer(RowShape("after", places="in_place"))),
    Style("R-drop", 0.07, row_writer(RowShape("after", empty=False)), "numbers"),
    Style("R-lead", 0.06, row_writer(RowShape("around", places="bare"))),
    Style("C", 0.18, lines.write_c),
    Style("C-lead", 0.03, lines.write_c_led),
    Style("mixed", 0.015, lines.write_mixed),
    Style("P", 0.05, lines.write_p),
    Style("P-indent", 0.01, lines.write_p_indented),
    Style("L-blank", 0.26, lines.write_blank_lines),
    Style("L-dense", 0.03, lines.write_dense),
    Style("L-tab", 0.02, lines.write_tab_led),
    Style("L-drop", 0.01, lines.write_dropped, "numbers"),
    Style("L-dedup", 0.02, lines.write_without_repeats, "first"),
    Style("G-numbers", 0.01, glued.write_glued_numbers, "digits"),
    Style("G-rows", 0.015, glued.write_glued_rows, "digits"),
    Style("G-line", 0.03, glued.write_one_line, "digits", one_line=True),
    Style("S", 0.015, row_writer(RowShape("none", " ", "bare", empty=False)), "numbers"),
    Style("T", 0.03, row_writer(RowShape("none", places="in_place"))),
    Style("T-bare", 0.03, row_writer(RowShape("none", places="bare"))),
    Style("T-adrift", 0.02, row_writer(RowShape("none", places="adrift"))),
    Style("T-rule", 0.01, row_writer(RowShape("none", places="in_place", rule="dashes"))),
    Style("markdown", 0.015, row_writer(RowShape("around", places="padded", rule="markdown"))),
    Style("PDF-rows", 0.05, pdf.write_pdf_rows, "numbers"),
    Style("PDF-columns", 0.03, pdf.write_pdf_columns, "numbers"),
    Style("small-tables", 0.01, torn.write_small_tables),
    Style("hoisted", 0.02, torn.write_hoisted),
)

STYLES: dict[str, Style] = {s.name: s for s in _ALL}
WITHHELD = Style("cards", 0.0, cards.write_cards)  # never drawn: see Options.shows


def draw_style(rng: Random) -> Style:
    """A style by weight; a document normally uses one for all its tables."""
    return rng.choices(_ALL, [s.weight for s in _ALL])[0]
