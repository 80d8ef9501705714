"""doccano's JSONL for sequence labelling and for relations: ``label`` as [start, end, name], or ``entities``.

doccano knows names only, so what can be said in a name is: ``claim=count``, ``heading=2``, ``cell=t3.new.total``,
``block=value``; and a second label on the same stretch says more: ``about=t3.new.total``, ``scope=other_year``,
``approx``, ``section=requests``. (The project must allow overlapping spans.) All else rides in a column of its own,
which doccano keeps as metadata and exports again at the top level or under ``meta``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from models.annotations.draft import KEY, Draft, Region, label_of, named, recalled, regions, sidecar
from models.annotations.labels import ADDED, EXPRESSED, more_labels, said_by, stray_label, unknown_label
from models.annotations.own import objects
from models.annotations.record import Json, Layer, Record
from models.annotations.said import Refusal


def write(records: Iterable[Record]) -> bytes:
    """One line a record, UTF-8."""
    return "".join(json.dumps(_line(r), ensure_ascii=False) + "\n" for r in records).encode()


def _line(record: Record) -> Json:
    labels: list[list[Any]] = []
    for region in regions(record):
        labels += [[region.start, region.end, name] for name in (label_of(region), *more_labels(region))]
    return {"text": record.text, "label": labels, KEY: sidecar(record)}


def read(data: bytes, name: str) -> tuple[list[Draft], list[Refusal]]:
    """Drafts of an export, and a refusal for each label that means nothing here."""
    drafts: list[Draft] = []
    refusals: list[Refusal] = []
    for i, one in enumerate(objects(data), 1):
        where = f"{name}#{i}"
        labels, wrong = _regions(where, _labels(one))
        refusals += wrong
        if not wrong:
            side = _side(one)
            drafts.append(recalled(where, one["text"], labels, side, id=str(one.get("id", i)), expressed=EXPRESSED))
    return drafts, refusals


def _labels(one: Json) -> list[tuple[int, int, str]]:
    listed = one.get("label", one.get("labels", one.get("entities"))) or one.get("entities") or []
    if any(isinstance(x, Mapping) for x in listed):
        return [(x["start_offset"], x["end_offset"], x["label"]) for x in listed]
    return [(a, b, name) for a, b, name in listed]


def _side(one: Json) -> Any:
    for place in (one, one.get("meta"), one.get("metadata")):
        found = place.get(KEY) if isinstance(place, Mapping) else None
        if found is not None:
            return json.loads(found) if isinstance(found, str) else found
    return None


def _regions(where: str, labels: list[tuple[int, int, str]]) -> tuple[list[Region], list[Refusal]]:
    out: dict[tuple[str, int, int], Region] = {}
    more: list[tuple[Layer, int, int, Json, str]] = []
    wrong: list[Refusal] = []
    for start, end, label in labels:
        place = f"{where} {start}–{end}"
        added, known = said_by(label), named(label)
        if added is not None:
            more.append((ADDED[label.partition("=")[0]], start, end, added, label))
        elif known is None:
            wrong.append(unknown_label(place, label))
        else:
            layer, name, said = known
            key = (layer, start, end)
            # two labels of one layer on one stretch stay two: verification says that they collide
            out[key if key not in out else (f"{layer} {label}", start, end)] = Region(layer, name, start, end, said)
    for of, start, end, said, label in more:
        region = out.get((of, start, end))
        if region is None:
            wrong.append(stray_label(f"{where} {start}–{end}", label, of))
            continue
        joined = {**region.attributes, **said}
        if "metrics" in said:
            joined["metrics"] = [*region.attributes.get("metrics", ()), *said["metrics"]]
        out[(of, start, end)] = replace(region, attributes=joined)
    return list(out.values()), wrong
