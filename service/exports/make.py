"""An export whole: which rows, in which form. Endpoints answer with it, jobs keep it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from service.exports.columns import Row, What, columns_of
from service.exports.rows import cell_rows, count, finding_rows, gold_rows, table_rows
from service.exports.writers import MEDIA_TYPES, Format, write
from service.store.database import Database
from service.store.documents import DocumentFilter
from service.store.findings import FindingFilter


@dataclass(frozen=True, slots=True)
class Export:
    """What is asked for. ``findings`` takes a FindingFilter, all others a DocumentFilter."""

    what: What
    format: Format
    wanted: DocumentFilter | FindingFilter

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.format]

    @property
    def file_name(self) -> str:
        return f"nianbao-{self.what}.{self.format}"

    def count(self, database: Database) -> int:
        """How many rows it has."""
        return count(database, self.what, self.wanted)

    def pieces(self, database: Database, seen: Callable[[], None] | None = None) -> Iterator[bytes]:
        """The file. ``seen`` is called for each row, and may raise to stop. Raises ParquetMissingError at once."""
        return write(self.format, columns_of(self.what), self._rows(database, seen))

    def _rows(self, database: Database, seen: Callable[[], None] | None) -> Iterator[Row]:
        for row in self._all(database):
            if seen:
                seen()
            yield row

    def _all(self, database: Database) -> Iterator[Row]:
        if isinstance(self.wanted, FindingFilter):
            return finding_rows(database, self.wanted)
        rows = {"cells": cell_rows, "tables": table_rows, "annotations": gold_rows}[self.what]
        return rows(database, self.wanted)
