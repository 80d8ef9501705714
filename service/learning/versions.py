"""The versions of both models as they are answered: their records, what the gate said, which of them serve."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from models import promotion, registry
from models.annotations.dataset import MANIFEST, Dataset
from models.gate import judge as gate
from models.gate.holdout import hold_out
from models.promotion import Event
from models.registry import TASKS, BrokenInstallation, Task
from service.learning import shapes
from service.settings import Settings

Record = Mapping[str, Any]


def name_of(task: str, version: str) -> str:
    """The id of a version: ``claims-run1``."""
    return f"{task}-{version}"


def parse(id: str) -> tuple[Task, str] | None:
    """Task and version of an id; None where there is no such version."""
    for task in TASKS:
        version = id.removeprefix(f"{task}-")
        if version != id and registry.is_name(version) and version in registry.versions(task):
            return task, version
    return None


def everything() -> shapes.Models:
    """All versions, by model, date and name. Raises BrokenInstallation where nobody can say what serves."""
    pins = registry.pins()
    items = [shape(task, version, pins.get(task)) for task in TASKS for version in registry.versions(task)]
    items.sort(key=lambda m: (m.task, m.own, m.date or "", m.version))
    return shapes.Models(items=items, serving=pins, events=[event(e) for e in reversed(promotion.events())])


def event(one: Event) -> shapes.ModelEvent:
    """A promotion or a way back, as it is answered."""
    return shapes.ModelEvent.model_validate(asdict(one))


def shape(task: Task, version: str, serving: str | None) -> shapes.Model:
    """A version in short."""
    record = _record(task, version)
    return shapes.Model(**_facts(task, version, serving, record))


def detail(task: Task, version: str) -> shapes.ModelDetail:
    """A version in full."""
    serving = registry.pins().get(task)
    record = _record(task, version) or {}
    held = record.get("held_out", {})
    labels = held.get("kinds") or held.get("labels") or {}
    return shapes.ModelDetail(
        **_facts(task, version, serving, record),
        labels=[_label(name, figures) for name, figures in labels.items()],
        command=record.get("command") or None,
        seconds=record.get("seconds"),
        judgement=judgement(record, serving),
    )


def judged(record: Record, serving: str | None) -> shapes.Judged | None:
    """What the gate said of a version, in short."""
    said = record.get("gate")
    if not isinstance(said, dict):
        return None
    facts = {name: said[name] for name in ("verdict", "allows", "against", "date")}
    return shapes.Judged(**facts, stands=said["against"] == serving)


def judgement(record: Record, serving: str | None) -> shapes.Judgement | None:
    """What the gate said of a version, in full."""
    short, said = judged(record, serving), record.get("gate", {})
    if short is None:
        return None
    parts = [{name: part[name] for name in ("name", "documents", "unit", "changes")} for part in said["parts"]]
    labels = [{**one, "against": _is_against(one, said["reasons"])} for one in said["labels"]]
    rest = {"reasons": said["reasons"], "changes": said["changes"], "labels": labels, "parts": parts}
    return shapes.Judgement.model_validate({**short.model_dump(), **rest})


def _is_against(label: Mapping[str, Any], reasons: Iterable[str]) -> bool:
    return any(reason.startswith(f"{label['label']} ({label['part']}) fell") for reason in reasons)


def known_judgement(task: Task, version: str, settings: Settings) -> dict[str, Any] | None:
    """The gate's judgement, where it is of the version that serves now and of the annotations that there are now."""
    data = Dataset(settings.dataset_folder) if (settings.dataset_folder / MANIFEST).is_file() else None
    return gate.judged(task, version, data, hold_out(task, settings.gate_reports))


def record_of(task: Task, version: str) -> dict[str, Any] | None:
    """The record of a version; None where there is none, or where it cannot be read."""
    return _record(task, version) if version in registry.versions(task) else None


def _record(task: Task, version: str) -> dict[str, Any] | None:
    try:
        return registry.read_record(registry.version_dir(task, version))
    except BrokenInstallation:
        return None


def _facts(task: Task, version: str, serving: str | None, record: Record | None) -> dict[str, Any]:
    said = record or {}
    return {
        "id": name_of(task, version),
        "task": task,
        "version": version,
        "serves": version == serving,
        "own": registry.version_dir(task, version).is_relative_to(registry.user_root()),
        "damaged": not said,
        "date": said.get("date"),
        "start": (said.get("start") or {}).get("version"),
        "annotated": said.get("dataset", {}).get("train", {}).get("documents"),
        "scores": scores(said),
        "judged": judged(said, serving),
        "forced": said.get("forced", []),
    }


def scores(record: Record) -> dict[str, shapes.Figures]:
    """The main figures by part: of a fine-tuned version those after training, else those on held-out synthesis."""
    if "after" in record:
        return {part: _figures(found) for part, found in record["after"].items()}
    return {"synthesis": _figures(record["held_out"])} if "held_out" in record else {}


def _figures(found: Mapping[str, Any]) -> shapes.Figures:
    """What is a number, and the F1 of spans and claims."""
    nested = {f"{name}_f1": found[name]["f1"] for name in ("spans", "claims") if isinstance(found.get(name), dict)}
    return nested | {name: value for name, value in found.items() if isinstance(value, float)}


def _label(name: str, figures: Mapping[str, Any]) -> shapes.LabelScore:
    count = figures.get("count", figures.get("blocks"))
    return shapes.LabelScore(
        label=name, f1=figures["f1"], precision=figures.get("precision"), recall=figures.get("recall"), count=count
    )
