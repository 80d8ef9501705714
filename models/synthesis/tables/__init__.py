"""Flattened statutory tables for synthetic reports: every style of scraped text, every label damage, exact gold."""

from models.synthesis.tables.build import table_ids
from models.synthesis.tables.damage import Damage, TableOptions, draw_damage, draw_options
from models.synthesis.tables.doubt import split_count
from models.synthesis.tables.styles import STYLES, WITHHELD, Style, draw_style
from models.synthesis.tables.values import (
    BLANKS,
    NumberLook,
    PrintedCell,
    cell_value,
    draw_blanks,
    draw_look,
    print_cells,
    print_number,
)
from models.synthesis.tables.writer import write_table

__all__ = [
    "BLANKS",
    "STYLES",
    "WITHHELD",
    "Damage",
    "NumberLook",
    "PrintedCell",
    "Style",
    "TableOptions",
    "cell_value",
    "draw_blanks",
    "draw_damage",
    "draw_look",
    "draw_options",
    "draw_style",
    "print_cells",
    "print_number",
    "split_count",
    "table_ids",
    "write_table",
]
