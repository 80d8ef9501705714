"""What the service's tests need: stores of both kinds, and a report that was read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from extractor.pipeline import Extractor
from extractor.reading import Decoded, read_text
from extractor.result import dump, payload
from service.app import create_app
from service.reading.pool import Pool
from service.settings import Settings
from service.store.database import Database
from service.store.recording import canonical, document_id
from tests.service import postgres
from tests.service.speaking import Serve


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server that runs as long as the tests do."""
    folder = postgres.binaries()
    if folder is None:
        pytest.skip("no PostgreSQL binaries (initdb, postgres) on this machine")
    with postgres.server(folder) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """A database with nothing in it."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return postgres_server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A store with its tables made, once in each kind of database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'nianbao.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    made = Database(url)
    made.migrate()
    yield made
    made.close()


@pytest.fixture(scope="session")
def report(example_text: str) -> Decoded:
    return canonical(read_text(example_text))


@pytest.fixture(scope="session")
def result_body(extractor: Extractor, report: Decoded) -> bytes:
    """What the extractor reads in the report, as JSON."""
    return dump(payload(extractor(report.text, document_id(report)), report))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """Two reading processes that all tests share: loading the models takes longer than most tests."""
    made = Pool(2)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def serve(pool: Pool, tmp_path: Path) -> Serve:
    """Runs an application with these settings and talks to it as a program on the same machine does."""

    @asynccontextmanager
    async def run(app: FastAPI | None = None, **settings: Any) -> AsyncIterator[AsyncClient]:
        made = app or create_app(Settings(**{"data": tmp_path, **settings}), pool)
        async with (
            made.router.lifespan_context(made),
            AsyncClient(transport=ASGITransport(made), base_url="http://localhost") as client,
        ):
            yield client

    return run


@pytest.fixture
async def client(serve: Serve) -> AsyncIterator[AsyncClient]:
    """A service with a store of its own, where no key is needed."""
    async with serve() as made:
        yield made
