"""Rows to the bytes of a file, piece by piece. Text that a spreadsheet would take for a formula is defused."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.util import find_spec
from itertools import islice
from typing import Any, BinaryIO, Literal

from service.exports.columns import Column, Row

Format = Literal["json", "ndjson", "csv", "xlsx", "parquet"]
MEDIA_TYPES: dict[str, str] = {
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
_PIECE = 256 * 1024
_BATCH = 2000
_SHEET_ROWS = 1_000_000
_FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class ParquetMissingError(RuntimeError):
    """pyarrow is not installed."""


def write(format: Format, columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """The pieces of a file with these rows. Raises ParquetMissingError at once, before the first piece."""
    if format == "parquet" and find_spec("pyarrow") is None:
        raise ParquetMissingError
    return _WRITERS[format](columns, rows)


def defused(text: str) -> str:
    """Text that begins like a formula gets an apostrophe in front, which spreadsheets show as text."""
    return f"'{text}" if _FORMULA.match(text) else text


def _json(_columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    between = b"["
    for row in rows:
        yield between + _dumped(row)
        between = b",\n"
    yield b"]" if between != b"[" else b"[]"


def _ndjson(_columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    for row in rows:
        yield _dumped(row) + b"\n"


def _dumped(row: Row) -> bytes:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _csv(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, by which spreadsheets know it; lines end as RFC 4180 wants them."""
    page = io.StringIO()
    writer = csv.writer(page)
    page.write("\ufeff")
    writer.writerow(column.name for column in columns)
    for row in rows:
        writer.writerow(_plain(row[column.name], column) for column in columns)
        if page.tell() > _PIECE:
            yield _taken(page)
    yield _taken(page)


def _taken(page: io.StringIO) -> bytes:
    text = page.getvalue()
    page.seek(0)
    page.truncate()
    return text.encode("utf-8", "replace")


def _plain(value: Any, column: Column) -> Any:
    if value is None:
        return ""
    if column.kind == "flag":
        return "true" if value else "false"
    return value if column.kind == "number" else defused(_CONTROLS.sub("\ufffd", value))


def _xlsx(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """A sheet for every million rows: the format takes hardly more."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    try:
        _fill(book, columns, iter(rows))
    except BaseException:
        for sheet in book.worksheets:  # an export that is stopped half-way leaves no file behind
            sheet.close()
            sheet._writer.cleanup()
        raise
    yield from _through_file(book.save)


def _fill(book: Any, columns: Sequence[Column], rows: Iterator[Row]) -> None:
    while True:
        sheet = book.create_sheet()
        sheet.freeze_panes = "A2"
        sheet.append([column.name for column in columns])
        count = 0
        for row in islice(rows, _SHEET_ROWS):
            sheet.append([_shown(row[column.name], column) for column in columns])
            count += 1
        if count < _SHEET_ROWS:
            return


def _shown(value: Any, column: Column) -> Any:
    return defused(_CONTROLS.sub("\ufffd", value)) if isinstance(value, str) else value


def _parquet(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    import pyarrow
    from pyarrow import parquet

    kinds = {"text": pyarrow.string(), "number": pyarrow.float64(), "flag": pyarrow.bool_()}
    schema = pyarrow.schema([(column.name, kinds[column.kind]) for column in columns])

    def save(file: BinaryIO) -> None:
        remaining = iter(rows)
        with parquet.ParquetWriter(file, schema) as writer:
            while batch := list(islice(remaining, _BATCH)):
                writer.write_table(pyarrow.Table.from_pylist([_typed(row, columns) for row in batch], schema))

    yield from _through_file(save)


def _typed(row: Row, columns: Sequence[Column]) -> Row:
    typed = {column.name: row[column.name] for column in columns}
    return typed | {c.name: float(row[c.name]) for c in columns if c.kind == "number" and row[c.name] is not None}


def _through_file(save: Callable[[BinaryIO], Any]) -> Iterator[bytes]:
    """These formats put their table of contents at the end or go back: they need a file."""
    with tempfile.SpooledTemporaryFile(8 * 1024 * 1024) as file:
        save(file)  # type: ignore[arg-type]
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


_WRITERS: dict[str, Callable[[Sequence[Column], Iterable[Row]], Iterator[bytes]]] = {
    "json": _json,
    "ndjson": _ndjson,
    "csv": _csv,
    "xlsx": _xlsx,
    "parquet": _parquet,
}
