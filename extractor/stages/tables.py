"""Tables: the cells of the statutory tables, read from text and form, helped by the types of the blocks."""

from __future__ import annotations

from dataclasses import replace

from extractor.document import Document
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
        return document.having(tables=read.tables, labels=tuple(read.label_spans), metadata=metadata, notices=notices)
