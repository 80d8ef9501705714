"""Corrections of cells and claims. What was read stays; a correction is an annotation beside it, and can be undone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.shapes import Annotation, StoredCell, StoredClaim
from service.store.numbers import number
from service.store.tables import AnnotationRow, CellRow, ClaimRow, DocumentRow, now


def cells_of(session: Session, document: DocumentRow) -> list[StoredCell]:
    """Every cell of the current extraction in the order of the form, with its correction."""
    rows = session.scalars(
        select(CellRow).where(CellRow.extraction_pk == document.extraction_pk).order_by(CellRow.position)
    )
    corrected = standing(session, document, "cell")
    return [_cell(row, corrected.get(row.id)) for row in rows]


def claims_of(session: Session, document: DocumentRow) -> list[StoredClaim]:
    """Every claim of the current extraction in the order of the text, with its correction."""
    rows = session.scalars(
        select(ClaimRow).where(ClaimRow.extraction_pk == document.extraction_pk).order_by(ClaimRow.pk)
    )
    corrected = standing(session, document, "claim")
    return [_claim(row, corrected.get(row.key)) for row in rows]


def find_cell(session: Session, document: DocumentRow, id: str) -> StoredCell | None:
    """One cell of the current extraction."""
    row = session.get(CellRow, (document.extraction_pk, id)) if document.extraction_pk else None
    return _cell(row, standing(session, document, "cell").get(id)) if row else None


def find_claim(session: Session, document: DocumentRow, key: str) -> StoredClaim | None:
    """One claim of the current extraction, by its key."""
    row = session.scalar(select(ClaimRow).filter_by(extraction_pk=document.extraction_pk, key=key))
    return _claim(row, standing(session, document, "claim").get(key)) if row else None


def correct_cell(
    session: Session, document: DocumentRow, cell: StoredCell, value: float | None, note: str, author: str
) -> None:
    """Say what a cell holds: ``{"cells": {id: value}}``, as an annotation of training_data says it."""
    original = {"cells": {cell.id: cell.value_read}, "raw": cell.raw, "start": cell.start, "end": cell.end}
    corrected = {"cells": {cell.id: number(value)}}
    _add(session, document, "cell", cell.id, original, corrected, note, author)


def correct_claim(
    session: Session, document: DocumentRow, stored: StoredClaim, fields: dict[str, Any] | None, note: str, author: str
) -> None:
    """Say what a claim is: ``{"claims": [claim]}`` with these fields changed, or an empty list where it is none."""
    read = stored.claim.model_dump(mode="json")
    gold = {name: read[name] for name in _GOLD}
    corrected = [] if fields is None else [{**gold, **fields}]
    _add(session, document, "claim", stored.id, {"claims": [gold]}, {"claims": corrected}, note, author)


def withdraw(session: Session, document: DocumentRow, kind: str, target: str) -> bool:
    """Undo the correction that counts: the one before it counts again. False where there is none."""
    last = standing(session, document, kind).get(target)
    if last is None:
        return False
    last.withdrawn_at = now()
    return True


def annotations_of(session: Session, document: DocumentRow) -> list[Annotation]:
    """Every correction ever made in a document, the latest first, also those withdrawn."""
    query = select(AnnotationRow).filter_by(document_pk=document.pk).order_by(AnnotationRow.pk.desc())
    return [_shape(row) for row in session.scalars(query)]


def standing(session: Session, document: DocumentRow, kind: str) -> dict[str, AnnotationRow]:
    """The correction that counts for each cell or claim: the latest that is not withdrawn."""
    query = select(AnnotationRow).filter_by(document_pk=document.pk, kind=kind)
    rows = session.scalars(query.where(AnnotationRow.withdrawn_at.is_(None)).order_by(AnnotationRow.pk))
    return {row.target: row for row in rows}


_GOLD = ("start", "end", "surface", "value", "unit", "kind", "approx", "scope", "metrics")


def _add(
    session: Session,
    document: DocumentRow,
    kind: str,
    target: str,
    original: dict[str, Any],
    corrected: dict[str, Any],
    note: str,
    author: str,
) -> None:
    row = AnnotationRow(document_pk=document.pk, kind=kind, target=target, original=original, corrected=corrected)
    row.note, row.author, row.created_at = note, author, now()
    session.add(row)
    session.flush()


def _cell(row: CellRow, correction: AnnotationRow | None) -> StoredCell:
    names = ("id", "raw", "start", "end", "status", "confidence")
    plain = {name: getattr(row, name) for name in names}
    read = number(row.value)
    value = correction.corrected["cells"][row.id] if correction else read
    made = {**plain, "table": row.table_id, "value": value, "value_read": read}
    return StoredCell.model_validate({**made, "correction": _shape(correction) if correction else None})


def _claim(row: ClaimRow, correction: AnnotationRow | None) -> StoredClaim:
    made = {"id": row.key, "claim": row.data, "correction": _shape(correction) if correction else None}
    return StoredClaim.model_validate(made)


def _shape(row: AnnotationRow) -> Annotation:
    names = ("kind", "target", "original", "corrected", "note", "author", "created_at", "withdrawn_at")
    return Annotation.model_validate({name: getattr(row, name) for name in names})
