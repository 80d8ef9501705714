"""The rows of the exports, read in short transactions: a long export holds nobody up."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from extractor.result import Result
from service.exports.columns import Row, What, columns_of
from service.shapes import Finding, StoredCell
from service.store import corrections, documents, findings
from service.store.database import Database
from service.store.documents import DocumentFilter
from service.store.findings import FindingFilter
from service.store.tables import AnnotationRow, CellRow, DocumentRow, FindingRow, ReviewRow

_DOCUMENTS = 50
_FINDINGS = 500
_GOLD_CLAIM = ("start", "end", "surface", "value", "unit", "kind", "approx", "scope", "metrics")


def count(database: Database, what: What, wanted: DocumentFilter | FindingFilter) -> int:
    """How many rows an export has."""
    with database.reading() as session:
        if isinstance(wanted, FindingFilter):
            query = select(func.count()).select_from(FindingRow)
            query = query.join(DocumentRow, DocumentRow.pk == FindingRow.document_pk).where(*wanted.conditions())
        else:
            query = select(func.count()).select_from(DocumentRow).where(*wanted.conditions(session))
            if what == "cells":
                query = query.join(CellRow, CellRow.extraction_pk == DocumentRow.extraction_pk)
            if what == "annotations":
                query = query.where(_decided())
        return session.scalar(query) or 0


def finding_rows(database: Database, wanted: FindingFilter) -> Iterator[Row]:
    """One row a finding, those of the newest reports first."""
    cursor: str | None = None
    while True:
        with database.reading() as session:
            page = findings.list_findings(session, wanted, cursor, _FINDINGS)
            names = _facts_of(session, {f.document_id for f in page.items})
        for finding in page.items:
            yield names[finding.document_id] | _finding_row(finding)
        cursor = page.next
        if cursor is None:
            return


def cell_rows(database: Database, wanted: DocumentFilter) -> Iterator[Row]:
    """One row a cell, documents in the order in which they came, cells in the order of the form."""

    def rows(session: Session, row: DocumentRow) -> Iterator[Row]:
        head = _facts(row) | {"format": row.format}
        for cell in corrections.cells_of(session, row):
            yield head | _cell_row(cell)

    return _each(database, wanted, rows)


def table_rows(database: Database, wanted: DocumentFilter) -> Iterator[Row]:
    """One row a document, with a column for each cell of the statutory tables; corrected values go before read ones."""
    blank = {column.name: None for column in columns_of("tables")}

    def rows(session: Session, row: DocumentRow) -> Iterator[Row]:
        cells = {c.id: c.value for c in corrections.cells_of(session, row) if c.id in blank}
        yield blank | _facts(row) | {"format": row.format, "status": row.status} | cells

    return _each(database, wanted, rows)


def gold_rows(database: Database, wanted: DocumentFilter) -> Iterator[Row]:
    """Each document that somebody corrected or reviewed, with its text, as annotations in training_data say it."""

    def rows(session: Session, row: DocumentRow) -> Iterator[Row]:
        yield _gold(session, row)

    return _each(database, wanted, rows, _decided())


def _each(
    database: Database,
    wanted: DocumentFilter,
    rows: Callable[[Session, DocumentRow], Iterator[Row]],
    *more: ColumnElement[bool],
) -> Iterator[Row]:
    last = 0
    while True:
        with database.reading() as session:
            query = select(DocumentRow).where(*wanted.conditions(session), *more, DocumentRow.pk > last)
            batch = session.scalars(query.order_by(DocumentRow.pk).limit(_DOCUMENTS)).all()
            made = [made for row in batch for made in rows(session, row)]
        yield from made
        if len(batch) < _DOCUMENTS:
            return
        last = batch[-1].pk


def _facts(row: DocumentRow) -> Row:
    return {"document_id": row.id, "name": row.name, "title": row.title, "issuer": row.issuer, "year": row.year}


def _facts_of(session: Session, ids: set[str]) -> dict[str, Row]:
    return {row.id: _facts(row) for row in session.scalars(select(DocumentRow).where(DocumentRow.id.in_(ids)))}


def _finding_row(finding: Finding) -> Row:
    names = (
        "kind", "status", "severity", "message", "message_en", "claim_id", "expected", "found", "why", "decision",
        "confidence", "cause",
    )  # fmt: skip
    last = finding.review
    return {
        **{name: getattr(finding, name) for name in names},
        "finding_id": finding.id,
        "cells": ";".join(finding.cells),
        "evidence": ";".join(f"{place.start}-{place.end}" for place in finding.evidence),
        "author": last.author if last else None,
        "note": last.note if last else None,
        "reviewed_at": last.created_at.isoformat() if last else None,
        "changed_since_review": finding.changed_since_review,
    }


def _cell_row(cell: StoredCell) -> Row:
    names = ("table", "value", "value_read", "raw", "start", "end", "status", "confidence")
    fix = cell.correction
    plain = {name: getattr(cell, name) for name in names}
    told = {"author": fix.author if fix else None, "note": fix.note if fix else None}
    return {**plain, "cell": cell.id, "corrected": fix is not None, **told}


def _decided() -> ColumnElement[bool]:
    """Of documents that somebody corrected or reviewed, and did not take it all back."""
    return or_(
        *(
            select(table.pk).where(table.document_pk == DocumentRow.pk, table.withdrawn_at.is_(None)).exists()
            for table in (AnnotationRow, ReviewRow)
        )
    )


def _gold(session: Session, row: DocumentRow) -> Row:
    """Claims that are none are left out, dismissed findings too: an annotation says what is right."""
    result = Result.model_validate_json(documents.result_of(session, row) or b"{}")
    cells = corrections.cells_of(session, row)
    claims = [
        claim
        for stored in corrections.claims_of(session, row)
        for claim in (
            stored.correction.corrected["claims"]
            if stored.correction
            else [{name: value for name, value in stored.claim.model_dump(mode="json").items() if name in _GOLD_CLAIM}]
        )
    ]
    wrong = [f for f in findings.findings_of(session, row) if f.status == "mismatch" and f.decision != "dismissed"]
    facts = {name: getattr(row, name) for name in ("id", "format", "year", "issuer", "title", "published")}
    return {
        **facts,
        "headings": _headings(result),
        "cells": {c.id: c.value for c in cells if c.status != "unread" or c.correction},
        "uncertain_cells": [c.id for c in cells if c.status == "unread" and not c.correction],
        "claims": claims,
        "findings": [
            {"kind": f.kind, "cells": f.cells, "spans": [[e.start, e.end] for e in f.evidence]} for f in wrong
        ],
        "text": documents.read_text(session, row),
    }


def _headings(result: Result) -> list[Row]:
    out: list[Row] = []
    todo = [*result.sections]
    while todo:
        section = todo.pop(0)
        todo = [*section.children, *todo]
        if section.heading:
            place = section.heading
            out.append({"level": section.level, "text": place.text, "start": place.start, "end": place.end})
    return out
