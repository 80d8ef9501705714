"""/v1/documents: reports that are kept, with what was read in them."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from extractor.reading import Decoded, read_bytes
from extractor.result import Result
from service import bodies, bulk
from service.asked import Cursor, Id, Limit, Once, Version, WantedDocuments
from service.bodies import FORM, JSON, NDJSON, TEXT, Report
from service.dependencies import Admin, Reader, Reading, Reviewer, State, TheState, found, read_report
from service.examples import DOCUMENT_BODY
from service.once import REPLAYED, answered, recall, remembered
from service.once import once as make_once
from service.problems import LIST, ONE, REPORT, ProblemError, refusal, responses
from service.shapes import Document, Extraction, Job, Page
from service.store import documents, idempotency, recording
from service.store.idempotency import Answer

router = APIRouter(prefix="/v1/documents", tags=["documents"])


@router.post(
    "",
    summary="Store one report, or many",
    status_code=201,
    response_model=Document,
    responses={
        **responses(*REPORT, "conflict", "invalid_multipart", "idempotency_mismatch"),
        200: {"model": Document, "description": "This text is stored already", "headers": REPLAYED},
        202: {"model": Job, "description": "Many reports: a job reads them", "headers": REPLAYED},
    },
    openapi_extra={"requestBody": DOCUMENT_BODY},
)
async def store(
    request: Request,
    caller: Reviewer,
    state: TheState,
    id: Annotated[str, Query(max_length=200, description="What you call it (text/plain requests).")] = "",
    once: Once = None,
) -> Response:
    """Keeps the text as given and what is read in it. The same text twice is one document: then the status is 200.

    NDJSON (a line for each report, as in application/json) and forms with several files are answered with 202 and a
    job as soon as everything has come in: what was acknowledged is not lost.
    """
    kind = bodies.media_type(request, TEXT, JSON, FORM, *NDJSON)
    if kind in NDJSON:
        upload, digest = await bulk.from_lines(request, state)
        return await _accept(state, upload, make_once(caller, once, digest))
    if kind == FORM:
        sent = await bodies.files(request, state.settings)
        if len(sent) > 1:
            upload, digest = await to_thread.run_sync(bulk.from_files, state, sent)
            return await _accept(state, upload, make_once(caller, once, digest))
        name, data = sent[0]
        decoded = bodies.short(read_bytes(data, limit=state.settings.max_body_bytes), state.settings)
        given = Report(decoded, name[:200] or id)
    else:
        given = await bodies.report(request, state.settings, id)
    report = Report(recording.canonical(given.decoded), given.id)
    return await _store_one(request, state, report, make_once(caller, once, f"{report.decoded.sha256} {report.id}"))


async def _store_one(request: Request, state: State, report: Report, key: idempotency.Once | None) -> Response:
    answer = await to_thread.run_sync(recall, state, key)
    if answer is not None:
        return answered(answer, "/v1/documents", replayed=True)
    body = None
    if not await to_thread.run_sync(_is_read, state, report.decoded):
        body = await read_report(request, state, report.decoded, recording.document_id(report.decoded))
    return answered(await to_thread.run_sync(_keep, state, report, body, key), "/v1/documents")


async def _accept(state: State, upload: bulk.Upload, key: idempotency.Once | None) -> Response:
    """The job waits from now on; a twin with the same Idempotency-Key is dropped again."""
    try:
        answer = await to_thread.run_sync(recall, state, key)
        if answer is None:
            made = await to_thread.run_sync(upload.close, key)
            await to_thread.run_sync(state.jobs.enqueue, upload.id)
            return answered(made, "/v1/jobs")
    except IntegrityError:
        answer = await to_thread.run_sync(recall, state, key)
        if answer is None:
            raise
    except ProblemError:
        await to_thread.run_sync(upload.drop)
        raise
    await to_thread.run_sync(upload.drop)
    return answered(answer, "/v1/jobs", replayed=True)


def _is_read(state: State, report: Decoded) -> bool:
    """Have the models that serve read this very text already?"""
    versions = dict(state.pool.versions)
    with state.database.reading() as session:
        row = recording.find(session, report)
        return row is not None and documents.has_extraction(session, row, versions["layout"], versions["claims"])


def _keep(state: State, report: Report, body: bytes | None, key: idempotency.Once | None) -> Answer:
    def work(session: Session) -> Answer:
        row = recording.find(session, report.decoded) if body is None else None
        created = False
        if row is None and body is not None:
            row, created = recording.save(session, report.decoded, report.id, body)
        if row is None:
            raise refusal("conflict")  # it was deleted while we looked
        session.flush()
        return Answer(201 if created else 200, documents.shape(row).model_dump(mode="json"))

    return remembered(state, key, work)[0]


@router.get("", summary="List reports", responses=responses(*LIST))
def list_documents(
    _caller: Reader,
    session: Reading,
    wanted: WantedDocuments,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Document]:
    """The newest first, with how many findings of each there are."""
    return documents.list_documents(session, wanted, cursor, limit)


@router.get("/{id}", summary="One report", responses=responses(*ONE))
def read(_caller: Reader, session: Reading, id: Id) -> Document:
    """Its facts and counts; text, extraction, findings, cells and claims have addresses of their own."""
    return documents.shape(found(session, id))


@router.delete("/{id}", summary="Delete a report", status_code=204, responses=responses(*ONE))
def delete(_caller: Admin, state: TheState, id: Id) -> None:
    """Deletes it with its extractions, reviews and annotations. That cannot be undone."""
    with state.database.writing() as session:
        documents.remove(session, found(session, id))


@router.get(
    "/{id}/text",
    summary="The text as given",
    response_class=PlainTextResponse,
    responses=responses(*ONE),
)
def text(_caller: Reader, session: Reading, id: Id) -> PlainTextResponse:
    """In UTF-8, every character where it was: offsets of all answers count the code points of this text."""
    return PlainTextResponse(documents.read_text(session, found(session, id)))


@router.get("/{id}/extraction", summary="What was read", response_model=Result, responses=responses(*ONE))
def extraction(_caller: Reader, session: Reading, id: Id, layout: Version = None, claims: Version = None) -> Response:
    """The whole result as POST /v1/extract answers it: of the current extraction, or the latest by these versions."""
    body = documents.result_of(session, found(session, id), layout, claims)
    if body is None:
        raise refusal("not_found")
    return Response(body, media_type="application/json")


@router.post(
    "/{id}/extraction",
    summary="Read it again",
    responses=responses(*ONE, "crashed", "time_limit"),
)
async def read_again(request: Request, _caller: Reviewer, state: TheState, id: Id) -> Document:
    """With the models that serve now. Reviews and corrections stay."""
    report = await to_thread.run_sync(_report_of, state, id)
    body = await read_report(request, state, report, id)
    return await to_thread.run_sync(_record, state, id, report, body)


def _report_of(state: State, id: str) -> Decoded:
    with state.database.reading() as session:
        return documents.read_report(session, found(session, id))


def _record(state: State, id: str, report: Decoded, body: bytes) -> Document:
    with state.database.writing() as session:
        row = found(session, id)
        recording.record(session, row, report.text, body)
        return documents.shape(row)


@router.get("/{id}/extractions", summary="Every reading", responses=responses(*ONE))
def extractions(_caller: Reader, session: Reading, id: Id) -> list[Extraction]:
    """One for each version of the models that has read it, the newest first."""
    return documents.extractions_of(session, found(session, id))
