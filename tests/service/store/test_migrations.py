"""The migrations make exactly the tables that the code believes in, also when several processes start at once."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from models.registry import BrokenInstallation
from service.store.database import Database, migrations
from service.store.tables import Base


def test_the_migrations_make_the_tables_of_the_code(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [
            d
            for d in compare_metadata(context, Base.metadata)
            if "documents_text" not in str(getattr(d[-1], "name", ""))
        ]
    assert differences == []


def test_several_processes_may_migrate_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a' / 'nianbao.db'}"
    failed: list[Exception] = []

    def work() -> None:
        try:
            Database(url).migrate()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_the_first_step_can_be_taken_back(tmp_path: Path) -> None:
    from alembic import command

    database = Database(f"sqlite:///{tmp_path / 'nianbao.db'}")
    database.migrate()
    with database.engine.execution_options(nianbao_write=True).begin() as connection:
        command.downgrade(migrations(connection), "base")
    assert inspect(database.engine).get_table_names() == ["alembic_version"]


def test_a_store_of_the_first_step_keeps_its_findings(tmp_path: Path) -> None:
    from alembic import command

    file = tmp_path / "nianbao.db"
    database = Database(f"sqlite:///{file}")
    with database.engine.execution_options(nianbao_write=True).begin() as connection:
        command.upgrade(migrations(connection), "0001")
    needed = [c["name"] for c in inspect(database.engine).get_columns("findings") if not c["nullable"]]
    assert "confidence" not in needed
    values = ", ".join(["1"] * len(needed))
    with contextlib.closing(sqlite3.connect(file)) as plain:  # which asks for no report that the finding is of
        plain.execute(f"INSERT INTO findings ({', '.join(needed)}) VALUES ({values})")
        plain.commit()
    database.migrate()
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT confidence, cause FROM findings")).all() == [(0.0, None)]


def test_sqlite_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'nianbao.db'}")
    with database.engine.connect() as connection:
        read = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert read == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_an_unknown_database_is_said_in_three_parts() -> None:
    with pytest.raises(BrokenInstallation, match="what to do"):
        Database("nosuch://user:secret@host/x")
    with pytest.raises(BrokenInstallation) as caught:
        Database("nosuch://user:secret@host/x")
    assert "secret" not in str(caught.value)
