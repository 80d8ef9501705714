"""/v1/jobs: long work, how far it is, and what it made."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from sqlalchemy.orm import Session

from service.asked import Cursor, Id, JobRequest, Limit
from service.bodies import described, json_body
from service.dependencies import Reader, Reading, Reviewer, TheState
from service.endpoints.exports import FILES
from service.errors import invalid_request
from service.examples import JOB_BODY
from service.exports.writers import ParquetMissingError
from service.problems import CHANGE, LIST, ONE, ProblemError, refusal, responses
from service.shapes import FailedItem, Job, Page
from service.store import jobs
from service.store.keys import RANK
from service.store.tables import JobRow
from service.work.tasks import export_of

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])


@router.post(
    "",
    summary="Start a job",
    status_code=202,
    responses=responses(*CHANGE, "parquet_missing"),
    openapi_extra=described(JobRequest, JOB_BODY),
)
def start(caller: Reader, asked: Annotated[JobRequest, Depends(json_body(JobRequest))], state: TheState) -> Job:
    """`export` makes a file of any size; `reextract` (admin) reads all reports with the models that serve now."""
    if strange := asked.strange():
        raise ProblemError.of(invalid_request([{"loc": (name,)} for name in strange]))
    if asked.kind == "reextract" and RANK[caller.role] < RANK["admin"]:
        raise refusal("forbidden")
    if asked.kind == "export":
        try:
            export_of(asked).pieces(state.database)
        except ParquetMissingError:
            raise refusal("parquet_missing") from None
    with state.database.writing() as session:
        made = jobs.shape(jobs.create(session, asked.kind, asked.model_dump(mode="json")))
    state.jobs.enqueue(made.id)
    return made


@router.get("", summary="List jobs", responses=responses(*LIST))
def list_jobs(_caller: Reader, session: Reading, cursor: Cursor = None, limit: Limit = 50) -> Page[Job]:
    """The newest first."""
    return jobs.list_jobs(session, cursor, limit)


@router.get("/{id}", summary="One job", responses=responses(*ONE))
def read(_caller: Reader, session: Reading, id: Id) -> Job:
    """How far it is. It survives restarts of the service."""
    return jobs.shape(_found(session, id))


@router.delete("/{id}", summary="Cancel a job", status_code=202, responses=responses(*ONE, "conflict"))
def cancel(_caller: Reviewer, state: TheState, id: Id) -> Job:
    """What it has done stays done. A job under way stops at its next step: until then its status is `cancelling`."""
    with state.database.writing() as session:
        row = _found(session, id, lock=True)
        if not jobs.cancel(session, row):
            raise refusal("conflict")
        made = jobs.shape(row)
    state.jobs.cancel(id)
    state.runs.cancel(id)
    return made


@router.get(
    "/{id}/result",
    summary="The file that a job made",
    response_class=StreamingResponse,
    responses={
        **responses(*ONE, "conflict"),
        200: {"description": "The file", "content": {"text/csv": FILES["text/csv"], **FILES}},
    },
)
def result(_caller: Reader, session: Reading, state: TheState, id: Id) -> StreamingResponse:
    """Of an export that is done."""
    row = _found(session, id)
    if row.status != "done" or row.media_type is None:
        raise refusal("conflict")
    name = export_of(JobRequest.model_validate(row.params)).file_name
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(jobs.parts(state.database, row.pk), media_type=row.media_type, headers=headers)


@router.get("/{id}/failures", summary="Reports that were not stored", responses=responses(*ONE))
def failures(_caller: Reader, session: Reading, id: Id) -> list[FailedItem]:
    """Of a bulk import: line, name and the code of the problem; at most a thousand."""
    return jobs.failures(session, _found(session, id))


def _found(session: Session, id: str, lock: bool = False) -> JobRow:
    row = jobs.row_of(session, id, lock)
    if row is None:
        raise refusal("not_found")
    return row
