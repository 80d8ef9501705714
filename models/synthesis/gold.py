"""Gold of a synthetic report: the annotation file that its marks amount to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import Any

from models.grid import segment
from models.synthesis.consistency import alternatives, expressions
from models.synthesis.facts import Facts
from models.synthesis.markup import Mark, Marked
from models.text import normalise


def solid(text: str) -> str:
    """The text as a title is given: white space, invisible characters and inline pinyin left out."""
    view = normalise(text)
    return "".join(text[o] for o in view.offsets if not text[o].isspace())


def headings(doc: Marked, optional: bool = False) -> list[dict[str, Any]]:
    """Headings in text order: level, text, start, end, and the section kind where the form knows it.

    ``optional`` ones (a lead without a number) count neither way.
    """
    return [
        {"level": m.data["level"], "text": doc.text[m.start : m.end], "start": m.start, "end": m.end}
        | ({"kind": m.data["kind"]} if m.data.get("kind") else {})
        for m in doc.of("heading")
        if bool(m.data.get("optional")) is optional
    ]


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value


def claim(mark: Mark, text: str, facts: Facts | None) -> dict[str, Any]:
    """One claim: place, surface, value, unit, kind, approx, scope, metrics and the metrics that are as right."""
    data = mark.data
    out: dict[str, Any] = {
        "start": mark.start,
        "end": mark.end,
        "surface": text[mark.start : mark.end],
        "value": _number(data["value"]),
        "unit": data["unit"],
        "kind": data["kind"],
        "approx": data["approx"],
        "metrics": [],
        "scope": data["scope"],
    }
    if facts is not None:
        named = [e for e in (expressions(c, facts) for c in data["concepts"]) if e]
        out["metrics"] = list(dict.fromkeys(e[0] for e in named))
        others = alternatives(mark, text)
        if any(len(e) > 1 for e in named):
            others.append(list(dict.fromkeys(e[-1] for e in named)))
        if others:
            out["alt_metrics"] = others
    if data.get("optional"):
        out["optional"] = True
    return out


def blocks(doc: Marked) -> list[dict[str, Any]]:
    """The type of every block of the character grid: that of the marks which cover most of it."""
    marks = doc.of("block")
    reach: list[int] = []  # the furthest end so far, so that a search can start late
    for m in marks:
        reach.append(max(m.end, reach[-1] if reach else 0))
    out: list[dict[str, Any]] = []
    for block in segment(doc.text):
        size: dict[str, int] = {}
        width: dict[str, int] = {}
        for m in _over(marks, reach, block.start, block.end):
            kind = m.data["type"]
            size[kind] = size.get(kind, 0) + min(m.end, block.end) - max(m.start, block.start)
            width[kind] = min(width.get(kind, m.end - m.start), m.end - m.start)
        if size:
            best = min(size, key=lambda k: (-size[k], width[k]))
            out.append({"start": block.start, "end": block.end, "type": best})
    return out


def _over(marks: list[Mark], reach: list[int], start: int, end: int) -> Iterable[Mark]:
    """The marks that overlap a place."""
    i = bisect_left(reach, start + 1)
    while i < len(marks) and marks[i].start < end:
        if marks[i].end > start:
            yield marks[i]
        i += 1


def metadata(doc: Marked, facts: Facts) -> dict[str, Any]:
    """Title, issuer, year and day of publication, as far as the page prints them."""
    out: dict[str, Any] = {}
    titles, issuers, days = doc.of("title"), doc.of("issuer"), doc.of("published")
    if titles:
        out["title"] = solid(doc.text[titles[0].start : titles[0].end])
    if issuers:
        out["issuer"] = solid(doc.text[issuers[0].start : issuers[0].end])
    if str(facts.year) in solid(doc.text):
        out["year"] = facts.year
    out["published"] = days[0].data["iso"] if days else None
    return out


def form_of(doc: Marked, facts: Facts) -> dict[str, Any]:
    """The format, where the text settles it: by the columns of table 2, none where there is no table at all."""
    tables = {m.data["id"].split(".")[0] for m in doc.marks if m.kind == "cell"}
    if "t2" in tables and not facts.notes.get("hybrid"):
        return {"format": facts.form.id}
    return {} if tables else {"format": None}


def build_gold(
    name: str, doc: Marked, facts: Facts, found: list[dict[str, Any]], open_cases: list[dict[str, Any]]
) -> dict[str, Any]:
    """The whole annotation of a report. ``found``/``open_cases``: its findings and the cases that count neither way."""
    cells = doc.of("cell")
    return {
        "id": name,
        **form_of(doc, facts),
        **metadata(doc, facts),
        "headings": headings(doc),
        "optional_headings": headings(doc, optional=True),
        "cells": {m.data["id"]: _number(m.data["value"]) for m in cells},
        "uncertain_cells": [m.data["id"] for m in cells if m.data.get("uncertain")],
        "claims": [claim(m, doc.text, facts) for m in doc.of("claim")],
        "findings": found,
        "doubtful": open_cases,
        "blocks": blocks(doc),
        "cell_spans": {m.data["id"]: [m.start, m.end] for m in cells},
    }
