"""/v1/models: the versions of both models, which of them serve, promotion and the way back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from models import promotion, registry
from models.gate import judge as gate
from models.gate.judge import RefusedError
from models.promotion import NothingBeforeError
from models.registry import Task
from service.asked import PromoteRequest
from service.bodies import described, json_body
from service.dependencies import Admin, Reader, TheState
from service.learning import versions
from service.learning.examples import PROMOTE_BODY
from service.learning.shapes import Model, ModelDetail, ModelEvent, Models
from service.problems import CHANGE, ONE, refusal, responses
from service.shapes import Job
from service.store import jobs

router = APIRouter(prefix="/v1/models", tags=["learning"])
Name = Annotated[
    str, Path(max_length=120, pattern=r"^[A-Za-z0-9._-]+$", description="Task and version: `claims-run1`, `layout-1`.")
]


@router.get("", summary="Versions of the models", responses=responses("models_damaged"))
def list_versions(_caller: Reader) -> Models:
    """Of each model, with the main figures of its record, what the gate said, which one serves, and every change."""
    return versions.everything()


@router.get("/{version}", summary="One version", responses=responses(*ONE, "models_damaged"))
def read(_caller: Reader, version: Name) -> ModelDetail:
    """With the scores of each label, and gains and losses by document against the version it was compared with."""
    return versions.detail(*_found(version))


@router.post(
    "/{version}/judgement",
    summary="Compare a version with the one that serves",
    status_code=202,
    responses=responses(*ONE, "models_damaged"),
)
def judge(_caller: Admin, state: TheState, version: Name) -> Job:
    """A job that asks the gate anew: after another version was promoted, or after test reports were annotated."""
    task, name = _found(version)
    with state.database.writing() as session:
        made = jobs.shape(jobs.create(session, "judge", {"order": {"task": task, "version": name}}))
    state.runs.enqueue(made.id)
    return made


@router.post(
    "/{version}/promote",
    summary="Let a version serve",
    responses=responses(*CHANGE, "not_judged", "gate_refused", "models_damaged", "dataset_damaged"),
    openapi_extra=described(PromoteRequest, PROMOTE_BODY),
)
def promote(
    caller: Admin,
    asked: Annotated[PromoteRequest, Depends(json_body(PromoteRequest))],
    state: TheState,
    version: Name,
) -> Model:
    """If the gate allows it: nothing fell beyond noise and something rose. `force` says why it is to serve though the
    gate does not; the reason is recorded. The running service takes it up without a restart.
    """
    task, name = _found(version)
    serving = registry.pins().get(task)
    if serving != name:
        judgement = versions.known_judgement(task, name, state.settings)
        forced = f"{asked.force.strip()} ({caller.signs(asked.author)})" if asked.force else ""
        if judgement is None and not forced:
            raise refusal("not_judged")
        try:
            gate.promote(task, name, judgement, forced)
        except RefusedError:
            shown = versions.judgement({"gate": judgement}, serving)
            raise refusal("gate_refused", judgement=shown.model_dump(mode="json") if shown else None) from None
        state.pool.look()
    return versions.shape(task, name, registry.pins().get(task))


@router.post(
    "/{task}/rollback",
    summary="Go back to the version before",
    responses=responses("invalid_request", "nothing_before", "models_damaged"),
)
def rollback(_caller: Admin, state: TheState, task: Task) -> ModelEvent:
    """Takes the last promotion of this model back. The running service takes that up without a restart."""
    try:
        event = promotion.rollback(task)
    except NothingBeforeError:
        raise refusal("nothing_before") from None
    state.pool.look()
    return versions.event(event)


def _found(id: str) -> tuple[Task, str]:
    found = versions.parse(id)
    if found is None:
        raise refusal("not_found")
    return found
