"""What the service's tests need: stores of both kinds, and a report that was read."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from extractor.pipeline import Extractor
from extractor.reading import Decoded, read_text
from extractor.result import dump, payload
from service.store.database import Database
from service.store.recording import canonical, document_id
from tests.service import postgres


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
    """An empty database of its own."""
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return postgres_server.replace("/postgres?", f"/{name}?")


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
