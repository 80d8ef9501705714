"""How far a job is: what it works on asks here whether to go on, and writes here what is done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from service.reading.pool import AbandonedError, Ticket
from service.store import jobs
from service.store.database import Database
from service.store.tables import JobRow


class Cancelled(Exception):  # noqa: N818 - they are no errors
    """Somebody stopped the job."""


class Interrupted(Exception):  # noqa: N818
    """The service stops; the job goes on later."""


class Lost(Exception):  # noqa: N818
    """Another worker has taken the job over, or it was deleted."""


class Progress:
    """One job under way."""

    def __init__(self, database: Database, id: str, owner: str) -> None:
        self.database = database
        self.id = id
        self._owner = owner
        self._cancelled = threading.Event()
        self._interrupted = threading.Event()
        self._tickets: set[Ticket] = set()

    def cancel(self) -> None:
        """Somebody stops the job: nobody waits any more for what is being read."""
        self._cancelled.set()
        self._abandon()

    def interrupt(self) -> None:
        """The service stops: likewise."""
        self._interrupted.set()
        self._abandon()

    def _abandon(self) -> None:
        for ticket in list(self._tickets):
            ticket.abandon()

    @contextmanager
    def ticket(self, seconds: float) -> Iterator[Ticket]:
        """A wish to have a report read, given up when the job stops: then it raises as ``check`` does."""
        made = Ticket(seconds)
        self._tickets.add(made)
        try:
            self.check()
            yield made
        except AbandonedError:
            self.check()
            raise
        finally:
            self._tickets.discard(made)

    def check(self) -> None:
        """Raises Cancelled or Interrupted where the job is to stop."""
        if self._cancelled.is_set():
            raise Cancelled
        if self._interrupted.is_set():
            raise Interrupted

    @contextmanager
    def step(self) -> Iterator[tuple[Session, JobRow]]:
        """A transaction that does a piece of the work and notes it. Raises as ``check`` does, and Lost."""
        self.check()
        with self.database.writing() as session:
            row = jobs.row_of(session, self.id, lock=True)
            if row is None or row.owner != self._owner:
                raise Lost
            if row.status == "cancelling":
                raise Cancelled
            yield session, row
