"""Jobs in the store: how far each is, what it was given and what it made. The queue only says that there is one."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session, undefer

from service.shapes import FailedItem, Job, JobKind, Page
from service.store.database import Database
from service.store.pages import behind, cursor_of
from service.store.tables import JobItemRow, JobPartRow, JobRow, now

LEASE = timedelta(seconds=20)
_ABANDONED = timedelta(hours=1)
_ENDED = ("done", "failed", "cancelled")


def create(session: Session, kind: JobKind, params: dict[str, Any], status: str = "queued") -> JobRow:
    """A new job that waits."""
    row = JobRow(id=f"j{uuid.uuid4().hex}", kind=kind, status=status, params=params, created_at=now(), beat_at=now())
    session.add(row)
    session.flush()
    return row


def row_of(session: Session, id: str, lock: bool = False) -> JobRow | None:
    """The job with this id; with ``lock`` nobody else changes it until the transaction ends."""
    query = select(JobRow).where(JobRow.id == id)
    return session.scalar(query.with_for_update() if lock else query)


def found(session: Session, id: str) -> JobRow:
    """The job with this id, which is known to be there."""
    return session.scalars(select(JobRow).where(JobRow.id == id)).one()


def remove(session: Session, id: str) -> None:
    """Delete a job with its reports."""
    session.execute(delete(JobRow).where(JobRow.id == id))


def list_jobs(session: Session, cursor: str | None, limit: int) -> Page[Job]:
    """The newest first. Raises CursorError."""
    query = select(JobRow).order_by(JobRow.pk.desc()).limit(limit + 1)
    rows = session.scalars(query.where(JobRow.pk < behind(cursor)) if cursor else query).all()
    more = cursor_of(rows[limit - 1].pk) if len(rows) > limit else None
    return Page(items=[shape(row) for row in rows[:limit]], next=more)


def claim(session: Session, id: str, owner: str, alone: Collection[str] = ()) -> JobRow | None:
    """Take a job that waits, or whose worker has died; None where another has it or it has ended.

    Of jobs of the kinds that are ``alone`` none is given out while another of them is under way.
    """
    if alone and _is_under_way(session, id, alone):
        return None
    row = row_of(session, id, lock=True)
    if row is None or not (row.status == "queued" or (row.status in ("running", "cancelling") and _is_stale(row))):
        return None
    row.owner, row.beat_at = owner, now()
    row.started_at = row.started_at or now()
    if row.status == "queued":
        row.status = "running"
    return row


def _is_under_way(session: Session, id: str, kinds: Collection[str]) -> bool:
    """Is another job of these kinds? All of them are locked, so that two workers do not ask at the same time."""
    query = select(JobRow).where(JobRow.kind.in_(kinds), JobRow.status.in_(("queued", "running", "cancelling")))
    session.scalars(query.order_by(JobRow.pk).with_for_update()).all()
    rows = session.scalars(query.execution_options(populate_existing=True)).all()
    return any(row.id != id and row.status != "queued" and not _is_stale(row) for row in rows)


def _is_stale(row: JobRow) -> bool:
    return row.beat_at is None or row.beat_at < now() - LEASE


def beat(session: Session, owner: str) -> dict[str, str]:
    """Say that the jobs of this worker are alive; returns their statuses by id."""
    mine = (JobRow.owner == owner, JobRow.status.in_(("running", "cancelling")))
    session.execute(update(JobRow).where(*mine).values(beat_at=now()))
    return {row.id: row.status for row in session.scalars(select(JobRow).where(*mine))}


def end(session: Session, id: str, status: str, error: str | None = None) -> None:
    """A job has ended, or (queued) is to be gone on with by whoever comes next. Reports not yet stored are dropped."""
    row = row_of(session, id, lock=True)
    if row is None:
        return
    row.status, row.error, row.owner = status, error, None
    if status in _ENDED:
        row.finished_at = now()
        session.execute(update(JobItemRow).where(JobItemRow.job_pk == row.pk).values(content=None))


def cancel(session: Session, row: JobRow) -> bool:
    """Stop a job: at once where it waits, else as soon as its worker sees it. False where it has ended."""
    if row.status in _ENDED:
        return False
    if row.status == "running":
        row.status = "cancelling"
    elif row.status != "cancelling":
        end(session, row.id, "cancelled")
    return True


def waiting(session: Session, kinds: Collection[str]) -> list[str]:
    """Jobs of these kinds that nobody works on: those that wait, and those whose worker has died."""
    query = select(JobRow).where(JobRow.status.in_(("queued", "running", "cancelling"))).order_by(JobRow.pk)
    query = query.where(JobRow.kind.in_(kinds))
    return [row.id for row in session.scalars(query) if row.status == "queued" or _is_stale(row)]


def tidy(session: Session) -> None:
    """Forget bulk uploads that broke off."""
    old = (JobRow.status == "receiving", JobRow.created_at < now() - _ABANDONED)
    session.execute(delete(JobRow).where(*old))


def add_items(session: Session, row: JobRow, items: list[tuple[int, str, bytes]]) -> None:
    """Reports of a bulk job: line, name, content."""
    if items:
        rows = [{"job_pk": row.pk, "line": line, "name": name, "content": content} for line, name, content in items]
        session.execute(insert(JobItemRow), rows)


def next_items(session: Session, row: JobRow, limit: int) -> list[JobItemRow]:
    """The reports that come behind the job's position, with their content."""
    query = select(JobItemRow).options(undefer(JobItemRow.content)).where(JobItemRow.job_pk == row.pk)
    return list(session.scalars(query.where(JobItemRow.line > row.position).order_by(JobItemRow.line).limit(limit)))


def failures(session: Session, row: JobRow) -> list[FailedItem]:
    """The reports of a bulk job that were not stored, at most a thousand."""
    query = select(JobItemRow).where(JobItemRow.job_pk == row.pk, JobItemRow.error.is_not(None))
    rows = session.scalars(query.order_by(JobItemRow.line).limit(1000))
    return [FailedItem(line=item.line, name=item.name, code=str(item.error)) for item in rows]


def add_part(session: Session, row: JobRow, part: int, data: bytes) -> None:
    """The next piece of the file that a job makes."""
    session.add(JobPartRow(job_pk=row.pk, part=part, data=data))


def drop_parts(session: Session, row: JobRow) -> None:
    """Forget what was made of a file: it is made anew."""
    session.execute(delete(JobPartRow).where(JobPartRow.job_pk == row.pk))


def parts(database: Database, pk: int) -> Iterator[bytes]:
    """The file that a job made, piece by piece."""
    part = 0
    while True:
        with database.reading() as session:
            row = session.get(JobPartRow, (pk, part))
        if row is None:
            return
        yield row.data
        part += 1


def shape(row: JobRow) -> Job:
    """A row as it is answered."""
    names = ("id", "kind", "status", "total", "done", "failed", "error", "params", "created_at", "started_at")
    plain = {name: getattr(row, name) for name in (*names, "finished_at")}
    made = f"/v1/jobs/{row.id}/result" if row.status == "done" and row.media_type else None
    return Job.model_validate({**plain, "result": made})
