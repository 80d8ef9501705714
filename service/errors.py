"""Errors as problem details (RFC 9457), with a code that does not change and a detail in both languages."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from extractor.document import Message
from extractor.reading import ReadingError
from models.annotations.said import AnnotationError
from models.registry import BrokenInstallation
from service.problems import KNOWN, MEDIA_TYPE, Problem, ProblemError, known, problem
from service.reading.pool import AbandonedError, CrashedError, TimeLimitError, WaitLimitError
from service.store.pages import CursorError

_log = logging.getLogger("nianbao.service")
_BY_TYPE: dict[type[Exception], str] = {
    CursorError: "invalid_cursor",
    CrashedError: "crashed",
    TimeLimitError: "time_limit",
    WaitLimitError: "busy",
}


def of_reading(error: ReadingError) -> Problem:
    """The problem of an input that is no text."""
    return problem(KNOWN[error.code].status, error.code, error.message)


def install(app: FastAPI) -> None:
    """Answer every error of the application as a problem."""
    app.add_exception_handler(ProblemError, _answer_problem)
    app.add_exception_handler(ReadingError, _answer_reading)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(ClientDisconnect, _answer_nobody)
    app.add_exception_handler(AbandonedError, _answer_nobody)
    app.add_exception_handler(BrokenInstallation, _answer_damaged)
    app.add_exception_handler(AnnotationError, _answer_damaged)
    for kind in _BY_TYPE:
        app.add_exception_handler(kind, _answer_known)


def answer(found: Problem, headers: Any = None, more: Mapping[str, Any] | None = None) -> JSONResponse:
    """The response that says what went wrong."""
    _log.info("problem", extra={"status": found.status, "code": found.code})
    if found.code == "busy":
        headers = {"Retry-After": "1"} | dict(headers or {})
    return JSONResponse({**(more or {}), **found.model_dump()}, found.status, headers, MEDIA_TYPE)


async def _answer_problem(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ProblemError)
    return answer(error.problem, error.headers, error.more)


async def _answer_reading(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ReadingError)
    return answer(of_reading(error))


async def _answer_known(_request: Request, error: Exception) -> JSONResponse:
    return answer(known(_BY_TYPE[type(error)]))


async def _answer_damaged(_request: Request, error: Exception) -> JSONResponse:
    """What lies on the disk is not right: the log says what, for it names places that are nobody else's business."""
    _log.error("damaged: %s", error)
    return answer(known("models_damaged" if isinstance(error, BrokenInstallation) else "dataset_damaged"))


async def _answer_http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    code = status.name.lower()
    if code in KNOWN:
        return answer(known(code), error.headers)
    message = Message(
        f"请求无法处理（{status.value}）。应为 /openapi.json 所述的请求。请修改请求。",
        f"{status.phrase}. Expected a request that /openapi.json describes. Change the request.",
    )
    return answer(problem(status.value, code, message), error.headers)


async def _answer_invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return answer(invalid_request(error.errors()))


async def _answer_nobody(_request: Request, _error: Exception) -> Response:
    """The client hung up: nobody reads an answer, and it is no failure of the service."""
    _log.info("client hung up")
    return Response(status_code=400)


def invalid_request(errors: Any) -> Problem:
    """The problem of a request whose fields do not fit: names them, never their values."""
    fields = ", ".join(sorted({".".join(str(part) for part in e["loc"])[:100] or "body" for e in errors}))
    return problem(
        422,
        "invalid_request",
        Message(
            f"字段不符合要求（{fields}）。应如 /openapi.json 所述。请修改请求。",
            f"These fields do not fit: {fields}. Expected them as /openapi.json says. Change the request.",
        ),
    )
