"""/v1/training-runs: fine-tuning on the service's dataset, in the background."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from sqlalchemy.orm import Session

from extractor.commands.train import lacking
from models import registry
from models.annotations.dataset import Dataset
from service.asked import Cursor, Id, Limit, Once, RunRequest
from service.bodies import described, json_body
from service.dependencies import Admin, Reader, Reading, State, TheState
from service.learning import runs
from service.learning.examples import RUN_BODY
from service.learning.shapes import Run, RunDetail
from service.once import REPLAYED, answered, once, recall, remembered
from service.problems import CHANGE, LIST, ONE, refusal, responses
from service.shapes import Page
from service.store import jobs
from service.store.idempotency import Answer
from service.store.tables import JobRow

router = APIRouter(prefix="/v1/training-runs", tags=["learning"])


@router.post(
    "",
    summary="Start a training run",
    status_code=202,
    response_model=Run,
    responses={
        **responses(
            *CHANGE, "nothing_to_learn", "training_missing", "models_damaged", "dataset_damaged", "idempotency_mismatch"
        ),
        202: {"model": Run, "description": "It waits its turn", "headers": REPLAYED},
    },
    openapi_extra=described(RunRequest, RUN_BODY),
)
def start(
    caller: Admin,
    asked: Annotated[RunRequest, Depends(json_body(RunRequest))],
    state: TheState,
    key: Once = None,
) -> Response:
    """Fine-tunes a model on the train part of the dataset, then has the gate compare it with the version that serves.

    It runs in a process of its own on one core at the lowest priority. One run at a time: others wait. It survives
    restarts of the service. The version that it makes serves once it is promoted.
    """
    wanted = once(caller, key, f"run {asked.model_dump_json()}")
    answer = recall(state, wanted)
    if answer is not None:
        return answered(answer, "/v1/training-runs", replayed=True)
    base = asked.start or registry.current(asked.task)
    if base not in registry.versions(asked.task):
        raise refusal("not_found" if asked.start else "models_damaged")
    if lacking():
        raise refusal("training_missing")
    if not runs.teaches(Dataset(state.settings.dataset_folder), asked.task):
        raise refusal("nothing_to_learn")
    answer, replayed = remembered(state, wanted, lambda session: _create(session, asked, base, state))
    if replayed:
        return answered(answer, "/v1/training-runs", replayed=True)
    state.runs.enqueue(str(answer.body["id"]))
    return answered(answer, "/v1/training-runs")


def _create(session: Session, asked: RunRequest, base: str, state: State) -> Answer:
    return Answer(202, runs.shape(runs.create(session, asked, base), state.settings).model_dump(mode="json"))


@router.get("", summary="List training runs", responses=responses(*LIST))
def list_runs(
    _caller: Reader, session: Reading, state: TheState, cursor: Cursor = None, limit: Limit = 50
) -> Page[Run]:
    """The newest first."""
    return runs.list_runs(session, state.settings, cursor, limit)


@router.get("/{id}", summary="One training run", responses=responses(*ONE))
def read(_caller: Reader, session: Reading, state: TheState, id: Id) -> RunDetail:
    """How far it is, its scores, and the gate's verdict with gains and losses by document."""
    return runs.detail(_found(session, id), state.settings)


@router.delete("/{id}", summary="Cancel a training run", status_code=202, responses=responses(*ONE, "conflict"))
def cancel(_caller: Admin, state: TheState, id: Id) -> Run:
    """What it has learned is thrown away. Cancelled while the gate compares, the version stays, without a verdict."""
    with state.database.writing() as session:
        row = _found(session, id, lock=True)
        if not jobs.cancel(session, row):
            raise refusal("conflict")
        made = runs.shape(row, state.settings)
    state.runs.cancel(id)
    return made


def _found(session: Session, id: str, lock: bool = False) -> JobRow:
    row = runs.row_of(session, id, lock)
    if row is None:
        raise refusal("not_found")
    return row
