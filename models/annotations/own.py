"""Our own format: one JSON object a line, each a whole annotation with its text (``record.to_json``).

Also read: one object or a list of them over many lines, and annotations without ``text`` whose text lies beside them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from models.annotations.draft import Draft, Region
from models.annotations.record import FIELDS, Json, Layer, Record, dumps
from models.annotations.said import Refusal, Said

_PARTS: dict[str, Layer] = {"headings": "heading", "optional_headings": "heading", "claims": "claim", "cells": "cell"}
_CELLS = ("cells", "uncertain_cells", "cell_spans", "cell_quotes")
_TAKEN = {"id", "text", "blocks", *FIELDS, *_PARTS, *_CELLS}


def write(records: Iterable[Record]) -> bytes:
    """One line a record, UTF-8."""
    return "".join(dumps(r) + "\n" for r in records).encode()


def read(
    data: bytes, name: str, beside: Callable[[str], str | None] | None = None
) -> tuple[list[Draft], list[Refusal]]:
    """Drafts of a file. ``beside`` finds the text of an annotation that has none, by its id."""
    drafts: list[Draft] = []
    refusals: list[Refusal] = []
    for i, one in enumerate(objects(data), 1):
        where = f"{name}#{i} {one.get('id', '')}".rstrip()
        text = one["text"] if "text" in one else beside(str(one.get("id", ""))) if beside else None
        if isinstance(text, str):
            drafts.append(_draft(where, one, text))
        else:
            refusals.append(_textless(where))
    return drafts, refusals


def objects(data: bytes) -> list[Json]:
    """The objects of a JSON or JSON lines file. Raises ValueError where it is neither."""
    text = data.decode("utf-8-sig")
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
        whole = [json.loads(line) for line in lines]
    listed = whole if isinstance(whole, list) else [whole]
    if not all(isinstance(one, dict) for one in listed):
        raise ValueError("not every item is an object")
    return listed


def first_object(data: bytes) -> Json | None:
    """The first object of a JSON or JSON lines file, without reading the rest; None for an empty list."""
    text = data.decode("utf-8-sig").lstrip()
    inside = text[1:].lstrip() if text.startswith("[") else text
    if inside.startswith("]"):
        return None
    one, _ = json.JSONDecoder().raw_decode(inside)
    if not isinstance(one, dict):
        raise ValueError("its first item is no object")
    return one


def _draft(where: str, one: Json, text: str) -> Draft:
    labels = [_heading(h, False) for h in one.get("headings") or ()]
    labels += [_heading(h, True) for h in one.get("optional_headings") or ()]
    labels += [_claim(c) for c in one.get("claims") or ()]
    labels += [Region("block", b["type"], b["start"], b["end"], {}, b.get("text")) for b in one.get("blocks") or ()]
    uncertain = set(one.get("uncertain_cells") or ())
    spans, quotes = one.get("cell_spans") or {}, one.get("cell_quotes") or {}
    free: list[Json] = []
    for cell, value in (one.get("cells") or {}).items():
        said = {"id": cell, "value": value, **({"uncertain": True} if cell in uncertain else {})}
        if cell not in spans:
            free.append(said)
            continue
        start, end = spans[cell]
        labels.append(Region("cell", "cell", start, end, said, quotes.get(cell, "" if start == end else None)))
    layers: list[Layer] = [layer for part, layer in _PARTS.items() if one.get(part) is not None]
    if one.get("blocks") is not None:
        layers.append("block")
    extra = {k: v for k, v in one.items() if k not in _TAKEN}
    fields = {k: one[k] for k in FIELDS if k in one}
    return Draft(
        where, str(one.get("id", "")), text, tuple(labels), fields, tuple(dict.fromkeys(layers)), tuple(free), extra,
        extra_counted=True,
    )  # fmt: skip


def _heading(said: Json, optional: bool) -> Region:
    rest: dict[str, Any] = {**said, **({"optional": True} if optional else {})}
    return Region("heading", "heading", rest.pop("start"), rest.pop("end"), rest, rest.pop("text"))


def _claim(said: Json) -> Region:
    rest = dict(said)
    return Region("claim", rest.pop("kind"), rest.pop("start"), rest.pop("end"), rest, rest.pop("surface"))


def _textless(where: str) -> Refusal:
    return Refusal(
        where,
        Said("没有文本", "there is no text"),
        Said("字段 text，或同名 .txt 文件", "a field text, or a .txt file of the same name beside it"),
        Said("把文本放在标注旁边", "put the text beside the annotation"),
    )
