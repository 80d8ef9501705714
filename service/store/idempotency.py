"""Requests that are sent twice are done once: what was answered is kept with what was done, for a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from service.store.tables import IdempotencyRow, now

KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Once:
    """A request by its Idempotency-Key: whose, and the digest of what it asks."""

    owner: str
    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    body: dict[str, Any]


class MismatchError(ValueError):
    """The key was used for another request."""


def recall(session: Session, once: Once) -> Answer | None:
    """What the same request was answered before, if it was made. Raises MismatchError."""
    row = session.get(IdempotencyRow, (once.owner, once.key))
    if row is None or row.created_at < now() - KEPT:
        return None
    if row.digest != once.digest:
        raise MismatchError
    return Answer(row.status, row.answer)


def remember(session: Session, once: Once, answer: Answer) -> None:
    """Keep an answer; to be called in the transaction that does the work. A twin makes the commit fail."""
    session.execute(delete(IdempotencyRow).where(IdempotencyRow.created_at < now() - KEPT))
    row = IdempotencyRow(owner=once.owner, key=once.key, digest=once.digest, status=answer.status)
    row.answer, row.created_at = answer.body, now()
    session.add(row)
    session.flush()
