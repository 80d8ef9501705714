"""Writes slots as text and keeps where each slot and each statutory cell went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from models.grid import segment
from models.synthesis.markup import Marked
from models.synthesis.tables.sheet import Row, Sheet, Slot
from models.synthesis.tables.values import PrintedCell


@dataclass(slots=True)
class Pen:
    """Grows a text. ``wrap`` stands for a line break inside a cell; ``seen`` are lines that must not come again.

    ``lost`` cells have no text left, ``doubtful`` ones have text that may be another cell's.
    """

    wrap: str = "\n"
    parts: list[str] = field(default_factory=list)
    at: int = 0
    slots: list[tuple[int, int, str]] = field(default_factory=list)
    cells: dict[str, tuple[int, int]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def raw(self, text: str) -> None:
        """Text that belongs to no slot: separators, rules, breaks."""
        self.parts.append(text)
        self.at += len(text)

    def slot(self, slot: Slot) -> None:
        """A slot's text with the white space around it; a blank cell is a place of no width."""
        self.raw(slot.lead)
        text = slot.text.replace("\n", self.wrap)
        if text:
            self.slots.append((self.at, self.at + len(text), slot.type))
        if slot.cell is not None:
            self.cells[slot.cell] = (self.at, self.at + len(text))
        self.raw(text)
        self.raw(slot.tail)

    def piece(self, text: str, kind: str) -> None:
        """A piece of a torn label or head."""
        self.slots.append((self.at, self.at + len(text), kind))
        self.raw(text)

    def lose(self, cell: str) -> None:
        """A cell whose text the flattening removed."""
        self.cells[cell] = (self.at, self.at)
        self.lost.add(cell)

    def row(self, slots: Iterable[Slot], sep: str) -> None:
        """Slots parted by ``sep``."""
        for i, slot in enumerate(slots):
            if i:
                self.raw(sep)
            self.slot(slot)

    def sparse(self, slots: Iterable[Slot], sep: str) -> None:
        """Slots parted by ``sep``, the empty ones without a place of their own."""
        gap = ""
        for slot in slots:
            if slot.text:
                self.raw(gap)
                gap = sep
            self.slot(slot)

    def plain(self, row: Row) -> None:
        """A line that is no row of cells: caption, note, page number, blank line."""
        self.row(row.slots, " ")
        self.raw("\n")

    def finish(self, sheet: Sheet, printed: Mapping[str, PrintedCell]) -> Marked:
        """The text with its marks: ``cell`` in the order of ``printed``, then ``block`` for each piece of a line."""
        for cell in sheet.lost:
            self.lose(cell)
        text = "".join(self.parts)
        end = len(text.rstrip("\n"))
        out = Marked(text[:end])
        for cell, what in printed.items():
            start, stop = (min(p, end) for p in self.cells[cell])
            data = {"id": cell, "value": what.value, "status": what.status}
            if cell in self.lost:
                data["status"] = "lost"
            if cell in self.lost or cell in self.doubtful:
                data["uncertain"] = True
            out.mark(start, stop, "cell", **data)
        for start, stop, kind in _block_types(out.text, self.slots):
            out.mark(start, stop, "block", type=kind)
        return out


def _block_types(text: str, slots: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The type of every grid piece: that of its slots, ``row`` where a label or head and a number share the piece."""
    out: list[tuple[int, int, str]] = []
    first = 0
    for block in segment(text):
        while first < len(slots) and slots[first][1] <= block.start:
            first += 1
        size: dict[str, int] = {}
        i = first
        while i < len(slots) and slots[i][0] < block.end:
            a, b, kind = slots[i]
            size[kind] = size.get(kind, 0) + min(b, block.end) - max(a, block.start)
            i += 1
        out.append((block.start, block.end, _type_of(size)))
    return out


def _type_of(size: Mapping[str, int]) -> str:
    if "value" in size and len(size) > 1:
        return "row"
    # rules between head and body hold no slot: they are part of the head
    return max(size, key=lambda k: size[k]) if size else "header"
