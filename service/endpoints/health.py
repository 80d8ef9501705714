"""Is it alive, is it ready, and how does it do? No key is needed for the probes."""

from __future__ import annotations

from importlib.metadata import version
from typing import Literal

from anyio import to_thread
from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from service import metrics
from service.dependencies import Reader, State, TheState
from service.problems import refusal, responses
from service.shapes import Caller

router = APIRouter(tags=["operations"])


class Health(BaseModel):
    """``model`` names the version of each model."""

    status: Literal["ok"]
    version: str
    model: dict[str, str]


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"]


@router.get("/livez", summary="Alive?")
async def livez() -> Alive:
    """Answers as long as the process runs: if it does not, start it again."""
    return Alive(status="ok")


@router.get(
    "/readyz",
    summary="Ready?",
    responses=responses("not_ready"),
)
async def readyz(state: TheState) -> Health:
    """Answers 200 where the store answers and a reading process runs; else 503: send requests elsewhere."""
    if not await to_thread.run_sync(_is_ready, state):
        raise refusal("not_ready", {"Retry-After": "2"})
    return _health(state)


@router.get(
    "/healthz",
    summary="What serves?",
)
async def healthz(state: TheState) -> Health:
    """The versions of the software and of the models."""
    return _health(state)


@router.get("/v1/me", summary="Who am I?", responses=responses())
async def me(caller: Reader) -> Caller:
    """The caller's name and role, and whether a key is needed at all."""
    return caller


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={
        **responses(),
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
    },
)
async def figures(_caller: Reader, state: TheState) -> Response:
    """Requests, latency, queue, reports by outcome, jobs, and the versions of the models."""
    metrics.serving(state.pool.versions)
    return Response(metrics.exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _health(state: State) -> Health:
    return Health(status="ok", version=version("nianbao"), model=dict(state.pool.versions))


def _is_ready(state: State) -> bool:
    try:
        state.database.ping()
    except SQLAlchemyError:
        return False
    return state.pool.alive > 0
