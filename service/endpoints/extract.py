"""POST /v1/extract: a report's text in, the result out; nothing is stored."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from extractor.result import Result
from service.bodies import Report
from service.dependencies import Reader, TheState, get_report, read_report
from service.examples import REPORT_BODY
from service.problems import REPORT, responses

router = APIRouter(prefix="/v1", tags=["extract"])


@router.post(
    "/extract",
    summary="Read one report",
    response_model=Result,
    responses=responses(*REPORT),
    openapi_extra={"requestBody": REPORT_BODY},
)
async def extract(
    request: Request, _caller: Reader, report: Annotated[Report, Depends(get_report)], state: TheState
) -> Response:
    """Sections, statutory tables, claims and how every check came out; offsets are code points of the text as given.

    A text that is no such report is answered with 200, empty layers and a warning that says so.
    """
    body = await read_report(request, state, report.decoded, report.id)
    return Response(body, media_type="application/json")
