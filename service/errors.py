"""Errors as problem details (RFC 9457), with a code that does not change and a detail in both languages."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from extractor.document import Message
from extractor.reading import ReadingError

MEDIA_TYPE = "application/problem+json"
_STATUS = {"empty": 422, "binary": 415, "undecodable": 400, "too_large": 413}
_log = logging.getLogger("nianbao.service")


class Problem(BaseModel):
    """What went wrong. ``code`` is for programs; ``detail`` (English) and ``detail_zh`` for people."""

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int
    code: str
    detail: str
    detail_zh: str


class ProblemError(Exception):
    """Raised anywhere below an endpoint; answered as a problem. The message holds nothing of a report's text."""

    def __init__(self, status: int, code: str, message: Message) -> None:
        super().__init__(code)
        self.problem = problem(status, code, message)


def problem(status: int, code: str, message: Message) -> Problem:
    """The problem of a status and code."""
    title = HTTPStatus(status).phrase
    return Problem(
        type=f"urn:nianbao:problem:{code}",
        title=title,
        status=status,
        code=code,
        detail=message.en,
        detail_zh=message.zh,
    )


def of_reading(error: ReadingError) -> Problem:
    """The problem of an input that is no text."""
    return problem(_STATUS[error.code], error.code, error.message)


def install(app: FastAPI) -> None:
    """Answer every error of the application as a problem."""
    app.add_exception_handler(ProblemError, _answer_problem)
    app.add_exception_handler(ReadingError, _answer_reading)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(ClientDisconnect, _answer_nobody)


def _answer(found: Problem, headers: Any = None) -> JSONResponse:
    _log.info("problem status=%d code=%s", found.status, found.code)
    return JSONResponse(found.model_dump(), found.status, headers=headers, media_type=MEDIA_TYPE)


async def _answer_problem(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ProblemError)
    return _answer(error.problem)


async def _answer_reading(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ReadingError)
    return _answer(of_reading(error))


async def _answer_http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    message = Message(
        f"请求无法处理（{status.value}）。应为 POST /v1/extract 或 GET /healthz。详见 /openapi.json。",
        f"{status.phrase}. Expected POST /v1/extract or GET /healthz. See /openapi.json.",
    )
    return _answer(problem(status.value, status.name.lower(), message), error.headers)


async def _answer_invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return _answer(invalid_request(error.errors()))


async def _answer_nobody(_request: Request, _error: Exception) -> Response:
    """The client hung up while it sent: nobody reads an answer, and it is no failure of the service."""
    _log.info("client hung up")
    return Response(status_code=400)


def invalid_request(errors: Any) -> Problem:
    """The problem of a request whose fields do not fit: names them, never their values."""
    fields = ", ".join(sorted({".".join(str(part) for part in e["loc"]) or "body" for e in errors}))
    return problem(
        422,
        "invalid_request",
        Message(
            f'字段不符合要求（{fields}）。应为 {{"text": 文本, "id": 可选的标识}}。请按 /openapi.json 修改请求。',
            f'These fields do not fit: {fields}. Expected {{"text": …, "id": optional}}. See /openapi.json.',
        ),
    )
