"""Findings over everything that is stored, and the reviews of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from service.shapes import Decision, Finding, Page, Review
from service.store.numbers import number
from service.store.pages import behind, cursor_of
from service.store.recording import lock, refresh, standing
from service.store.tables import DocumentRow, FindingRow, ReviewRow, now


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings. ``decision`` open means: nobody has decided yet, or the decision was undone."""

    status: str | None = None
    year: int | None = None
    kind: str | None = None
    severity: str | None = None
    decision: str | None = None
    issuer: str | None = None
    document: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """What a row of ``findings`` joined with ``documents`` must fulfil."""
        pairs = (
            (FindingRow.status, self.status),
            (FindingRow.year, self.year),
            (FindingRow.kind, self.kind),
            (FindingRow.severity, self.severity),
            (FindingRow.review, self.decision),
            (DocumentRow.id, self.document),
        )
        out: list[ColumnElement[bool]] = [FindingRow.current.is_(True)]
        out += [column == value for column, value in pairs if value is not None]
        if self.issuer:
            out.append(DocumentRow.issuer.contains(self.issuer.replace("\0", "\ufffd"), autoescape=True))
        return out


def list_findings(session: Session, wanted: FindingFilter, cursor: str | None, limit: int) -> Page[Finding]:
    """Findings of all documents, those of the newest first. Raises CursorError."""
    query = select(FindingRow, DocumentRow).join(DocumentRow, DocumentRow.pk == FindingRow.document_pk)
    query = query.where(*wanted.conditions()).order_by(FindingRow.pk.desc()).limit(limit + 1)
    if cursor:
        query = query.where(FindingRow.pk < behind(cursor))
    rows = [(finding, document) for finding, document in session.execute(query)]
    more = cursor_of(rows[limit - 1][0].pk) if len(rows) > limit else None
    return Page(items=shapes(session, rows[:limit]), next=more)


def findings_of(session: Session, document: DocumentRow) -> list[Finding]:
    """Every finding of a document's current extraction, in the order of the extraction."""
    rows = session.scalars(
        select(FindingRow).where(FindingRow.extraction_pk == document.extraction_pk).order_by(FindingRow.pk)
    )
    return shapes(session, [(row, document) for row in rows])


def shapes(session: Session, rows: list[tuple[FindingRow, DocumentRow]]) -> list[Finding]:
    """Rows as they are answered, each with the review that counts."""
    reviewed = {row.document_pk for row, _ in rows if row.review != "open"}
    reviews = {(pk, key): review for pk in reviewed for key, review in standing(session, pk).items()}
    return [_shape(row, document, reviews.get((row.document_pk, row.key))) for row, document in rows]


def find(session: Session, id: str) -> tuple[FindingRow, DocumentRow] | None:
    """The finding with this id among those that count."""
    document_id, _, key = id.partition(".")
    query = select(FindingRow, DocumentRow).join(DocumentRow, DocumentRow.pk == FindingRow.document_pk)
    found = session.execute(
        query.where(DocumentRow.id == document_id, FindingRow.key == key, FindingRow.current)
    ).first()
    return (found[0], found[1]) if found else None


def review(
    session: Session, finding: FindingRow, document: DocumentRow, decision: Decision, note: str, author: str
) -> None:
    """Add a decision. It counts from now on; those before it stay in the history."""
    lock(session, document)
    session.add(
        ReviewRow(
            document_pk=document.pk,
            key=finding.key,
            decision=decision,
            note=note,
            author=author,
            created_at=now(),
            status=finding.status,
            expected=finding.expected,
            found=finding.found,
        )
    )
    _settle(session, finding.key, document)


def withdraw(session: Session, finding: FindingRow, document: DocumentRow) -> bool:
    """Undo the decision that counts: the one before it counts again. False where there is none."""
    lock(session, document)
    last = standing(session, document.pk).get(finding.key)
    if last is None:
        return False
    last.withdrawn_at = now()
    _settle(session, finding.key, document)
    return True


def history(session: Session, document: DocumentRow, key: str) -> list[Review]:
    """Every decision ever made on a finding, the latest first, also those withdrawn."""
    query = select(ReviewRow).filter_by(document_pk=document.pk, key=key).order_by(ReviewRow.pk.desc())
    return [_review(row) for row in session.scalars(query)]


def _settle(session: Session, key: str, document: DocumentRow) -> None:
    session.flush()
    last = standing(session, document.pk).get(key)
    session.execute(
        update(FindingRow)
        .where(FindingRow.document_pk == document.pk, FindingRow.key == key)
        .values(review=last.decision if last else "open")
    )
    refresh(session, document)


def _shape(row: FindingRow, document: DocumentRow, last: ReviewRow | None) -> Finding:
    plain = {name: getattr(row, name) for name in _PLAIN}
    changed = last is not None and (row.status, row.expected, row.found) != (last.status, last.expected, last.found)
    return Finding.model_validate(
        {
            **plain,
            "id": f"{document.id}.{row.key}",
            "document_id": document.id,
            "issuer": document.issuer,
            "claim_id": row.claim_key,
            "expected": number(row.expected),
            "found": number(row.found),
            "decision": row.review,
            "review": _review(last) if last else None,
            "changed_since_review": changed,
        }
    )


_PLAIN = (
    "year", "local_id", "kind", "status", "severity", "message", "message_en", "claim", "cells", "evidence", "why",
    "confidence", "cause",
)  # fmt: skip


def _review(row: ReviewRow) -> Review:
    names: Iterable[str] = ("decision", "note", "author", "created_at", "withdrawn_at", "status")
    plain = {name: getattr(row, name) for name in names}
    return Review.model_validate({**plain, "expected": number(row.expected), "found": number(row.found)})
