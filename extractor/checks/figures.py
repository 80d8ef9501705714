"""What the tables say of a quantity: the cells of a metric expression, added up, with what is uncertain about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from extractor.document import Cell, Document, Span
from models.form import Form, load_form

State = Literal["printed", "blank", "unread", "absent"]
_TABLES = ("t2", "t3", "t4")
_OTHERS = ("no_correction", "no_fee", "other")
# a report of one form may print a block of the other: the column that holds the same quantity there
_HYBRID = {
    "made": "new_made", "valid": "total_public", "new_made": "made", "total_public": "valid",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity as the tables print it.

    ``cells`` are the cells that stand in the tables for it, ``spans`` their places. ``blank``: nothing is printed;
    ``unread``: a cell could not be read; ``absent``: the report has no such cell. ``derived``: a total left blank was
    added up from its row. ``placed``: a cell's place was inferred.
    """

    state: State
    value: float | None
    cells: tuple[str, ...]
    spans: tuple[Span, ...]
    confidence: float
    derived: bool = False
    placed: bool = False
    why: str = ""


class Figures:
    """The tables of one report by cell id. ``form`` is None where no statutory form applies (before 2019)."""

    def __init__(self, document: Document) -> None:
        self.form = form_of(document)
        self.cells = {c.id: c for t in document.tables for c in t.cells}
        self._expanded: dict[str, tuple[str, ...]] = {}
        self.tables = frozenset(t.id for t in document.tables if t.id in _TABLES and t.cells)

    def expand(self, expression: str) -> tuple[str, ...]:
        """The ids of the cells that hold an expression in this report's own tables."""
        found = self._expanded.get(expression)
        if found is None:
            assert self.form is not None
            ids = [i for cell in self.form.expand(expression) for i in self._as_printed(cell)]
            found = self._expanded[expression] = tuple(dict.fromkeys(ids))
        return found

    def printed_ids(self, cells: tuple[str, ...]) -> tuple[str, ...]:
        """These cells under the ids that the report's own tables give them."""
        if all(c in self.cells for c in cells):
            return cells
        return tuple(dict.fromkeys(i for cell in cells for i in self._as_printed(cell)))

    def _as_printed(self, cell: str) -> tuple[str, ...]:
        """The cell under the id that the report's own mixture of forms gives it."""
        if cell in self.cells:
            return (cell,)
        table, row, *rest = cell.split(".")
        if table == "t3" and row == "other":
            single, three = f"t3.other.{rest[-1]}", tuple(f"t3.other.{o}.{rest[-1]}" for o in _OTHERS)
            if len(rest) == 2 and single in self.cells:
                return (single,)
            if len(rest) == 1 and three[0] in self.cells:
                return three
        if table == "t2" and rest and f"t2.{row}.{_HYBRID.get(rest[0], '')}" in self.cells:
            return (f"t2.{row}.{_HYBRID[rest[0]]}",)
        return (cell,)

    def read(self, expression: str) -> Figure:
        """The figure of a metric expression: ``t3.denied.*.total``, ``t3.granted.total+t3.partial.total`` …"""
        return self.total(self.expand(expression))

    def total(self, ids: tuple[str, ...]) -> Figure:
        """The sum of cells. Blank ones count as 0 beside printed ones."""
        found = [self.cells[i] for i in ids if i in self.cells]
        spans = tuple(c.span for c in found if c.span and c.span.start < c.span.end)
        if len(found) < len(ids):
            return Figure("absent", None, ids, spans, 0.0)
        unread = next((c for c in found if c.status == "unread"), None)
        if unread is not None:
            return Figure("unread", None, ids, spans, unread.confidence, why=unread.why)
        values = [self._value(c) for c in found]
        printed = [v for v in values if v is not None]
        sure = min((c.confidence for c in found), default=0.0)
        if not printed:
            return Figure("blank", None, ids, spans, sure)
        derived = any(c.value is None and v is not None for c, v in zip(found, values, strict=True))
        placed = any(c.status == "placed" for c in found)
        return Figure("printed", float(sum(printed)), ids, spans, sure, derived, placed)

    def _value(self, cell: Cell) -> float | None:
        if cell.value is not None:
            return cell.value
        parts = self.parts_of(cell.id)
        printed = [c.value for c in parts if c.value is not None]
        return float(sum(printed)) if printed else None

    def parts_of(self, cell_id: str) -> list[Cell]:
        """The cells of a row that its total adds up; none for a cell that is no total."""
        row, _, column = cell_id.rpartition(".")
        table = self.form.tables.get(cell_id.split(".", 1)[0]) if self.form else None
        if column != "total" or table is None:
            return []
        return [c for k in table.columns if k.id != "total" and (c := self.cells.get(f"{row}.{k.id}"))]


def form_of(document: Document) -> Form | None:
    """The statutory form of a report: by its table 2, else by its year; None for reports before 2019."""
    given, year = document.metadata.format, document.metadata.year
    if given == "pre2019" or (given is None and year is not None and year < 2019):
        return None
    if given in ("2019", "2021"):
        return load_form(given)
    return load_form("2019" if year in (2019, 2020) else "2021")
