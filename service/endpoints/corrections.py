"""/v1/documents/{id}/cells and …/claims: what was read, and corrections beside it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from service.asked import CellCorrection, ClaimCorrection, Id
from service.bodies import described, json_body
from service.dependencies import Reader, Reading, Reviewer, TheState, found
from service.examples import CELL_BODY, CLAIM_BODY
from service.problems import CHANGE, ONE, refusal, responses
from service.shapes import Annotation, StoredCell, StoredClaim
from service.store import corrections
from service.store.tables import DocumentRow

router = APIRouter(prefix="/v1/documents/{id}", tags=["corrections"])
_FIELDS = ("value", "unit", "kind", "approx", "scope", "metrics")


@router.get("/cells", summary="Cells of the statutory tables", responses=responses(*ONE))
def cells(_caller: Reader, session: Reading, id: Id) -> list[StoredCell]:
    """In the order of the form, corrected ones with both values."""
    return corrections.cells_of(session, found(session, id))


@router.patch(
    "/cells/{cell}",
    summary="Correct a cell",
    responses=responses(*CHANGE),
    openapi_extra=described(CellCorrection, CELL_BODY),
)
def correct_cell(
    caller: Reviewer,
    asked: Annotated[CellCorrection, Depends(json_body(CellCorrection))],
    state: TheState,
    id: Id,
    cell: Id,
) -> StoredCell:
    """Keeps an annotation: lists and exports have the corrected value, and what was read stays beside it."""
    with state.database.writing() as session:
        document = found(session, id)
        read = _cell(session, document, cell)
        corrections.correct_cell(session, document, read, asked.value, asked.note, caller.signs(asked.author))
        return _cell(session, document, cell)


@router.delete("/cells/{cell}/correction", summary="Undo a cell's correction", responses=responses(*ONE, "conflict"))
def undo_cell(_caller: Reviewer, state: TheState, id: Id, cell: Id) -> StoredCell:
    """The correction before it counts again; with none before it, what was read."""
    with state.database.writing() as session:
        document = found(session, id)
        _cell(session, document, cell)
        if not corrections.withdraw(session, document, "cell", cell):
            raise refusal("conflict")
        return _cell(session, document, cell)


@router.get("/claims", summary="Claims of the narrative", responses=responses(*ONE))
def claims(_caller: Reader, session: Reading, id: Id) -> list[StoredClaim]:
    """In the order of the text. The id outlasts re-extraction; findings name it as `claim_id`."""
    return corrections.claims_of(session, found(session, id))


@router.patch(
    "/claims/{claim}",
    summary="Correct a claim",
    responses=responses(*CHANGE),
    openapi_extra=described(ClaimCorrection, CLAIM_BODY),
)
def correct_claim(
    caller: Reviewer,
    asked: Annotated[ClaimCorrection, Depends(json_body(ClaimCorrection))],
    state: TheState,
    id: Id,
    claim: Id,
) -> StoredClaim:
    """Keeps an annotation with the fields that are given changed, or one that says that it is no claim."""
    given = asked.model_dump(mode="json", exclude_unset=True)
    fields: dict[str, Any] | None = {name: given[name] for name in _FIELDS if name in given}
    with state.database.writing() as session:
        document = found(session, id)
        read = _claim(session, document, claim)
        changed = fields if asked.is_claim else None
        corrections.correct_claim(session, document, read, changed, asked.note, caller.signs(asked.author))
        return _claim(session, document, claim)


@router.delete("/claims/{claim}/correction", summary="Undo a claim's correction", responses=responses(*ONE, "conflict"))
def undo_claim(_caller: Reviewer, state: TheState, id: Id, claim: Id) -> StoredClaim:
    """The correction before it counts again; with none before it, what was read."""
    with state.database.writing() as session:
        document = found(session, id)
        _claim(session, document, claim)
        if not corrections.withdraw(session, document, "claim", claim):
            raise refusal("conflict")
        return _claim(session, document, claim)


@router.get("/annotations", summary="Every correction", responses=responses(*ONE))
def every_correction(_caller: Reader, session: Reading, id: Id) -> list[Annotation]:
    """The latest first, also those that were undone."""
    return corrections.annotations_of(session, found(session, id))


def _cell(session: Session, document: DocumentRow, id: str) -> StoredCell:
    cell = corrections.find_cell(session, document, id)
    if cell is None:
        raise refusal("not_found")
    return cell


def _claim(session: Session, document: DocumentRow, id: str) -> StoredClaim:
    claim = corrections.find_claim(session, document, id)
    if claim is None:
        raise refusal("not_found")
    return claim
