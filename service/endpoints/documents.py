"""/v1/documents: reports that are kept, with what was read in them."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy.exc import IntegrityError

from extractor.reading import Decoded, read_bytes
from extractor.result import Result
from service import bodies
from service.asked import Cursor, Id, Issuer, Limit, Once, Search, Version, Year
from service.bodies import FORM, JSON, TEXT, Report
from service.dependencies import Admin, Reader, Reading, Reviewer, State, TheState, found, read_report
from service.examples import DOCUMENT_BODY
from service.problems import LIST, ONE, REPORT, refusal, responses
from service.shapes import Caller, Document, DocumentStatus, Extraction, Page
from service.store import documents, idempotency, recording
from service.store.idempotency import Answer

router = APIRouter(prefix="/v1/documents", tags=["documents"])
_REPLAYED = {"Idempotency-Replayed": {"schema": {"type": "string"}, "description": "true: answered as before"}}


@router.post(
    "",
    summary="Store one report",
    status_code=201,
    responses={
        **responses(*REPORT, "invalid_multipart", "idempotency_mismatch"),
        200: {"model": Document, "description": "This text is stored already", "headers": _REPLAYED},
    },
    openapi_extra={"requestBody": DOCUMENT_BODY},
)
async def store(
    request: Request,
    caller: Reviewer,
    state: TheState,
    response: Response,
    id: Annotated[str, Query(max_length=200, description="What you call it (text/plain requests).")] = "",
    once: Once = None,
) -> Document:
    """Keeps the text as given and what is read in it. The same text twice is one document: then the status is 200."""
    report = await _one_report(request, state, id)
    key = _once(caller, once, f"{report.decoded.sha256} {report.id}")
    answer = await to_thread.run_sync(_recall, state, key)
    if answer is not None:
        response.headers["Idempotency-Replayed"] = "true"
    else:
        body = None
        if not await to_thread.run_sync(_is_read, state, report.decoded):
            body = await read_report(request, state, report.decoded, recording.document_id(report.decoded))
        answer = await to_thread.run_sync(_keep, state, report, body, key)
    response.status_code = answer.status
    response.headers["Location"] = f"/v1/documents/{answer.body['id']}"
    return Document.model_validate(answer.body)


async def _one_report(request: Request, state: State, id: str) -> Report:
    kind = bodies.media_type(request, TEXT, JSON, FORM)
    if kind != FORM:
        given = await bodies.report(request, state.settings, id)
    else:
        sent = await bodies.files(request, state.settings)
        if len(sent) > 1:
            raise refusal("invalid_multipart")
        name, data = sent[0]
        decoded = bodies.short(read_bytes(data, limit=state.settings.max_body_bytes), state.settings)
        given = Report(decoded, name[:200] or id)
    return Report(recording.canonical(given.decoded), given.id)


def _once(caller: Caller, key: str | None, digest: str) -> idempotency.Once | None:
    return idempotency.Once(caller.name, key, recording.digest(digest)) if key else None


def _recall(state: State, key: idempotency.Once | None) -> Answer | None:
    if key is None:
        return None
    with state.database.reading() as session:
        try:
            return idempotency.recall(session, key)
        except idempotency.MismatchError:
            raise refusal("idempotency_mismatch") from None


def _is_read(state: State, report: Decoded) -> bool:
    """Have the models that serve read this very text already?"""
    versions = dict(state.pool.versions)
    with state.database.reading() as session:
        row = recording.find(session, report)
        return row is not None and documents.has_extraction(session, row, versions["layout"], versions["claims"])


def _keep(state: State, report: Report, body: bytes | None, key: idempotency.Once | None) -> Answer:
    try:
        with state.database.writing() as session:
            row = recording.find(session, report.decoded) if body is None else None
            created = False
            if row is None and body is not None:
                row, created = recording.save(session, report.decoded, report.id, body)
            if row is None:
                raise refusal("conflict")  # it was deleted while we looked
            session.flush()
            answer = Answer(201 if created else 200, documents.shape(row).model_dump(mode="json"))
            if key is not None:
                idempotency.remember(session, key, answer)
            return answer
    except IntegrityError:
        twin = _recall(state, key)
        if twin is None:
            raise
        return twin


@router.get("", summary="List reports", responses=responses(*LIST))
def list_documents(
    _caller: Reader,
    session: Reading,
    issuer: Issuer = None,
    year: Year = None,
    status: DocumentStatus | None = None,
    q: Search = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Document]:
    """The newest first, with how many findings of each there are."""
    wanted = documents.DocumentFilter(issuer, year, status, q)
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
