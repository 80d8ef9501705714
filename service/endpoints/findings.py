"""/v1/findings: what does not agree, over everything that is stored, and what people decide on it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from service.asked import Cursor, Id, Limit, ReviewRequest, Status, WantedFindings
from service.bodies import described, json_body
from service.dependencies import Reader, Reading, Reviewer, TheState, found
from service.examples import REVIEW_BODY
from service.problems import CHANGE, LIST, ONE, refusal, responses
from service.shapes import Finding, Page, Review, Statistics
from service.store import documents, findings
from service.store.tables import DocumentRow, FindingRow

router = APIRouter(prefix="/v1", tags=["findings"])


@router.get("/findings", summary="Findings of all reports", responses=responses(*LIST))
def list_findings(
    _caller: Reader,
    session: Reading,
    wanted: WantedFindings,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Finding]:
    """Those of the newest reports first. `decision=open` are those that wait for one."""
    return findings.list_findings(session, wanted, cursor, limit)


@router.get("/findings/{id}", summary="One finding", responses=responses(*ONE))
def read(_caller: Reader, session: Reading, id: Id) -> Finding:
    """With the review that counts."""
    return _shape(session, *_found(session, id))


@router.patch(
    "/findings/{id}",
    summary="Decide on a finding",
    responses=responses(*CHANGE),
    openapi_extra=described(ReviewRequest, REVIEW_BODY),
)
def review(
    caller: Reviewer,
    asked: Annotated[ReviewRequest, Depends(json_body(ReviewRequest))],
    state: TheState,
    id: Id,
) -> Finding:
    """Adds a review: it counts from now on. It stays when the report is read again, also by other models.

    Earlier reviews are kept. `open` takes a decision back without forgetting it; DELETE …/review undoes the last one.
    """
    with state.database.writing() as session:
        finding, document = _found(session, id)
        findings.review(session, finding, document, asked.decision, asked.note, caller.signs(asked.author))
        session.refresh(finding)
        return _shape(session, finding, document)


@router.delete("/findings/{id}/review", summary="Undo the last review", responses=responses(*ONE, "conflict"))
def undo(_caller: Reviewer, state: TheState, id: Id) -> Finding:
    """The review before it counts again; with none before it the finding is open."""
    with state.database.writing() as session:
        finding, document = _found(session, id)
        if not findings.withdraw(session, finding, document):
            raise refusal("conflict")
        session.refresh(finding)
        return _shape(session, finding, document)


@router.get("/findings/{id}/reviews", summary="Every review of a finding", responses=responses(*ONE))
def history(_caller: Reader, session: Reading, id: Id) -> list[Review]:
    """The latest first, also those that were undone."""
    finding, document = _found(session, id)
    return findings.history(session, document, finding.key)


@router.get("/documents/{id}/findings", summary="Findings of one report", responses=responses(*ONE))
def of_document(_caller: Reader, session: Reading, id: Id, status: Status | None = None) -> list[Finding]:
    """All of them, in the order of the extraction, each with the review that counts."""
    every = findings.findings_of(session, found(session, id))
    return [finding for finding in every if status in (None, finding.status)]


@router.get("/statistics", summary="Counts", responses=responses())
def statistics(_caller: Reader, session: Reading) -> Statistics:
    """How many reports have which status; what does not agree or could not be checked, by year, kind and decision."""
    return documents.statistics(session)


def _found(session: Session, id: str) -> tuple[FindingRow, DocumentRow]:
    pair = findings.find(session, id)
    if pair is None:
        raise refusal("not_found")
    return pair


def _shape(session: Session, finding: FindingRow, document: DocumentRow) -> Finding:
    return findings.shapes(session, [(finding, document)])[0]
