"""Requests that are sent twice: what endpoints that take an Idempotency-Key have in common."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Response
from fastapi.responses import JSONResponse
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.dependencies import State
from service.problems import refusal
from service.shapes import Caller
from service.store import idempotency, recording
from service.store.idempotency import Answer

REPLAYED = {"Idempotency-Replayed": {"schema": {"type": "string"}, "description": "true: answered as before"}}


def once(caller: Caller, key: str | None, digest: str) -> idempotency.Once | None:
    """The request by its key, if it has one; ``digest`` tells what it asks."""
    return idempotency.Once(caller.name, key, recording.digest(digest)) if key else None


def recall(state: State, key: idempotency.Once | None) -> Answer | None:
    """What the same request was answered before. Raises idempotency_mismatch."""
    if key is None:
        return None
    with state.database.reading() as session:
        try:
            return idempotency.recall(session, key)
        except idempotency.MismatchError:
            raise refusal("idempotency_mismatch") from None


def remembered(state: State, key: idempotency.Once | None, work: Callable[[Session], Answer]) -> tuple[Answer, bool]:
    """Do work and keep its answer in one transaction. Of two requests with the same key that come at once one is
    undone: it is answered as the other was, which the second value says."""
    try:
        with state.database.writing() as session:
            answer = work(session)
            if key is not None:
                idempotency.remember(session, key, answer)
            return answer, False
    except IntegrityError:
        twin = recall(state, key)
        if twin is None:
            raise
        return twin, True


def answered(answer: Answer, place: str = "", replayed: bool = False) -> Response:
    """The response; ``place`` is where what was made can be fetched by its id."""
    headers = {"Location": f"{place}/{answer.body['id']}"} if place else {}
    if replayed:
        headers["Idempotency-Replayed"] = "true"
    return JSONResponse(answer.body, answer.status, headers)
