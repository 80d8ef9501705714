"""Training runs in the store: each is a job, and the version that it makes has a name of its own from the beginning."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import registry
from models.annotations.dataset import Dataset
from models.registry import Task
from service.asked import RunRequest
from service.learning import shapes, versions
from service.learning.trainer import far, order_of
from service.settings import Settings
from service.shapes import JobKind, Page
from service.store import jobs
from service.store.pages import behind, cursor_of
from service.store.tables import JobRow

KIND: JobKind = "train"
_LAYERS: dict[Task, tuple[str, ...]] = {"claims": ("claims", "headings"), "layout": ("blocks",)}
_UNDER_WAY = ("running", "cancelling")


def teaches(data: Dataset, task: Task) -> bool:
    """Has the train part of a dataset anything for this model?"""
    return any(e.split == "train" and all(layer in e.counts for layer in _LAYERS[task]) for e in data.entries)


def create(session: Session, asked: RunRequest, start: str) -> JobRow:
    """A run that waits. The version's folder is made now: no other run is given its name."""
    changes = asked.model_dump(exclude={"task", "start"}, exclude_none=True)
    told = json.dumps(asked.model_dump(exclude_none=True), ensure_ascii=False)
    order = {
        "task": asked.task, "version": _free(asked.task), "start": start, "changes": changes,
        "command": f"POST /v1/training-runs {told}",
    }  # fmt: skip
    return jobs.create(session, KIND, {"order": order})


def _free(task: Task) -> str:
    folder = registry.user_root() / task
    folder.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        try:
            (folder / f"run{number}").mkdir()
        except FileExistsError:
            number += 1
        else:
            return f"run{number}"


def row_of(session: Session, id: str, lock: bool = False) -> JobRow | None:
    """The run with this id."""
    row = jobs.row_of(session, id, lock)
    return row if row is not None and row.kind == KIND else None


def list_runs(session: Session, settings: Settings, cursor: str | None, limit: int) -> Page[shapes.Run]:
    """The newest first. Raises CursorError."""
    query = select(JobRow).where(JobRow.kind == KIND).order_by(JobRow.pk.desc()).limit(limit + 1)
    rows = session.scalars(query.where(JobRow.pk < behind(cursor)) if cursor else query).all()
    more = cursor_of(rows[limit - 1].pk) if len(rows) > limit else None
    return Page(items=[shape(row, settings) for row in rows[:limit]], next=more)


def shape(row: JobRow, settings: Settings) -> shapes.Run:
    """A run in short."""
    return shapes.Run(**_facts(row, settings, _record(row)))


def detail(row: JobRow, settings: Settings) -> shapes.RunDetail:
    """A run in full."""
    record = _record(row)
    task = row.params["order"]["task"]
    parts = record.get("dataset", {})
    return shapes.RunDetail(
        **_facts(row, settings, record),
        annotated={name: parts[name]["documents"] for name in ("train", "dev")} if parts else None,
        before=record.get("before"),
        after=record.get("after"),
        epochs=record.get("epochs", []),
        judgement=versions.judgement(record, registry.pins().get(task)),
    )


def _record(row: JobRow) -> dict[str, Any]:
    order = row.params["order"]
    return versions.record_of(order["task"], order["version"]) or {}


def _facts(row: JobRow, settings: Settings, record: dict[str, Any]) -> dict[str, Any]:
    order = row.params["order"]
    is_under_way = row.status in _UNDER_WAY
    said = far(settings.runs_folder / row.id, order_of(row.params, settings)) if is_under_way else {}
    return {
        **{name: getattr(row, name) for name in ("id", "status", "error", "created_at", "started_at", "finished_at")},
        "task": order["task"],
        "model": versions.name_of(order["task"], order["version"]),
        "start": order["start"],
        "settings": order["changes"],
        **{name: said.get(name) for name in ("phase", "done", "total", "loss", "scores")},
        "judged": versions.judged(record, registry.pins().get(order["task"])),
    }
