"""Request bodies, counted and timed while they come in: no more is ever held than the limit allows."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypeVar

from anyio import fail_after
from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from extractor.reading import Decoded, read_bytes, read_text, too_large
from service.errors import invalid_request
from service.problems import ProblemError, refusal
from service.settings import Settings

M = TypeVar("M", bound=BaseModel)
TEXT, JSON, FORM = "text/plain", "application/json", "multipart/form-data"
NDJSON = ("application/x-ndjson", "application/jsonl", "application/ndjson")
SMALL = 100_000
_CHARSET = re.compile(r"charset\s*=\s*\"?([^\s\";]{1,40})", re.IGNORECASE)


class ReportRequest(BaseModel):
    """The JSON form of a report. Offsets of every answer count code points of ``text``."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(description="The report's text, as it was scraped.")
    id: str = Field(default="", max_length=200, description="Whatever the sender calls it.")


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a request, and what its sender calls it."""

    decoded: Decoded
    id: str


def media_type(request: Request, *accepted: str) -> str:
    """The media type of the body; a missing one is text/plain. Raises unsupported_media_type."""
    found = request.headers.get("content-type", "").split(";", 1)[0].strip().lower() or TEXT
    if found not in accepted:
        raise refusal("unsupported_media_type")
    return found


async def chunks(request: Request, limit: int, seconds: float) -> AsyncGenerator[bytes, None]:
    """The body piece by piece. Raises TooLargeError as soon as there is too much, too_slow when a piece is late."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise too_large(int(declared), limit)
    count = 0
    pieces = aiter(request.stream())
    while True:
        try:
            with fail_after(seconds):
                piece = await anext(pieces)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise refusal("too_slow", {"Connection": "close"}) from None
        count += len(piece)
        if count > limit:
            raise too_large(None, limit)
        yield piece


async def whole(request: Request, settings: Settings, limit: int | None = None) -> bytes:
    """The whole body, which must arrive within the time for a request."""
    body = bytearray()
    try:
        with fail_after(settings.request_seconds):
            async with aclosing(chunks(request, limit or settings.max_body_bytes, settings.request_seconds)) as pieces:
                async for piece in pieces:
                    body += piece
    except TimeoutError:
        raise refusal("too_slow", {"Connection": "close"}) from None
    return bytes(body)


async def report(request: Request, settings: Settings, id: str) -> Report:
    """A report as text/plain or application/json. Raises ReadingError or ProblemError."""
    kind = media_type(request, TEXT, JSON)
    data = await whole(request, settings)
    limit = settings.max_body_bytes
    if kind == JSON:
        return from_json(data, id, settings)
    charset = _CHARSET.search(request.headers.get("content-type", ""))
    return Report(short(read_bytes(data, charset.group(1) if charset else None, limit), settings), id)


def from_json(data: bytes, id: str, settings: Settings) -> Report:
    """A report as a JSON object. Raises ReadingError or ProblemError."""
    asked = parse(ReportRequest, data)
    return Report(short(read_text(asked.text, settings.max_body_bytes), settings), asked.id or id)


def short(decoded: Decoded, settings: Settings) -> Decoded:
    """The report, if it is not too long."""
    if len(decoded.text) > settings.max_characters:
        raise refusal("text_too_long")
    return decoded


def parse(model: type[M], data: bytes) -> M:
    """A JSON body as a model. Raises ReadingError, invalid_json or invalid_request."""
    try:
        return model.model_validate(json.loads(read_bytes(data, limit=len(data)).text))
    except ValidationError as error:
        found = invalid_request(error.errors(include_input=False, include_url=False))
        raise ProblemError.of(found) from None
    except (ValueError, RecursionError) as error:
        if hasattr(error, "message"):
            raise
        raise refusal("invalid_json") from None


def json_body(model: type[M]) -> Callable[[Request], Coroutine[Any, Any, M]]:
    """A dependency that reads a small JSON body: unlike FastAPI's own, it counts, and it runs after the key check."""

    async def read(request: Request) -> M:
        media_type(request, JSON)
        return parse(model, await whole(request, request.app.state.nianbao.settings, SMALL))

    return read


def described(model: type[BaseModel], example: Any) -> dict[str, Any]:
    """What /openapi.json says of a body that ``json_body`` reads."""
    content = {JSON: {"schema": model.model_json_schema(), "example": example}}
    return {"requestBody": {"required": True, "content": content}}


async def files(request: Request, settings: Settings) -> list[tuple[str, bytes]]:
    """The files of a form, with their names. All together obey the limit of a body."""
    stream = chunks(request, settings.max_body_bytes, settings.request_seconds)
    try:
        with fail_after(settings.request_seconds):
            form = await MultiPartParser(request.headers, stream, max_files=1000, max_fields=10).parse()
    except (MultiPartException, KeyError):
        raise refusal("invalid_multipart") from None
    except TimeoutError:
        raise refusal("too_slow", {"Connection": "close"}) from None
    async with aclosing(stream):
        found = [
            (value.filename or "", await value.read())
            for name, value in form.multi_items()
            if name == "file" and isinstance(value, UploadFile)
        ]
        await form.close()
    if not found:
        raise refusal("invalid_multipart")
    return found


async def lines(pieces: AsyncIterator[bytes], limit: int) -> AsyncGenerator[bytes, None]:
    """The lines of a stream, without those that are blank. Raises TooLargeError where one is longer than the limit."""
    rest = b""
    async for piece in pieces:
        *done, rest = (rest + piece).split(b"\n")
        for line in done:
            if line.strip():
                yield line
        if len(rest) > limit:
            raise too_large(None, limit)
    if rest.strip():
        yield rest
