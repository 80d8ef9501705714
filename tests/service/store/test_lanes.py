"""Jobs of which no more than one may be under way, in either kind of database."""

from __future__ import annotations

from service.store import jobs
from service.store.database import Database
from service.store.tables import now

ALONE = ("train", "judge")


def create(database: Database, kind: str) -> str:
    with database.writing() as session:
        return jobs.create(session, kind, {}).id  # type: ignore[arg-type]


def claimed(database: Database, id: str) -> bool:
    with database.writing() as session:
        return jobs.claim(session, id, "me", ALONE) is not None


def test_one_job_of_a_lane_is_given_out_until_it_ends_or_its_worker_dies(database: Database) -> None:
    first, second, other = create(database, "train"), create(database, "judge"), create(database, "export")
    assert claimed(database, first)
    assert not claimed(database, second)
    with database.writing() as session:
        assert jobs.claim(session, other, "me") is not None
        assert jobs.waiting(session, ALONE) == [second]
        assert jobs.waiting(session, ["export"]) == []
    with database.writing() as session:
        jobs.found(session, first).beat_at = now() - 2 * jobs.LEASE
    assert claimed(database, second)
    assert not claimed(database, first)
    with database.writing() as session:
        jobs.end(session, second, "done")
    assert claimed(database, first)
