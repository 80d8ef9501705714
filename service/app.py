"""The application: ``create_app`` builds it, ``nianbao serve`` (or any ASGI server) runs it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.metadata import version
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI

from service import errors, logs, metrics, pages
from service.dependencies import State
from service.endpoints import annotations as annotating
from service.endpoints import (
    corrections,
    documents,
    exports,
    extract,
    findings,
    forms,
    health,
    jobs,
    training,
    versions,
)
from service.examples import EXAMPLES
from service.learning.advice import Adviser
from service.learning.examples import EXAMPLES as OF_LEARNING
from service.learning.trainer import Trainer
from service.middleware import Surroundings
from service.reading.pool import Pool
from service.security import Door
from service.settings import Settings
from service.store.database import Database
from service.work.queue import Jobs
from service.work.tasks import Tasks

_ABOUT = """Reads Chinese disclosure reports (政府信息公开工作年度报告) into structured JSON, checks them,
and keeps them with what people decide.

Every offset is a code point of the text as given. Errors are problem details (RFC 9457) with a stable `code`.
Lists come in pages: give `next` back as `cursor`."""
_RESOURCES = (
    extract, documents, findings, corrections, exports, jobs, annotating, training, versions, forms, health,
)  # fmt: skip
_log = logging.getLogger("nianbao.service")


def create_app(settings: Settings | None = None, pool: Pool | None = None) -> FastAPI:
    """A new application. Models load when it starts; a broken installation stops the start with its reason.

    ``pool`` is one that runs already and outlasts the application; without it the application has its own.
    """
    chosen = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        logs.install(chosen)
        to_thread.current_default_thread_limiter().total_tokens = chosen.threads
        with _running(chosen, pool) as state:
            app.state.nianbao = state
            _log.info("started", extra={"readers": state.pool.size, "keys": chosen.keys})
            yield
        _log.info("stopped")

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
    app.add_middleware(Surroundings, limit=chosen.max_requests)
    for resource in _RESOURCES:
        app.include_router(resource.router)
    pages.install(app)
    describe = app.openapi

    def described() -> dict[str, Any]:
        """Made when it is first asked for; FastAPI's own keeps it from then on."""
        return app.openapi_schema or _with_examples(describe())

    app.openapi = described  # type: ignore[method-assign]
    return app


def _with_examples(description: dict[str, Any]) -> dict[str, Any]:
    """FastAPI leaves nulls out of its description; in an answer they say that something is not there."""
    paths = description["paths"]
    for (method, path), (status, example) in (EXAMPLES | OF_LEARNING).items():
        content = paths[path][method]["responses"][str(status)]["content"]
        content[next(iter(content))]["example"] = example
    return description


@contextmanager
def _running(settings: Settings, given: Pool | None) -> Iterator[State]:
    """The state while the service runs: tables made, models loaded."""
    database = Database(settings.database_url, settings.threads)
    pool = given or Pool(settings.readers)
    try:
        database.migrate()
        if given is None:
            pool.start()
        metrics.serving(pool.versions)
        queue = Jobs(settings, database, Tasks(settings, pool).all())
        runs = Jobs(settings, database, Trainer(settings).all(), lane="training-", alone=True)
        door, turns = Door(settings, database), CapacityLimiter(pool.size)
        for each in (queue, runs):
            each.start()
        try:
            yield State(settings, database, pool, door, turns, queue, runs, Adviser(settings))
        finally:
            for each in (runs, queue):
                each.stop()
    finally:
        if given is None:
            pool.stop()
        database.close()
