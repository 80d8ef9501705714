"""Around every request: its id, a place among those under way, headers that protect, figures, and one line of log."""

from __future__ import annotations

import logging
import re
import time
import uuid
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service import errors, metrics
from service.logs import places, request_id
from service.problems import Problem, known

_log = logging.getLogger("nianbao.access")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_PROBES = ("/livez", "/readyz", "/healthz", "/metrics")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Surroundings:
    """ASGI middleware; ``limit`` is how many requests may be under way, probes not counted."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        name = given if _ID.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(name)
        counted = scope["path"] not in _PROBES
        self._under_way += counted
        metrics.IN_FLIGHT.inc(counted)
        try:
            await self._serve(scope, receive, send, name, counted and self._under_way > self._limit)
        finally:
            self._under_way -= counted
            metrics.IN_FLIGHT.dec(counted)
            request_id.reset(token)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, name: str, too_many: bool) -> None:
        begun = time.perf_counter()
        status = 0

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _dress(MutableHeaders(raw=message["headers"]), name, message)
            await send(message)

        try:
            if too_many:
                await _say(known("busy"), scope, receive, dressed)
            else:
                await self._app(scope, receive, dressed)
        except Exception as error:
            # The message may quote a report, so it is neither logged nor handed on.
            _log.error("failed", extra={"exception": type(error).__name__, "places": places(error)})
            if status:
                raise RuntimeError("the answer broke off") from None
            await _say(known("internal"), scope, receive, dressed)
        finally:
            _note(scope, status, time.perf_counter() - begun)


async def _say(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    await errors.answer(problem)(scope, receive, send)


def _dress(headers: MutableHeaders, name: str, message: dict[str, Any] | Message) -> None:
    headers["X-Request-ID"] = name
    for header, value in _HEADERS.items():
        headers.setdefault(header, value)
    is_page = headers.get("content-type", "").startswith("text/html")
    headers.setdefault("Content-Security-Policy", PAGE_POLICY if is_page else API_POLICY)
    headers.setdefault("Cache-Control", "no-store")
    message["headers"] = headers.raw


def _note(scope: Scope, status: int, seconds: float) -> None:
    """A route's template, not the address itself: an address can hold what somebody searched for."""
    route = getattr(scope.get("route"), "path", "none")
    method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE") else "other"
    metrics.REQUESTS.labels(method, route, status).inc()
    metrics.LATENCY.labels(method, route).observe(seconds)
    told = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
    caller = scope.get("state", {}).get("caller")
    level = logging.DEBUG if scope["path"] in _PROBES else logging.INFO
    _log.log(level, "request", extra=told | ({"caller": caller} if caller else {}))
