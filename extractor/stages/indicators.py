"""Indicators: the statistics table (政府信息公开情况统计表) of reports of 2018 and before, and their format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractor.document import Document, Indicator, Message, Notice, Span, Table
from extractor.tables.indicator_values import Reading, read_values
from extractor.tables.indicators import Flat, Row, find_rows, flatten, may_have_indicators
from models.text import normalise, simplify

LAST_YEAR = 2018
STATUTORY = ("t2", "t3")
FORMAT = "pre2019"
TABLE = "x1"


class IndicatorStage:
    """Adds table ``x1`` where a report has no statutory table but the older return; a later year has none.

    The format becomes "pre2019" with that table, or by the year where no statutory table was found. Places of the
    rows' names join the labels: ``一、主动公开情况`` above a row is no heading. Tables read inside ``x1`` are dropped.
    """

    name = "indicators"
    needs = ("blocks", "metadata", "tables", "labels")
    makes = ("indicators",)

    def __call__(self, document: Document) -> Document:
        year = document.metadata.year
        if any(t.id in STATUTORY for t in document.tables) or (year is not None and year > LAST_YEAR):
            return document
        found = _read(document)
        if found is None and not _is_old(document):
            return document
        metadata = replace(document.metadata, format=FORMAT)
        document = document.having(metadata=metadata)
        if found is None:
            return document
        table, labels, notices = found
        others = tuple(t for t in document.tables if not t.span.overlaps(table.span))
        return document.having(
            tables=(*others, table), labels=(*document.labels, *labels), notices=(*document.notices, *notices)
        )


def _is_old(document: Document) -> bool:
    """By the report's year, or where it names none by a date of publication that no later report can have."""
    year, published = document.metadata.year, document.metadata.published
    return year is not None or (published is not None and int(published[:4]) <= LAST_YEAR)


def _read(document: Document) -> tuple[Table, list[Span], list[Notice]] | None:
    if not may_have_indicators(simplify(document.text)):
        return None
    flat = flatten(normalise(document.text))
    rows = find_rows(flat)
    if not rows:
        return None
    readings = read_values(rows, document.metadata.year)
    if all(r.value is None for r in readings):
        return None
    indicators = tuple(_indicator(flat, r) for r in readings)
    head = rows[0].head
    start, _ = flat.span(head.start if head else rows[0].start, rows[0].unit_end)
    table = Table(TABLE, FORMAT, Span(start, indicators[-1].span.end), indicators=indicators)
    return table, _labels(flat, rows), [_notice(r, i.span) for r, i in zip(readings, indicators, strict=True) if r.open]


def _indicator(flat: Flat, reading: Reading) -> Indicator:
    span = Span(*flat.span(reading.start, reading.end))
    return Indicator(reading.row.name, reading.row.unit, reading.value, span, reading.cumulative)


def _labels(flat: Flat, rows: Sequence[Row]) -> list[Span]:
    """The heads, and everything between one row's values and the next row's."""
    head = rows[0].head
    starts = [head.start if head else rows[0].start, *(r.end for r in rows[:-1])]
    return [Span(*flat.span(a, r.unit_end)) for a, r in zip(starts, rows, strict=True)]


def _notice(reading: Reading, span: Span) -> Notice:
    name = reading.row.name
    message = Message(
        f"统计表“{name}”的数字无法确定属于哪一栏，未予读取。",
        f"The numbers of the indicator {name} cannot be told apart by column; not read.",
    )
    return Notice("indicator_unread", message, span)
