"""A table before it is flattened: rows of slots on the printed grid, merged places included."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

SlotType = Literal["caption", "header", "label", "value", "note", "page_number"]
Merge = Literal["", "across", "down"]
RowKind = Literal["caption", "note", "head", "data", "page", "blank"]
Keeps = Literal["places", "numbers", "digits", "first"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of the grid.

    ``text`` is what is printed there ("\\n" where the cell wraps). ``cell`` is the id of the statutory cell, None for
    all else (also for a number that is no statutory cell: 小计, a row printed twice). ``merge`` tells that the place
    is covered by the cell to its left ("across") or above ("down") and prints nothing of its own.
    ``lead`` and ``tail`` stand around the text inside the cell but are no part of it.
    """

    text: str
    type: SlotType
    cell: str | None = None
    merge: Merge = ""
    lead: str = ""
    tail: str = ""


@dataclass(slots=True)
class Row:
    """One printed row. ``group`` is the group it belongs to, None where it has none."""

    kind: RowKind
    slots: list[Slot]
    id: str = ""
    group: str | None = None

    @property
    def present(self) -> list[Slot]:
        """The slots that are cells of their own, blank ones included."""
        return [s for s in self.slots if not s.merge]

    @property
    def labels(self) -> list[Slot]:
        """The label slots that print something."""
        return [s for s in self.slots if s.type == "label" and s.text]

    @property
    def values(self) -> list[Slot]:
        """The number slots, blank ones included."""
        return [s for s in self.slots if s.type == "value" and not s.merge]

    @property
    def plain(self) -> bool:
        """Whether it is a line of its own between the table's rows rather than a row of cells."""
        return self.kind not in ("head", "data")


@dataclass(slots=True)
class Sheet:
    """A whole table. ``width`` counts the grid's columns; ``lost`` are cells whose row the report leaves out."""

    table: str
    width: int
    rows: list[Row]
    lost: list[str] = field(default_factory=list)

    @property
    def data(self) -> list[Row]:
        """The rows that hold numbers."""
        return [r for r in self.rows if r.kind == "data"]


def across(kind: SlotType, count: int) -> list[Slot]:
    """Places covered by the cell to their left."""
    return [Slot("", kind, merge="across") for _ in range(count)]


def down(kind: SlotType) -> Slot:
    """A place covered by the cell above."""
    return Slot("", kind, merge="down")
