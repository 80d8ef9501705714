"""The application: ``create_app`` builds it, ``nianbao serve`` (or any ASGI server) runs it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from anyio import CapacityLimiter
from fastapi import FastAPI

from extractor.pipeline import collect_seldom, load
from service import errors
from service.dependencies import State
from service.endpoints import extract, health
from service.examples import RESULT, TEXT
from service.settings import Settings

_ABOUT = """Reads Chinese disclosure reports (政府信息公开工作年度报告) into structured JSON, and checks them.

Every offset is a code point of the text as given. Errors are problem details (RFC 9457) with a stable `code`."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """A new application. Models load when it starts; a broken installation stops the start with its reason."""
    chosen = settings or Settings()
    logging.basicConfig(level=chosen.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        collect_seldom()
        extractor = load()
        extractor(TEXT)  # what loads at first use is loaded now, not by the first request
        app.state.nianbao = State(chosen, extractor, CapacityLimiter(chosen.threads))
        yield

    # The pages that FastAPI offers load their scripts from elsewhere; this service works offline.
    app = FastAPI(
        title="nianbao",
        version=version("nianbao"),
        description=_ABOUT,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    errors.install(app)
    app.include_router(extract.router)
    app.include_router(health.router)
    _keep_nulls(app)
    return app


def _keep_nulls(app: FastAPI) -> None:
    """FastAPI leaves nulls out of its description; in a result they say that something is not there."""
    answers = app.openapi()["paths"]["/v1/extract"]["post"]["responses"]
    answers["200"]["content"]["application/json"]["example"] = RESULT
