"""What endpoints ask for: who calls, the store, the report that a request brings, and to have it read."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any

from anyio import CapacityLimiter, create_task_group, move_on_after, to_thread
from fastapi import Depends, Query, Request, Security
from fastapi.security import HTTPBearer
from sqlalchemy.orm import Session

from extractor.reading import Decoded
from service import bodies, metrics
from service.bodies import Report
from service.learning.advice import Adviser
from service.problems import refusal
from service.reading.pool import AbandonedError, CrashedError, Pool, Ticket, TimeLimitError, WaitLimitError
from service.security import Door
from service.settings import Settings
from service.shapes import Caller, Role
from service.store.database import Database
from service.store.documents import row_of
from service.store.keys import RANK
from service.store.tables import DocumentRow
from service.work.queue import Jobs

# Only for /openapi.json: Door reads the header itself.
_SCHEME = HTTPBearer(auto_error=False, description="An API key (nianbao keys create). Not needed on loopback.")


@dataclass(frozen=True, slots=True)
class State:
    """What one process of the service holds. ``turns`` bounds the reports that are being read; ``runs`` are the jobs
    that train, and ``importing`` lets one request at a time verify annotations."""

    settings: Settings
    database: Database
    pool: Pool
    door: Door
    turns: CapacityLimiter
    jobs: Jobs
    runs: Jobs
    adviser: Adviser
    readers: CapacityLimiter = field(init=False)
    importing: CapacityLimiter = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "readers", CapacityLimiter(self.turns.total_tokens))
        object.__setattr__(self, "importing", CapacityLimiter(1))


async def get_state(request: Request) -> State:
    """The state that the application was started with."""
    state: State = request.app.state.nianbao
    return state


TheState = Annotated[State, Depends(get_state)]


def may(role: Role) -> Callable[..., Coroutine[Any, Any, Caller]]:
    """A dependency that lets in whoever has this role or a higher one, and says who it is."""

    async def check(request: Request, state: TheState, _scheme: Annotated[Any, Security(_SCHEME)] = None) -> Caller:
        caller = await state.door.caller(request)
        request.state.caller = caller.name
        if RANK[caller.role] < RANK[role]:
            raise refusal("forbidden")
        return caller

    return check


Reader = Annotated[Caller, Depends(may("read"))]
Reviewer = Annotated[Caller, Depends(may("review"))]
Admin = Annotated[Caller, Depends(may("admin"))]


def reading(state: TheState) -> Iterator[Session]:
    """A transaction that changes nothing."""
    with state.database.reading() as session:
        yield session


Reading = Annotated[Session, Depends(reading, scope="function")]


def found(session: Session, id: str) -> DocumentRow:
    """The document with this id. Raises not_found."""
    row = row_of(session, id) if len(id) <= 40 and "\0" not in id else None
    if row is None:
        raise refusal("not_found")
    return row


async def get_report(
    request: Request,
    state: TheState,
    id: Annotated[str, Query(max_length=200, description="Given back as document.id (text/plain requests).")] = "",
) -> Report:
    """The request's report. Raises ReadingError or ProblemError; a body over the limit is not read to its end."""
    return await bodies.report(request, state.settings, id)


async def read_report(request: Request, state: State, report: Decoded, id: str) -> bytes:
    """Have a report read in one of the reading processes; returns the result as JSON.

    Raises busy where too many wait already. A client that hangs up leaves the queue, or frees its process.
    """
    if state.turns.statistics().tasks_waiting >= state.settings.queue:
        metrics.REPORTS.labels("busy").inc()
        raise refusal("busy", {"Retry-After": str(_seconds_to_wait(state))})
    ticket = Ticket(state.settings.request_seconds)
    begun = time.perf_counter()
    made: list[bytes] = []
    failed: list[Exception] = []

    async def work() -> None:
        try:
            made.append(await _in_turn(state, report, id, ticket))
        except Exception as error:  # carried out of the group as it is, not as a group of errors
            failed.append(error)
        group.cancel_scope.cancel()

    async with create_task_group() as group:
        group.start_soon(_watch, request, ticket)
        group.start_soon(work)
    metrics.READING.observe(time.perf_counter() - begun)
    metrics.REPORTS.labels(_outcome(failed[0] if failed else None)).inc()
    if failed:
        raise failed[0]
    return made[0]


async def _in_turn(state: State, report: Decoded, id: str, ticket: Ticket) -> bytes:
    metrics.WAITING.inc()
    try:
        with move_on_after(ticket.left) as waiting:
            await state.turns.acquire_on_behalf_of(ticket)
    finally:
        metrics.WAITING.dec()
    if waiting.cancelled_caught:
        raise WaitLimitError
    try:
        return await to_thread.run_sync(state.pool.read, report, id, ticket, limiter=state.readers)
    finally:
        state.turns.release_on_behalf_of(ticket)


async def _watch(request: Request, ticket: Ticket) -> None:
    """Once the body is read, the only thing that a client still says is that it hung up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    ticket.abandon()


def _seconds_to_wait(state: State) -> int:
    """About as long as those who wait already will take."""
    waiting = state.turns.statistics().tasks_waiting
    return max(1, round(waiting * 0.1 / state.turns.total_tokens))


def _outcome(error: Exception | None) -> str:
    names = {CrashedError: "crashed", TimeLimitError: "time_limit", WaitLimitError: "busy", AbandonedError: "abandoned"}
    return "read" if error is None else names.get(type(error), "failed")
