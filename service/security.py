"""Who may do what: API keys with roles and a rate, and what protects a service without keys from other web sites."""

from __future__ import annotations

import threading
import time
from urllib.parse import urlsplit

from anyio import to_thread
from fastapi import Request
from starlette.requests import HTTPConnection

from service.problems import refusal
from service.settings import Settings, is_loopback
from service.shapes import LOCAL, Caller
from service.store.database import Database
from service.store.keys import Key, check

_REMEMBERED_SECONDS = 5.0
_SAFE = ("GET", "HEAD", "OPTIONS")


class Door:
    """Finds out who asks, and lets in who may. One for each process; safe to share between threads."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._known: dict[str, tuple[float, Key | None]] = {}
        self._lock = threading.Lock()
        # Workers share the load, so each lets its part of the rate through.
        self._rate = Rate(settings.rate_per_minute / settings.workers)

    async def caller(self, request: Request) -> Caller:
        """Who asks. Raises unauthorized, host_not_allowed, cross_origin or rate_limited."""
        _refuse_other_sites(request)
        given = _given(request)
        required = self.requires_key(request)
        if given is None:
            if required:
                raise refusal("unauthorized", {"WWW-Authenticate": "Bearer"})
            self._refuse_strange_hosts(request)
            return Caller(name=LOCAL, role="admin", keys_required=False)
        key = await self._find(given)
        if key is None:
            raise refusal("unauthorized", {"WWW-Authenticate": 'Bearer error="invalid_token"'})
        wait = self._rate.wait(key.prefix)
        if wait:
            raise refusal("rate_limited", {"Retry-After": str(wait)})
        return Caller(name=key.name, role=key.role, keys_required=required)

    def requires_key(self, request: HTTPConnection) -> bool:
        """``auto`` asks where the service listens, and to which of its addresses this connection came."""
        if self._settings.keys != "auto":
            return self._settings.keys == "required"
        server = request.scope.get("server") or ("", None)
        arrived_elsewhere = _is_address(server[0]) and not is_loopback(server[0])
        return not self._settings.on_loopback or arrived_elsewhere

    def _refuse_strange_hosts(self, request: Request) -> None:
        """A foreign page can point its own name to 127.0.0.1 (DNS rebinding): its Host header gives it away."""
        if self._settings.keys == "off":
            return
        host = request.headers.get("host", "")
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        if name.lower() not in self._settings.allowed_hosts.lower().replace(" ", "").split(","):
            raise refusal("host_not_allowed")

    async def _find(self, given: str) -> Key | None:
        """The key, looked up at most every few seconds: a revoked one is refused that much later."""
        now = time.monotonic()
        with self._lock:
            found = self._known.get(given)
        if found is not None and found[0] > now:
            return found[1]
        key = await to_thread.run_sync(self._look_up, given)
        with self._lock:
            if len(self._known) > 1000:
                self._known.clear()
            self._known[given] = (now + _REMEMBERED_SECONDS, key)
        return key

    def _look_up(self, given: str) -> Key | None:
        with self._database.reading() as session:
            return check(session, given)


class Rate:
    """So many requests a minute for each key, with as many at once as ten seconds allow (a token bucket)."""

    def __init__(self, per_minute: float) -> None:
        self._per_second = per_minute / 60
        self._burst = max(1.0, per_minute / 6)
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def wait(self, name: str) -> int:
        """0 where the request may go on, else the seconds to wait."""
        if not self._per_second:
            return 0
        now = time.monotonic()
        with self._lock:
            tokens, then = self._buckets.get(name, (self._burst, now))
            tokens = min(self._burst, tokens + (now - then) * self._per_second)
            if tokens >= 1:
                self._buckets[name] = (tokens - 1, now)
                return 0
            self._buckets[name] = (tokens, now)
            return int((1 - tokens) / self._per_second) + 1


def _given(request: Request) -> str | None:
    """The key of the request: ``Authorization: Bearer …`` or ``X-API-Key``."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if token and scheme.lower() == "bearer":
        return token.strip()
    return request.headers.get("x-api-key") or ("" if scheme else None)


def _refuse_other_sites(request: Request) -> None:
    """A page of another site must not change anything in its visitor's name."""
    if request.method in _SAFE:
        return
    origin = request.headers.get("origin")
    is_foreign = origin is not None and _place(origin) != request.headers.get("host", "").lower()
    if is_foreign or request.headers.get("sec-fetch-site") == "cross-site":
        raise refusal("cross_origin")


def _place(origin: str) -> str | None:
    """Host and port of an origin; None for ``null`` and what is no address."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None


def _is_address(host: str) -> bool:
    return host.replace(".", "").isdecimal() or ":" in host
