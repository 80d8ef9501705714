"""Corrections as training data: what somebody has gone through and corrected becomes an annotation of the report.

A correction says what is wrong in one place; what is right elsewhere only somebody knows who has gone through the
whole layer. So the layers that were ``checked`` are taken whole, as read and corrected, and no others. A correction
that says something else than what is printed corrects the report, not the reading: nothing can be learned from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from extractor.result import Result
from models.annotations.build import known_cells
from models.annotations.draft import Draft, Region
from models.annotations.record import Layer
from models.annotations.said import Refusal, Said
from models.annotations.shape import prints
from service.learning.intake import Taken
from service.store import corrections, documents
from service.store.tables import AnnotationRow, DocumentRow

ORIGIN = "corrections"
_UNCHANGED = ("value", "unit", "approx", "scope", "metrics")


def corrected(session: Session, ids: Sequence[str] | None) -> list[DocumentRow]:
    """The documents named, or all that have corrections that count, the oldest first."""
    query = select(DocumentRow).order_by(DocumentRow.pk)
    if ids is not None:
        return list(session.scalars(query.where(DocumentRow.id.in_(ids))))
    having = select(AnnotationRow.document_pk).where(AnnotationRow.withdrawn_at.is_(None))
    return list(session.scalars(query.where(DocumentRow.pk.in_(having))))


def take(session: Session, rows: Sequence[DocumentRow], checked: Sequence[Layer]) -> Taken:
    """Annotations of these documents, verified like those that come from elsewhere."""
    taken = Taken()
    for row in rows:
        body = documents.result_of(session, row)
        if body is None:
            continue
        draft, refusals = _draft(session, row, Result.model_validate_json(body), checked)
        if refusals:
            taken.refusals += refusals
        else:
            taken.admit(draft, ORIGIN)
    return taken


def _draft(session: Session, row: DocumentRow, result: Result, checked: Sequence[Layer]) -> tuple[Draft, list[Refusal]]:
    text = documents.read_text(session, row)
    regions: list[Region] = []
    loose: list[dict[str, Any]] = []
    refusals: list[Refusal] = []
    if "heading" in checked:
        regions += _headings(result)
    if "cell" in checked:
        found, loose = _cells(session, row, text)
        regions += found
    if "claim" in checked:
        found, refusals = _claims(session, row, result, text)
        regions += found
    if "block" in checked:
        refusals.append(_no_blocks(row.id))
    said = {name: getattr(row, name) for name in ("format", "year", "issuer")}
    fields = {name: value for name, value in said.items() if value is not None}
    layers = tuple(layer for layer in checked if layer != "block")
    return Draft(row.id, row.id, text, tuple(regions), fields, layers, tuple(loose)), refusals


def _headings(result: Result) -> list[Region]:
    out: list[Region] = []
    todo = [*result.sections]
    while todo:
        section = todo.pop(0)
        todo = [*section.children, *todo]
        if section.heading:
            kind = {"kind": section.kind} if section.kind else {}
            place = section.heading
            out.append(
                Region(
                    "heading", "heading", place.start, place.end, {"level": min(section.level, 6), **kind}, place.text
                )
            )
    return out


def _cells(session: Session, row: DocumentRow, text: str) -> tuple[list[Region], list[dict[str, Any]]]:
    """Cells with the place where they were read; a corrected one keeps it only where its new value stands there."""
    regions: list[Region] = []
    loose: list[dict[str, Any]] = []
    for cell in corrections.cells_of(session, row):
        if cell.id not in known_cells() or (cell.status == "unread" and not cell.correction):
            continue
        said = {"id": cell.id, "value": cell.value}
        surface = text[cell.start : cell.end] if cell.start is not None else ""
        stands = not cell.correction or (cell.value is not None and prints(surface, cell.value))
        if surface and stands and cell.start is not None and cell.end is not None:
            regions.append(Region("cell", "cell", cell.start, cell.end, said, surface))
        else:
            loose.append(said)
    return regions, loose


def _claims(session: Session, row: DocumentRow, result: Result, text: str) -> tuple[list[Region], list[Refusal]]:
    """Claims as read and corrected. Concepts stay where the cells that a claim is about do."""
    regions: list[Region] = []
    refusals: list[Refusal] = []
    standing = corrections.standing(session, row, "claim")
    for stored in corrections.claims_of(session, row):
        change = standing.pop(stored.id, None)
        read = stored.claim.model_dump(mode="json")
        said = [read] if change is None else change.corrected["claims"]
        for one in said:
            if change is not None and one["kind"] != "zero" and not _is_printed(one):
                refusals.append(_not_printed(row.id, one))
            kept = {name: one[name] for name in _UNCHANGED}
            if one["metrics"] == read["metrics"]:
                kept["concepts"] = read["concepts"]
            regions.append(Region("claim", one["kind"], read["start"], read["end"], kept, read["surface"]))
    refusals += [_gone(row.id, change) for change in standing.values() if change.corrected["claims"]]
    return regions, refusals


def _is_printed(claim: dict[str, Any]) -> bool:
    surface, value = claim["surface"], claim["value"]
    return value is None or not any(c.isdigit() for c in surface) or prints(surface, value)


def _not_printed(id: str, claim: dict[str, Any]) -> Refusal:
    met = Said(
        f"更正值 {claim['value']} 不是所印的 {claim['surface']}",
        f"the correction {claim['value']} is not what is printed: {claim['surface']}",
    )
    expected = Said("对识别结果的更正", "a correction of what was read, not of what the report says")
    return Refusal(f"{id} claim {claim['start']}–{claim['end']}", met, expected, _UNDO)


def _gone(id: str, change: AnnotationRow) -> Refusal:
    met = Said("现用模型未读出该处陈述", "the models that serve now do not read this claim")
    expected = Said("现有识别结果中的陈述", "a claim of the current extraction")
    return Refusal(f"{id} claim {change.target}", met, expected, _UNDO)


def _no_blocks(id: str) -> Refusal:
    met = Said("识别结果中没有版面块", "results hold no blocks, and nobody can correct them here")
    expected = Said("heading, claim, cell", "heading, claim, cell")
    todo = Said("请在标注工具中标注版面块后导入", "annotate blocks in a tool and import them")
    return Refusal(id, met, expected, todo)


_UNDO = Said(
    "请撤销该更正，或在标注工具中标注该报告后导入",
    "undo the correction, or annotate the report in a tool and import it",
)
