"""POST /v1/extract: a report's text in, the result out."""

from __future__ import annotations

import logging
import time
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Response

from extractor.document import Message
from extractor.result import Result, dump, payload
from service.dependencies import Report, State, get_report, get_state
from service.errors import ProblemError
from service.examples import PROBLEMS, REQUEST_BODY

router = APIRouter(prefix="/v1", tags=["extract"])
_log = logging.getLogger("nianbao.service")


@router.post(
    "/extract",
    summary="Read one report",
    response_model=Result,
    responses=PROBLEMS,
    openapi_extra={"requestBody": REQUEST_BODY},
)
async def extract(
    report: Annotated[Report, Depends(get_report)], state: Annotated[State, Depends(get_state)]
) -> Response:
    """Sections, statutory tables, claims and how every check came out; offsets are code points of the text as given.

    A text that is no such report is answered with 200, empty layers and a warning that says so.
    """
    begun = time.perf_counter()
    body = await to_thread.run_sync(_extract, report, state, limiter=state.limiter)
    spent = (time.perf_counter() - begun) * 1000
    _log.info("extract status=200 characters=%d ms=%.1f", len(report.decoded.text), spent)
    return Response(body, media_type="application/json")


def _extract(report: Report, state: State) -> bytes:
    try:
        return dump(payload(state.extractor(report.decoded.text, report.id), report.decoded))
    except Exception as error:
        # The exception's own message may quote the report: only its type and the hash of the input are logged.
        _log.error("extract crashed type=%s sha256=%s", type(error).__name__, report.decoded.sha256)
        raise _crashed() from None


def _crashed() -> ProblemError:
    return ProblemError(
        500,
        "crashed",
        Message(
            "处理该文本时程序出错。应为正常处理任何文本。请将该文本报告给开发者。",
            "The software failed on this text. It should take any text. Please report the text to the developers.",
        ),
    )
