"""What the cells of a table print: zeros or blanks, signs and words for changes, units, odd digits.

Weights are those of the survey of scraped reports: zeros .83, blanks .10, only totals .03, slash .03, dash .01.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Literal, get_args

from models.synthesis.facts import Facts

Blanks = Literal["zeros", "blanks", "natural", "totals", "slash", "dash", "underscore", "empty"]
Delta = Literal["plain", "sign", "word"]
BLANKS: tuple[Blanks, ...] = get_args(Blanks)
_WEIGHTS = (0.83, 0.07, 0.03, 0.03, 0.03, 0.006, 0.004, 0.01)
_SIGNS: dict[str, str] = {"slash": "/", "dash": "-", "underscore": "_"}
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell as the report prints it.

    ``text`` is the cell's own text ("" for nothing), ``value`` the number gold says of it (None where the cell is
    empty or prints “/”, “-”, “_”, “无”). ``lead``/``tail``: white space inside the cell around the text.
    """

    text: str
    value: float | None
    lead: str = ""
    tail: str = ""

    @property
    def status(self) -> Literal["read", "blank"]:
        """``blank`` where the cell gives no number."""
        return "blank" if self.value is None else "read"


@dataclass(frozen=True, slots=True)
class NumberLook:
    """How one document writes its numbers. ``unit`` writes 批次 and 万元 into the cells of money and purchases."""

    delta: Delta = "sign"
    wide: bool = False
    thousands: bool = False
    unit: bool = False
    two_decimals: bool = False
    lead: str = ""
    tail: str = ""


def draw_blanks(rng: Random) -> Blanks:
    """How a document prints its zeros."""
    return rng.choices(BLANKS, _WEIGHTS)[0]


def draw_look(rng: Random) -> NumberLook:
    """How a document writes its numbers; plain digits in nine of ten."""
    delta: Delta = rng.choices(get_args(Delta), (0.35, 0.45, 0.2))[0]
    lead = rng.choices(("", " ", "\u00a0"), (0.94, 0.03, 0.03))[0]
    return NumberLook(
        delta=delta,
        wide=rng.random() < 0.015,
        thousands=rng.random() < 0.01,
        unit=rng.random() < 0.05,
        two_decimals=rng.random() < 0.1,
        lead=lead,
        tail=" " if rng.random() < 0.01 else "",
    )


def print_number(value: float, cell: str, look: NumberLook) -> str:
    """The digits, sign and unit that one cell prints for a number."""
    column = cell.rsplit(".", 1)[1]
    if column == "delta":
        return _wide(_change(int(value), look.delta), look)
    text = _digits(value, look)
    if look.unit and column == "amount":
        text += "万元"
    elif look.unit and cell == "t2.procurement.count":
        text += "批次"
    return _wide(text, look)


def _digits(value: float, look: NumberLook) -> str:
    if value == int(value):
        return f"{int(value):,}" if look.thousands else str(int(value))
    if look.two_decimals and round(value, 2) == value:
        return f"{value:.2f}"
    text = f"{value:,.6f}" if look.thousands else f"{value:.6f}"
    return text.rstrip("0")


def _wide(text: str, look: NumberLook) -> str:
    return text.translate(_WIDE) if look.wide else text


def _change(value: int, delta: Delta) -> str:
    if delta == "word":
        return "未增未减" if value == 0 else f"{'增' if value > 0 else '减'}{abs(value)}"
    return f"+{value}" if value > 0 and delta == "sign" else str(value)


def cell_value(facts: Facts, cell: str) -> float:
    """The number of a cell; of the single （六）其他处理 row the sum of the three rows it stands for."""
    if cell in facts.values:
        return facts.values[cell]
    table, _, column = cell.split(".")
    if cell.startswith("t3.other."):
        rows = ("no_correction", "no_fee", "other")
        return sum(facts.values[f"{table}.other.{r}.{column}"] for r in rows)
    hybrid = {"new_made": "made", "new_public": "made", "total_public": "valid"}
    return facts.values[f"{cell.rsplit('.', 1)[0]}.{hybrid[column]}"]


def print_cells(
    facts: Facts, ids: tuple[str, ...], blanks: Blanks, look: NumberLook, given: Mapping[str, PrintedCell]
) -> dict[str, PrintedCell]:
    """Every cell of ``ids`` as printed: those ``given`` as they are, all others by the document's habits."""
    out: dict[str, PrintedCell] = {}
    for cell in ids:
        if cell in given:
            out[cell] = given[cell]
            continue
        value = cell_value(facts, cell)
        mark = _blank(cell, value, blanks)
        if mark is not None:
            out[cell] = PrintedCell(mark, None, *(("", "") if not mark else (look.lead, look.tail)))
        else:
            out[cell] = PrintedCell(print_number(value, cell, look), value, look.lead, look.tail)
    return out


def _blank(cell: str, value: float, blanks: Blanks) -> str | None:
    """What stands in place of a number, None where the number is printed."""
    table, *_, column = cell.split(".")
    if blanks == "empty":
        return ""
    if blanks == "totals":
        return "" if table != "t2" and column != "total" else None
    if blanks == "natural":
        return "" if table == "t3" and value == 0 and column not in ("natural", "total") else None
    if value != 0 or blanks == "zeros":
        return None
    return _SIGNS.get(blanks, "")
