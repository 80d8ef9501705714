"""How the tests speak with the service."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from httpx import AsyncClient, Response

Serve = Callable[..., AbstractAsyncContextManager[AsyncClient]]


def code(response: Response) -> tuple[int, str]:
    """Status and code of a problem, once it has been seen to be a whole one in both languages."""
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == response.status_code
    assert problem["type"] == f"urn:nianbao:problem:{problem['code']}"
    assert problem["detail"].isascii() or "…" in problem["detail"]
    assert "。" in problem["detail_zh"]
    return response.status_code, problem["code"]
