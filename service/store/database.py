"""The connection to the store: engine, transactions, migrations. One URL decides between SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session

from models.registry import BrokenInstallation

_BUSY_SECONDS = 15
# Any number will do, as long as nothing else on the server locks the same one.
_MIGRATION_LOCK = 6_204_711


class Database:
    """Transactions on one database. Safe to share between threads; ``threads`` bounds the open connections."""

    def __init__(self, url: str, threads: int = 8) -> None:
        self.engine = _engine(url, threads)
        self.is_sqlite = self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that changes nothing."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that is committed at the end, or rolled back whole. What it wrote survives a crash."""
        engine = self.engine.execution_options(nianbao_write=True)
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    def migrate(self) -> None:
        """Bring the tables up to date. Several processes may do this at once: one works, the others wait.

        Raises BrokenInstallation where the database cannot be reached.
        """
        try:
            self._migrate()
        except OperationalError as error:
            raise BrokenInstallation(
                f"the store {self.engine.url.render_as_string(hide_password=True)} does not answer ({error.orig})",
                "a database that can be reached and written",
                "check NIANBAO_DATABASE or NIANBAO_DATA, the server, and permissions",
            ) from None

    def _migrate(self) -> None:
        with self.engine.execution_options(nianbao_write=True).begin() as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _MIGRATION_LOCK})
            command.upgrade(migrations(connection), "head")

    def ping(self) -> None:
        """Raises SQLAlchemyError where the database does not answer."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()


def migrations(connection: Connection | None = None) -> Config:
    """Alembic's configuration, which needs no file: the migrations are part of the package."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("service.store").joinpath("migrations")))
    config.attributes["connection"] = connection
    return config


def _engine(given: str, threads: int) -> Engine:
    url = make_url(given)
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    options: dict[str, Any] = {"pool_size": threads + 2, "max_overflow": 4, "pool_timeout": _BUSY_SECONDS}
    if url.get_backend_name() == "sqlite":
        if url.database and url.database != ":memory:":
            Path(url.database).expanduser().parent.mkdir(parents=True, exist_ok=True)
        options["connect_args"] = {"timeout": _BUSY_SECONDS, "check_same_thread": False}
    else:
        options["pool_pre_ping"] = True
    try:
        # Parameters are hidden: an exception's message must not quote a report.
        engine = create_engine(url, hide_parameters=True, **options)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise BrokenInstallation(
            f"the database {url.render_as_string(hide_password=True)} cannot be used ({error})",
            "sqlite:///FILE, or postgresql://… with the extra 'postgres'",
            "pip install 'nianbao[postgres]', or change NIANBAO_DATABASE",
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _settle)
        event.listen(engine, "begin", _begin)
    return engine


def _settle(connection: Any, _record: Any) -> None:
    """WAL lets readers go on while one writes; FULL makes a commit outlast a power cut, not only a crash."""
    connection.isolation_level = None  # transactions are begun by _begin, not by the driver's guess
    for pragma in (
        f"busy_timeout={_BUSY_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-32000",
        "journal_size_limit=67108864",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """A writer takes its lock at the start: one that first reads and then writes could be refused half-way."""
    write = connection.get_execution_options().get("nianbao_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
