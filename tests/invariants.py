"""What holds for the result of every text, whatever the models think of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from extractor.pipeline import Extractor
from extractor.result import Result, payload
from models.form import load_form

_UNREADABLE = re.compile("[\x00\ud800-\udfff]")


def faults(extractor: Extractor, text: str) -> list[str]:
    """Every promise that the result of this text breaks; an empty list where all is well."""
    result = payload(extractor(text, "x"))
    Result.model_validate(result)
    return [
        *_sections(result["sections"], text, 0, len(text)),
        *_cells(result, text),
        *_claims(result["claims"], text),
        *_places(result, len(text)),
    ]


def _sections(sections: Iterable[Mapping[str, Any]], text: str, low: int, high: int) -> Iterator[str]:
    for section in sections:
        start, end, heading = section["start"], section["end"], section["heading"]
        if not low <= start <= end <= high:
            yield f"section {start}:{end} reaches out of {low}:{high}"
        if heading and text[heading["start"] : heading["end"]] != heading["text"]:
            yield f"heading {heading['text']!r} is not at its place"
        yield from _sections(section["children"], text, start, end)


def _cells(result: Mapping[str, Any], text: str) -> Iterator[str]:
    form = result["document"]["format"]
    known = set(load_form(form).cell_ids()) if form in ("2019", "2021") else None
    for table in result["tables"]:
        cells = table.get("cells", ())
        ids = [cell["id"] for cell in cells]
        if len(set(ids)) < len(ids):
            yield f"{table['id']} has a cell twice"
        if known is not None and table["id"] == "t4" and not set(ids) <= known:
            yield f"{table['id']} has cells that no form has: {set(ids) - known}"
        yield from (fault for cell in cells for fault in _cell(cell, table, text))


def _cell(cell: Mapping[str, Any], table: Mapping[str, Any], text: str) -> Iterator[str]:
    start, end, status = cell["start"], cell["end"], cell["status"]
    if not cell["id"].startswith(f"{table['id']}."):
        yield f"{cell['id']} stands in {table['id']}"
    if (cell["value"] is None) is not (status in ("blank", "unread")):
        yield f"{cell['id']} is {status} with value {cell['value']}"
    if start is None:
        if cell["raw"] or cell["value"] is not None:
            yield f"{cell['id']} has {cell['raw']!r} and no place"
    elif _UNREADABLE.sub("\ufffd", text[start:end]) != cell["raw"]:
        yield f"{cell['id']} says {cell['raw']!r}, its place {text[start:end]!r}"
    elif not table["start"] <= start <= end <= table["end"]:
        yield f"{cell['id']} stands outside its table"


def _claims(claims: Iterable[Mapping[str, Any]], text: str) -> Iterator[str]:
    behind = 0
    for claim in claims:
        start, end, sentence = claim["start"], claim["end"], claim["sentence"]
        if text[start:end] != claim["surface"] or not claim["surface"]:
            yield f"{claim['id']} says {claim['surface']!r}, its place {text[start:end]!r}"
        if start < behind:
            yield f"{claim['id']} overlaps the claim before it"
        if not sentence["start"] <= start < end <= sentence["end"]:
            yield f"{claim['id']} stands outside its sentence"
        if claim["value"] is None:
            yield f"{claim['id']} has no value"
        behind = end


def _places(part: Any, size: int) -> Iterator[str]:
    """Everything with a start and an end lies in the text."""
    if isinstance(part, dict):
        start, end = part.get("start"), part.get("end")
        if "start" in part and (start is None) is not (end is None):
            yield f"half a place: {start}:{end}"
        if start is not None and not 0 <= start <= end <= size:
            yield f"{start}:{end} is not in a text of {size}"
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from _places(one, size)
