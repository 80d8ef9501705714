"""Label Studio: tasks as it imports them, its exports JSON and JSON-MIN, with the configuration of ``studio_config``.

One label group a layer; what a label says more is in per-region choices and text areas, which Label Studio stores as
results with the region's id. What it has no control for rides in the task's data, which every export keeps.
Formats: https://labelstud.io/guide/task_format, https://labelstud.io/guide/predictions
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from models.annotations.draft import KEY, Draft, Region, label_of, named, recalled, regions, sidecar
from models.annotations.labels import unknown_label
from models.annotations.own import objects
from models.annotations.record import FIELDS, LAYERS, Json, Record
from models.annotations.said import Refusal, Said
from models.annotations.studio_config import BLANK, CONTROLS, LINKS, OBJECT

_EXPRESSED = {
    "heading": frozenset({"level", "kind"}),
    "claim": frozenset({"value", "unit", "approx", "scope", "metrics"}),
    "cell": frozenset({"id", "value"}),
}
_TYPES = {"labels": "labels", "choices": "choices", "textarea": "text"}
_BLANKS = {"", "null", BLANK, "无", "-", "—", "/"}


def write(records: Iterable[Record], model: str | None = None) -> bytes:
    """Tasks, as a JSON list. With ``model`` (a version) labels are predictions, to be corrected; else annotations."""
    return json.dumps([_task(r, model) for r in records], ensure_ascii=False, separators=(",", ":")).encode()


def _task(record: Record, model: str | None) -> Json:
    results = [x for region in regions(record) for x in _results(region)] + list(_facts(record))
    made: Json = {"result": results}
    task: Json = {"data": {OBJECT: record.text, KEY: sidecar(record, _EXPRESSED)}}
    if model is not None:
        return {**task, "predictions": [{"model_version": model, **made}]}
    return {**task, "annotations": [made]}


def _results(region: Region) -> Iterator[Json]:
    place = {"start": region.start, "end": region.end}
    base = {"id": f"{region.layer}-{region.start}-{region.end}", "to_name": OBJECT}
    name = "cell" if region.layer == "cell" else label_of(region)
    label = {**place, "text": region.quote, "labels": [name]}
    yield {**base, "from_name": region.layer, "type": "labels", "value": label}
    for control, kind, chosen in _said(region):
        yield {**base, "from_name": control, "type": kind, "value": {**place, _TYPES[kind]: chosen}}


def _said(region: Region) -> Iterator[tuple[str, str, list[str]]]:
    """Control, its type and what is entered there."""
    said = region.attributes
    if region.layer == "heading" and said.get("kind"):
        yield "section", "choices", [said["kind"]]
    elif region.layer == "cell":
        yield "cell_id", "textarea", [said["id"]]
        yield "cell_value", "textarea", [_written(said["value"])]
    elif region.layer == "claim":
        yield "value", "textarea", [_written(said["value"])]
        if said["unit"]:
            yield "unit", "textarea", [said["unit"]]
        if said["approx"]:
            yield "approx", "choices", ["approx"]
        yield "scope", "choices", [said["scope"]]
        listed = [m for m in said["metrics"] if m in LINKS]
        others = [m for m in said["metrics"] if m not in LINKS]
        if listed:
            yield "metrics", "choices", listed
        if others:
            yield "metrics_more", "textarea", others


def _written(value: int | float | None) -> str:
    return BLANK if value is None else json.dumps(value)


def _facts(record: Record) -> Iterator[Json]:
    for name, value in record.fields.items():
        if value is not None:
            kind = "choices" if name == "format" else "textarea"
            base = {"id": f"document-{name}", "from_name": f"document_{name}", "to_name": OBJECT, "type": kind}
            yield {**base, "value": {_TYPES[kind]: [str(value)]}}


def read(data: bytes, name: str, predictions: bool = False) -> tuple[list[Draft], list[Refusal]]:
    """Drafts of an export, one for every finished annotation. ``predictions``: take a model's answers where none is."""
    drafts: list[Draft] = []
    refusals: list[Refusal] = []
    for i, task in enumerate(objects(data), 1):
        where = f"{name}#{task.get('id', i)}"
        found = list(_finished(task, predictions))
        if not found:
            refusals.append(_unfinished(where))
        for k, results in enumerate(found):
            made, wrong = _draft(f"{where}/{k + 1}" if len(found) > 1 else where, task, results)
            refusals += wrong
            if not wrong:
                drafts.append(made)
    return drafts, refusals


def _finished(task: Json, predictions: bool) -> Iterator[list[Json]]:
    if "data" not in task:
        yield list(_flat(task))
        return
    done = [a for a in task.get("annotations", task.get("completions")) or () if not a.get("was_cancelled")]
    guesses = task.get("predictions") or ()
    for made in done or (guesses if predictions else ()):
        yield made["result"]


def _flat(task: Json) -> Iterator[Json]:
    """The results of a JSON-MIN task: controls by name, regions known by their places."""
    for control, kind in CONTROLS.items():
        given = task.get(control)
        for one in given if isinstance(given, list) else [given] if given is not None else []:
            if not isinstance(one, Mapping):
                yield {"from_name": control, "type": kind, "value": {_TYPES[kind]: [one]}}
                continue
            key = f"{control if control in LAYERS else _LAYER_OF.get(control, '')}-{one.get('start')}-{one.get('end')}"
            yield {"id": key, "from_name": control, "type": kind, "value": dict(one)}
    # a project of another configuration: its one group of labels is called "label"
    for one in task.get("label") or ():
        yield {"id": f"label-{one['start']}-{one['end']}", "from_name": "label", "type": "labels", "value": dict(one)}


_LAYER_OF = {
    "section": "heading", "cell_id": "cell", "cell_value": "cell",
    **dict.fromkeys(("value", "unit", "approx", "scope", "metrics", "metrics_more"), "claim"),
}  # fmt: skip


def _draft(where: str, task: Json, results: list[Json]) -> tuple[Draft, list[Refusal]]:
    data = task.get("data", task)
    labels: list[Region] = []
    wrong: list[Refusal] = []
    entered: dict[Any, Json] = {}
    for one in results:
        if one["type"] != "labels" and one["from_name"] in _LAYER_OF:
            _enter(entered.setdefault(one["id"], {}), one)
    for one in results:
        if one["type"] != "labels":
            continue
        value = one["value"]
        for label in value["labels"]:
            known = named(label)
            if known is None:
                wrong.append(unknown_label(f"{where} {value['start']}–{value['end']}", label))
                continue
            said = {**known[2], **entered.get(one["id"], {})}
            labels.append(Region(known[0], known[1], value["start"], value["end"], said, value.get("text")))
    facts = {n.removeprefix("document_"): v for n, v in _entered_facts(results)}
    made = recalled(
        where, _text(data), labels, data.get(KEY), id=str(task.get("id", "")), fields=facts, expressed=_EXPRESSED
    )
    return made, wrong


def _enter(said: Json, one: Json) -> None:
    """What one control says of its region, under the names that records use."""
    control, values = one["from_name"], _values(one)
    if control in ("metrics", "metrics_more"):
        said["metrics"] = [*said.get("metrics", ()), *values]
    elif control == "approx":
        said["approx"] = bool(values)
    elif values:
        name = {"section": "kind", "cell_id": "id", "cell_value": "value"}.get(str(control), str(control))
        said[name] = _number(values[0]) if name == "value" else values[0]


def _values(one: Json) -> list[str]:
    found = one["value"].get(_TYPES[one["type"]], [])
    return [str(x) for x in found] if isinstance(found, list) else [str(found)]


def _number(written: str) -> Any:
    """A number as it was typed; as it stands where it is none, so that it is refused by name."""
    bare = written.strip().replace(",", "").replace("，", "")
    if bare in _BLANKS:
        return None
    try:
        return json.loads(bare)
    except ValueError:
        return written


def _entered_facts(results: list[Json]) -> Iterator[tuple[str, Any]]:
    for one in results:
        name = str(one.get("from_name", "")).removeprefix("document_")
        if one.get("from_name") == f"document_{name}" and name in FIELDS:
            values = _values(one)
            if values:
                yield name, _number(values[0]) if name == "year" else values[0]


def _text(data: Json) -> str:
    """The task's text: under our name, or the only long string of the data."""
    if isinstance(data.get(OBJECT), str):
        return str(data[OBJECT])
    strings = [v for v in data.values() if isinstance(v, str)]
    if not strings:
        raise ValueError("a task has no text in its data")
    return max(strings, key=len)


def _unfinished(where: str) -> Refusal:
    return Refusal(
        where,
        Said("没有已提交的标注", "nobody has submitted an annotation; there are predictions at most"),
        Said("每个任务至少一个已提交的标注", "a submitted annotation"),
        Said(
            "在 Label Studio 中检查并提交，或用 --predictions 接受模型的结果",
            "correct and submit it in Label Studio, or take the model's answers with --predictions",
        ),
    )
