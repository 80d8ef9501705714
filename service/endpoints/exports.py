"""/v1/exports: findings, cells and tables as files; larger ones are jobs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from service.asked import Issuer, Version, WantedDocuments, WantedFindings, Year
from service.dependencies import Reader, State, TheState
from service.exports.make import Export
from service.exports.writers import MEDIA_TYPES, Format, ParquetMissingError
from service.problems import refusal, responses
from service.store.documents import DocumentFilter

router = APIRouter(prefix="/v1/exports", tags=["exports"])
_PROBLEMS = responses("invalid_request", "export_too_large", "parquet_missing")
FILES: dict[str, Any] = {
    kind.split(";")[0]: {"schema": {} if "json" in kind else {"type": "string"}} for kind in MEDIA_TYPES.values()
}
_FILE: dict[int | str, dict[str, Any]] = {**_PROBLEMS, 200: {"description": "The file", "content": FILES}}
# FastAPI describes the answer of a function as JSON unless it is told that there is a class of its own.
_ANSWER = StreamingResponse


@router.get("/findings.{format}", summary="A row for each finding", response_class=_ANSWER, responses=_FILE)
def export_findings(
    _caller: Reader,
    state: TheState,
    format: Format,
    wanted: WantedFindings,
    document: Version = None,
) -> StreamingResponse:
    """The filters are those of GET /v1/findings. CSV is UTF-8 with a byte order mark; formulas in text are defused."""
    return _answer(state, Export("findings", format, replace(wanted, document=document)))


@router.get("/cells.{format}", summary="A row for each cell", response_class=_ANSWER, responses=_FILE)
def export_cells(
    _caller: Reader,
    state: TheState,
    format: Format,
    wanted: WantedDocuments,
    document: Version = None,
) -> StreamingResponse:
    """`value` is the corrected value where there is a correction, `value_read` what was read."""
    return _answer(state, Export("cells", format, replace(wanted, document=document)))


@router.get("/tables.{format}", summary="A row for each report", response_class=_ANSWER, responses=_FILE)
def export_tables(
    _caller: Reader,
    state: TheState,
    format: Format,
    wanted: WantedDocuments,
    document: Version = None,
) -> StreamingResponse:
    """With a column for each cell of the three statutory tables of any form; corrected values go before read ones."""
    return _answer(state, Export("tables", format, replace(wanted, document=document)))


@router.get("/annotations.ndjson", summary="Corrected reports as annotations", response_class=_ANSWER, responses=_FILE)
def export_annotations(
    _caller: Reader,
    state: TheState,
    issuer: Issuer = None,
    year: Year = None,
    document: Version = None,
) -> StreamingResponse:
    """A line for each report with a review or a correction: its text, and what is right about it (training_data)."""
    return _answer(state, Export("annotations", "ndjson", DocumentFilter(issuer, year, document=document)))


def _answer(state: State, export: Export) -> StreamingResponse:
    if export.count(state.database) > state.settings.export_rows:
        raise refusal("export_too_large")
    try:
        pieces = export.pieces(state.database)
    except ParquetMissingError:
        raise refusal("parquet_missing") from None
    headers = {"Content-Disposition": f'attachment; filename="{export.file_name}"'}
    return StreamingResponse(pieces, media_type=export.media_type, headers=headers)
