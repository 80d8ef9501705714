"""The measurements in small: that they measure, that they notice, and that nothing that was acknowledged is lost."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from service.store.database import Database
from tests.load import extract, kill, lists, memory
from tests.load.figures import Figure, percentile, show


def named(figures: list[Figure]) -> dict[str, Figure]:
    return {figure.name: figure for figure in figures}


def test_what_was_acknowledged_is_there_after_kill_nine() -> None:
    figures = named(asyncio.run(kill.measure(writes=12, kills=2, seed="small")))
    assert [figure for figure in figures.values() if not figure.fits] == []
    assert {one.split(":")[0] for one in figures["of these"].value.split(", ")} >= {"report", "review", "job"}


def test_many_clients_meet_no_error() -> None:
    figures = named(extract.measure(clients=4, seconds=1.5, reports=8, processes=1))
    assert figures["errors other than 503 with Retry-After"].value == "0"
    assert float(figures["reports a second, service"].value) > 0


def test_requests_of_every_kind_are_answered_while_the_memory_is_watched() -> None:
    figures = named(memory.measure(requests=60, processes=1))
    assert figures["errors"].value == "0"
    assert "201" in figures["answers by status"].value
    assert memory.resident(os.getpid()) > 50


def test_every_list_is_asked() -> None:
    figures = named(lists.measure(reports=12, rounds=2, database=""))
    assert figures["reports and findings stored"].fits
    assert len(figures) == len(lists.PAGES) + 2


def test_a_database_that_lost_something_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "nianbao.db"
    lists.fill(Database(f"sqlite:///{file}"), 3)
    assert kill.harm(file) == []
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE documents SET mismatches = mismatches + 1 WHERE pk = 1")
        database.execute("DELETE FROM extractions WHERE pk = 2")
        database.execute("DROP TRIGGER documents_text_out")
        database.execute("DELETE FROM documents WHERE pk = 3")
    found = " ".join(kill.harm(file))
    assert "1 documents whose counts" in found
    assert "1 documents without an extraction" in found
    assert "without its owner" in found
    assert "the index of the search" in found


def test_a_missed_bound_is_shown_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert show("x", [Figure("a", "1"), Figure("b", "2", "≤ 3", True)]) == 0
    assert show("x", [Figure("a", "1"), Figure("b", "4", "≤ 3", False)]) == 1
    assert "| b | 4 | ≤ 3 | NO |" in capsys.readouterr().out


def test_percentiles_of_few_values() -> None:
    assert percentile([3.0], 95) == 3
    assert percentile([float(n) for n in range(101)], 95) == 95
