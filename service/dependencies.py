"""What endpoints ask for: settings, the extractor, and the report that a request brings."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Annotated

from anyio import CapacityLimiter
from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extractor.document import Message
from extractor.pipeline import Extractor
from extractor.reading import Decoded, read_bytes, read_text, too_large
from service.errors import ProblemError, invalid_request
from service.settings import Settings

_CHARSET = re.compile(r"charset\s*=\s*\"?([^\s\";]{1,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class State:
    """What one process of the service holds. At most ``limiter`` reports are read at the same time."""

    settings: Settings
    extractor: Extractor
    limiter: CapacityLimiter


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a request."""

    decoded: Decoded
    id: str


class ExtractRequest(BaseModel):
    """The JSON form of a request. Offsets of the answer count code points of ``text``."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(description="The report's text, as it was scraped.")
    id: str = Field(default="", max_length=200, description="Given back as document.id.")


def get_state(request: Request) -> State:
    """The state that the application was started with."""
    state: State = request.app.state.nianbao
    return state


async def get_report(
    request: Request,
    state: Annotated[State, Depends(get_state)],
    id: Annotated[str, Query(max_length=200, description="Given back as document.id (text/plain requests).")] = "",
) -> Report:
    """The request's text. Raises ReadingError or ProblemError; a body over the limit is not read to its end."""
    limit = state.settings.max_body_bytes
    media_type, charset = _content_type(request.headers.get("content-type", ""))
    data = await _body(request, limit)
    if media_type == "application/json":
        return _from_json(read_bytes(data, limit=limit), id, limit)
    return Report(read_bytes(data, charset, limit), id)


def _content_type(header: str) -> tuple[str, str | None]:
    """Media type and charset. A missing type is taken for text/plain."""
    media_type = header.split(";", 1)[0].strip().lower() or "text/plain"
    if media_type not in ("text/plain", "application/json"):
        raise ProblemError(
            415,
            "unsupported_media_type",
            Message(
                "不支持该 Content-Type。应为 text/plain 或 application/json。请修改请求头。",
                "This Content-Type is not read. Expected text/plain or application/json. Set the header accordingly.",
            ),
        )
    charset = _CHARSET.search(header)
    return media_type, charset.group(1) if charset else None


async def _body(request: Request, limit: int) -> bytes:
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise too_large(int(declared), limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise too_large(None, limit)
    return bytes(body)


def _from_json(decoded: Decoded, id: str, limit: int) -> Report:
    try:
        asked = ExtractRequest.model_validate(json.loads(decoded.text))
    except ValidationError as error:
        raise _as_problem(error) from None
    except (ValueError, RecursionError):
        raise ProblemError(
            400,
            "invalid_json",
            Message(
                '请求体不是有效的 JSON。应为 {"text": "…"}。请检查引号与转义。',
                'The body is no valid JSON. Expected {"text": "…"}. Check quotes and escapes.',
            ),
        ) from None
    return Report(read_text(asked.text, limit), asked.id or id)


def _as_problem(error: ValidationError) -> ProblemError:
    found = invalid_request(error.errors(include_input=False, include_url=False))
    return ProblemError(found.status, found.code, Message(found.detail_zh, found.detail))
