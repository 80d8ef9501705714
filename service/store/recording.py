"""Putting a report and what was read in it into the store."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from extractor.reading import Decoded
from models.text import simplify
from service.store.fingerprints import claim_keys, finding_keys
from service.store.tables import CellRow, ClaimRow, DocumentRow, ExtractionRow, FindingRow, ReviewRow, now

_NONE = "-"
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


def canonical(decoded: Decoded) -> Decoded:
    """The report with the digest of its text in UTF-8: the same text in another encoding is the same document."""
    return replace(decoded, sha256=digest(decoded.text))


def document_id(decoded: Decoded) -> str:
    """The id of the document that a (canonical) report is or will be."""
    return f"d{decoded.sha256[:24]}"


def digest(text: str) -> str:
    """SHA-256 of a text, as hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def find(session: Session, decoded: Decoded) -> DocumentRow | None:
    """The document with this very text, if it is stored."""
    return session.scalar(select(DocumentRow).where(DocumentRow.sha256 == decoded.sha256))


def save(session: Session, decoded: Decoded, name: str, body: bytes) -> tuple[DocumentRow, bool]:
    """Store a report with its result (``body``, JSON). Returns the document, and whether it is new."""
    found = find(session, decoded)
    if found is None:
        try:
            with session.begin_nested():
                made = _document(decoded, name, json.loads(body))
                session.add(made)
                session.flush()
                record(session, made, decoded.text, body)
            return made, True
        except IntegrityError:
            # Another request stored the same text between our look and our writing.
            found = session.scalars(select(DocumentRow).where(DocumentRow.sha256 == decoded.sha256)).one()
    lock(session, found)
    model = json.loads(body)["model"]
    current = session.get(ExtractionRow, found.extraction_pk)
    if current is None or (current.layout, current.claims) != (model["layout"] or _NONE, model["claims"] or _NONE):
        record(session, found, decoded.text, body)
    return found, False


def lock(session: Session, document: DocumentRow) -> None:
    """Keep others from changing a document until the transaction ends, and see what they changed before."""
    session.refresh(document, with_for_update=True)


def record(session: Session, document: DocumentRow, text: str, body: bytes) -> None:
    """Keep a result as the current extraction of a document. One of the same versions is replaced."""
    lock(session, document)
    result = json.loads(body)
    model = {name: result["model"][name] or _NONE for name in ("layout", "claims", "schema_version")}
    session.execute(delete(ExtractionRow).filter_by(document_pk=document.pk, **model))
    extraction = ExtractionRow(
        document_pk=document.pk,
        **model,
        software=version("nianbao"),
        created_at=now(),
        result=zlib.compress(body, 3),
    )
    session.add(extraction)
    session.flush()
    session.execute(update(FindingRow).where(FindingRow.document_pk == document.pk).values(current=False))
    _insert(session, CellRow, _cells(result, extraction.pk))
    claims = claim_keys(result, text)
    _insert(session, ClaimRow, _claims(result, extraction.pk, claims))
    _insert(session, FindingRow, _findings(session, result, document, extraction.pk, claims))
    document.extraction_pk = extraction.pk
    for field in ("title", "issuer", "year", "format", "published"):
        setattr(document, field, _clean(result["document"][field]))
    refresh(session, document, _is_report(result))


def refresh(session: Session, document: DocumentRow, is_report: bool | None = None) -> None:
    """Count the findings of the current extraction again, and say what the document's status is."""
    waits = (FindingRow.status == "mismatch") & (FindingRow.review == "open")
    counts = session.execute(
        select(FindingRow.status, waits, func.count())
        .where(FindingRow.extraction_pk == document.extraction_pk)
        .group_by(FindingRow.status, waits)
    ).all()
    total = {
        name: sum(n for status, _, n in counts if status == name) for name in ("match", "mismatch", "unverifiable")
    }
    document.matches, document.mismatches = total["match"], total["mismatch"]
    document.unverifiable = total["unverifiable"]
    document.open_mismatches = sum(n for _, is_open, n in counts if is_open)
    if is_report is None:
        is_report = document.status != "not_a_report"
    if not is_report:
        document.status = "not_a_report"
    elif document.open_mismatches:
        document.status = "open"
    else:
        document.status = "reviewed" if document.mismatches else "agrees"


def standing(session: Session, document_pk: int) -> dict[str, ReviewRow]:
    """The review that counts for each finding of a document: the latest that is not withdrawn."""
    rows = session.scalars(
        select(ReviewRow)
        .where(ReviewRow.document_pk == document_pk, ReviewRow.withdrawn_at.is_(None))
        .order_by(ReviewRow.pk)
    )
    return {row.key: row for row in rows}


def _document(decoded: Decoded, name: str, result: dict[str, Any]) -> DocumentRow:
    facts = result["document"]
    searched = "\n".join((facts["title"] or "", facts["issuer"] or "", name, decoded.text))
    return DocumentRow(
        id=document_id(decoded),
        sha256=decoded.sha256,
        content=decoded.text.encode(),
        search=searchable(searched),
        name=_clean(name),
        encoding=decoded.encoding,
        notices=[_notice(n) for n in decoded.notices],
        characters=len(decoded.text),
        created_at=now(),
        status="agrees",
    )


def searchable(text: str) -> str:
    """The form in which texts are searched: simplified characters, no full-width forms, no white space, small letters.

    A phrase is found also where the scraper broke it over two lines.
    """
    return "".join(str(_clean(simplify(text))).casefold().split())


def _notice(notice: Any) -> dict[str, Any]:
    span = [notice.span.start, notice.span.end] if notice.span else None
    return {"code": notice.code, "zh": notice.message.zh, "en": notice.message.en, "span": span}


def _is_report(result: dict[str, Any]) -> bool:
    return not any(w["code"] in ("not_a_report", "empty_template") for w in result["warnings"])


def _insert(session: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(table), rows)


def _cells(result: dict[str, Any], extraction_pk: int) -> list[dict[str, Any]]:
    """A cell id that a table holds twice is kept once, the first time."""
    rows: dict[str, dict[str, Any]] = {}
    for table in result["tables"]:
        for cell in table["cells"]:
            row = {k: cell[k] for k in ("id", "value", "start", "end", "status", "confidence")}
            row |= {"raw": _clean(cell["raw"]), "table_id": table["id"], "extraction_pk": extraction_pk}
            rows.setdefault(cell["id"], {**row, "position": len(rows)})
    return list(rows.values())


def _claims(result: dict[str, Any], extraction_pk: int, keys: list[str]) -> list[dict[str, Any]]:
    return [
        {"extraction_pk": extraction_pk, "key": key, "local_id": claim["id"], "data": _cleaned(claim)}
        for claim, key in zip(result["claims"], keys, strict=True)
    ]


def _findings(
    session: Session, result: dict[str, Any], document: DocumentRow, extraction_pk: int, keys: list[str]
) -> list[dict[str, Any]]:
    of_claim = {claim["id"]: key for claim, key in zip(result["claims"], keys, strict=True)}
    reviews = standing(session, document.pk)
    rows: list[dict[str, Any]] = []
    for finding, key in zip(result["findings"], finding_keys(result, of_claim), strict=True):
        row = {**_cleaned(finding), "local_id": finding["id"], "key": key, "current": True}
        row.pop("id")
        row |= {"extraction_pk": extraction_pk, "document_pk": document.pk, "year": result["document"]["year"]}
        row |= {
            "claim_key": of_claim.get(finding["claim"]),
            "review": reviews[key].decision if key in reviews else "open",
        }
        rows.append(row)
    return rows


def _cleaned(part: dict[str, Any]) -> dict[str, Any]:
    return {name: _clean(value) for name, value in part.items()}


def _clean(value: Any) -> Any:
    """No database takes a NUL or half a surrogate in text; U+FFFD is shown. The document's own bytes keep the NUL."""
    return _NO_TEXT.sub("\ufffd", value) if isinstance(value, str) else value
