"""Tables: the cells of the statutory tables, read from text and form, helped by the types of the blocks."""

from __future__ import annotations

from dataclasses import replace

from extractor.document import Cell, Document
from extractor.tables.read import read_tables


class TableStage:
    """Adds the tables and the format that their columns show. Pure: depends on the document's text and blocks."""

    name = "tables"
    needs = ("blocks",)
    makes = ("tables", "labels")

    def __call__(self, document: Document) -> Document:
        read = read_tables(document.text, document.blocks)
        metadata = document.metadata if read.format is None else replace(document.metadata, format=read.format)
        notices = (*document.notices, *read.notices)
        tables = tuple(replace(t, cells=tuple(_as_printed(c, document.text) for c in t.cells)) for t in read.tables)
        return document.having(tables=tables, labels=tuple(read.label_spans), metadata=metadata, notices=notices)


def _as_printed(cell: Cell, text: str) -> Cell:
    """The cell with the characters that stand at its place: ０ and 未增未減, not what they were read as."""
    raw = cell.span.of(text) if cell.span else cell.raw
    return cell if raw == cell.raw else replace(cell, raw=raw)
