"""Stored documents: lists by filters, one by its id, its text, its extractions; and deletion."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer, String, column, delete, func, or_, select, table
from sqlalchemy.orm import Session, undefer

from extractor.document import Message, Notice, Span
from extractor.reading import Decoded
from service.shapes import Counts, Document, Extraction, FindingCount, Page, Statistics
from service.store.pages import behind, cursor_of
from service.store.recording import searchable
from service.store.tables import DocumentRow, ExtractionRow, FindingRow

_SHORTEST = 3
_TEXT = table("documents_text", column("rowid", Integer), column("search", String))


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents. ``q`` is searched in the text; with fewer than three characters in title and issuer only."""

    issuer: str | None = None
    year: int | None = None
    status: str | None = None
    q: str | None = None
    document: str | None = None

    def conditions(self, session: Session) -> list[ColumnElement[bool]]:
        """What a row of ``documents`` must fulfil."""
        out: list[ColumnElement[bool]] = []
        if self.issuer:
            out.append(DocumentRow.issuer.contains(_clean(self.issuer), autoescape=True))
        if self.year is not None:
            out.append(DocumentRow.year == self.year)
        if self.status:
            out.append(DocumentRow.status == self.status)
        if self.document is not None:
            out.append(DocumentRow.id == self.document)
        if self.q and self.q.strip():
            out.append(_containing(searchable(self.q), session))
        return out


def _clean(asked: str) -> str:
    """Nothing that is stored has a NUL, and PostgreSQL does not take one in a parameter."""
    return asked.replace("\0", "\ufffd")


def _containing(q: str, session: Session) -> ColumnElement[bool]:
    """Both databases look three characters up in an index; a shorter phrase would have to read every text."""
    if len(q) < _SHORTEST:
        return or_(*(column.contains(q, autoescape=True) for column in (DocumentRow.title, DocumentRow.issuer)))
    if session.get_bind().dialect.name != "sqlite":
        return DocumentRow.search.contains(q, autoescape=True)
    # A phrase of trigrams: answered by the index alone, where LIKE would read every text that may hold it.
    phrase = '"' + q.replace('"', '""') + '"'
    return DocumentRow.pk.in_(select(_TEXT.c.rowid).where(_TEXT.c.search.op("MATCH")(phrase)))


def list_documents(session: Session, wanted: DocumentFilter, cursor: str | None, limit: int) -> Page[Document]:
    """The newest first. Raises CursorError."""
    query = select(DocumentRow).where(*wanted.conditions(session)).order_by(DocumentRow.pk.desc()).limit(limit + 1)
    if cursor:
        query = query.where(DocumentRow.pk < behind(cursor))
    rows = session.scalars(query).all()
    more = cursor_of(rows[limit - 1].pk) if len(rows) > limit else None
    return Page(items=[shape(row) for row in rows[:limit]], next=more)


def row_of(session: Session, id: str) -> DocumentRow | None:
    """The document with this id."""
    return session.scalar(select(DocumentRow).where(DocumentRow.id == id))


def read_text(session: Session, document: DocumentRow) -> str:
    """The text as it was given."""
    content = session.scalars(select(DocumentRow.content).where(DocumentRow.pk == document.pk)).one()
    return content.decode()


def read_report(session: Session, document: DocumentRow) -> Decoded:
    """The report as it was when it came, with what was met when its bytes were read."""
    notices = tuple(
        Notice(n["code"], Message(n["zh"], n["en"]), Span(*n["span"]) if n["span"] else None) for n in document.notices
    )
    return Decoded(read_text(session, document), document.encoding, document.sha256, notices)


def result_of(
    session: Session, document: DocumentRow, layout: str | None = None, claims: str | None = None
) -> bytes | None:
    """The result of the current extraction as JSON, or of the latest by these versions; None where there is none."""
    query = select(ExtractionRow).options(undefer(ExtractionRow.result)).filter_by(document_pk=document.pk)
    if layout is None and claims is None:
        query = query.where(ExtractionRow.pk == document.extraction_pk)
    if layout is not None:
        query = query.where(ExtractionRow.layout == layout)
    if claims is not None:
        query = query.where(ExtractionRow.claims == claims)
    row = session.scalars(query.order_by(ExtractionRow.pk.desc()).limit(1)).first()
    return zlib.decompress(row.result) if row else None


def extractions_of(session: Session, document: DocumentRow) -> list[Extraction]:
    """Every reading of a document, the newest first."""
    rows = session.scalars(select(ExtractionRow).filter_by(document_pk=document.pk).order_by(ExtractionRow.pk.desc()))
    return [
        Extraction(
            layout=row.layout,
            claims=row.claims,
            schema_version=row.schema_version,
            software=row.software,
            created_at=row.created_at,
            current=row.pk == document.extraction_pk,
        )
        for row in rows
    ]


def has_extraction(session: Session, document: DocumentRow, layout: str, claims: str) -> bool:
    """Is the current extraction by these versions?"""
    query = select(ExtractionRow.pk).where(ExtractionRow.pk == document.extraction_pk)
    return session.scalar(query.where(ExtractionRow.layout == layout, ExtractionRow.claims == claims)) is not None


def remove(session: Session, document: DocumentRow) -> None:
    """Delete a document with its extractions, reviews and annotations."""
    session.execute(delete(DocumentRow).where(DocumentRow.pk == document.pk))


def statistics(session: Session) -> Statistics:
    """How many documents have which status, and how many findings that do not simply agree there are."""
    documents = session.execute(select(DocumentRow.status, func.count()).group_by(DocumentRow.status))
    columns = (FindingRow.year, FindingRow.kind, FindingRow.status, FindingRow.review)
    findings = session.execute(
        select(*columns, func.count())
        .where(FindingRow.current, FindingRow.status.in_(("mismatch", "unverifiable")))
        .group_by(*columns)
        .order_by(*columns)
    ).all()
    return Statistics(
        documents={row[0]: row[1] for row in documents},
        findings=[
            FindingCount(year=year, kind=kind, status=status, decision=review, count=count)
            for year, kind, status, review, count in findings
        ],
    )


def shape(row: DocumentRow) -> Document:
    """A row as it is answered."""
    counts = Counts(match=row.matches, mismatch=row.mismatches, unverifiable=row.unverifiable, open=row.open_mismatches)
    names = ("id", "name", "sha256", "encoding", "characters", "created_at", "title", "issuer", "year", "format")
    plain = {name: getattr(row, name) for name in (*names, "published", "status")}
    return Document.model_validate({**plain, "findings": counts})
