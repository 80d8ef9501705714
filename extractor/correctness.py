"""Which cells, claims and findings of a result are right by an annotation: what their confidences are held against.

Right is
  a cell     whose value is the annotation's; a number in a cell that the report does not have is wrong
  a claim    whose place, kind and value are those of an annotated one, and whose cells are its cells, or others
             that the annotation allows; a claim where none is annotated is wrong
  a match    whose sides, cells and claims, were all read right (the cells being such as the claim is about), or
             whose section's heading is annotated as one of that kind
  a mismatch that is about an annotated fault
  an unverifiable finding that hides no fault: each fault that it is about is told by a mismatch
Not judged is what the annotation leaves open: uncertain cells, optional claims, doubtful faults, the cells that a claim
of another year or body would have, findings whose sides are not annotated, tables and sections that are missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Json = Mapping[str, Any]
Part = Literal["cells", "claims", "findings"]
PARTS: tuple[Part, ...] = ("cells", "claims", "findings")
UNREAD = "unread"
NEAR = 2  # characters that a heading may be off
_EPSILON = 1e-6


@dataclass(frozen=True, slots=True)
class Judged:
    """One item of a result, whether it is right, and the confidence that it has there (None: it has none)."""

    part: Part
    id: str
    status: str
    right: bool
    confidence: float | None


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a claim was read: place, kind and value right; its cells right, too; the annotated claim that it is."""

    read: bool
    linked: bool
    gold: Json | None


def judged(gold: Json, result: Json) -> Iterator[Judged]:
    """Every item on which the annotation has a word, in the order of the result."""
    cells, claims = _cells(gold, result), _claims(gold, result)
    for cell in _printed(result):
        if cell["id"] in cells:
            yield _judged("cells", cell, cell.get("status", "read"), cells[cell["id"]])
    for claim in result.get("claims", ()):
        if claim.get("id") in claims:
            yield _judged("claims", claim, claim.get("kind", "count"), claims[claim["id"]].linked)
    if "findings" in gold:
        for finding in result.get("findings", ()):
            right = _finding(gold, result, finding, cells, claims)
            if right is not None:
                yield _judged("findings", finding, finding.get("status", ""), right)


def _judged(part: Part, item: Json, status: str, right: bool) -> Judged:
    return Judged(part, item.get("id", ""), status, right, item.get("confidence"))


def equal(a: float | None, b: float | None) -> bool:
    """The same number, or both none."""
    if a is None or b is None:
        return a is b
    return abs(float(a) - float(b)) < _EPSILON


def overlap(a: Json, b: Json) -> bool:
    """Whether two places share a character."""
    return bool(a["start"] < b["end"] and b["start"] < a["end"])


def about(alarm: Json, fault: Json) -> bool:
    """Do a finding and an annotated fault share a cell (a star standing for any row) or a place?"""
    for a in _cells_of(alarm):
        for b in _cells_of(fault):
            if a == b or ("*" in a + b and (_starred(a, b) or _starred(b, a))):
                return True
    places = fault.get("spans", ())
    return any(e["start"] < end and start < e["end"] for e in alarm.get("evidence", ()) for start, end in places)


def _cells_of(finding: Json) -> set[str]:
    return {cell for sum_ in finding.get("cells", ()) for cell in sum_.split("+")}


def _starred(pattern: str, cell: str) -> bool:
    """``t4.litigation.*`` is either kind of litigation; any other star between dots is one word of a row's id."""
    pattern = pattern.replace("t4.litigation.*", "t4.litigation_[a-z_]+").replace(".*.", ".[a-z_]+.")
    return re.fullmatch(pattern, cell) is not None


def _printed(result: Json) -> Iterator[Json]:
    for table in result.get("tables", ()):
        yield from (c for c in table.get("cells", ()) if c.get("status") != UNREAD)


def _cells(gold: Json, result: Json) -> dict[str, bool]:
    """Cell id → is it right? Without those that the annotation leaves open or has not, where nothing is printed."""
    if "cells" not in gold:
        return {}
    known, uncertain = gold["cells"], frozenset(gold.get("uncertain_cells", ()))
    out: dict[str, bool] = {}
    for cell in _printed(result):
        name, value = cell["id"], cell["value"]
        if name not in uncertain and (name in known or value):
            out[name] = name in known and equal(value, known[name])
    return out


def _claims(gold: Json, result: Json) -> dict[str, _Reading]:
    """Claim id → how it was read. Without those that the annotation leaves open."""
    if "claims" not in gold:
        return {}
    out: dict[str, _Reading] = {}
    for claim in result.get("claims", ()):
        here = [c for c in gold["claims"] if overlap(c, claim)]
        if "id" in claim and not any(c.get("optional") for c in here):
            same = next((c for c in here if _same(claim, c)), None)
            out[claim["id"]] = _Reading(same is not None, same is not None and _linked(claim, same), same)
    return out


def _same(found: Json, gold: Json) -> bool:
    """One kind, place and value. Whether a change is up or down stands outside the number that is its span."""
    kind = gold.get("kind", "count")
    if found.get("kind", "count") != kind:
        return False
    if kind == "zero":
        return True
    if (found["start"], found["end"]) != (gold["start"], gold["end"]):
        return False
    one, other = found["value"], gold["value"]
    if kind == "delta" and None not in (one, other) and not gold["metrics"]:
        return equal(abs(one), abs(other))
    return equal(one, other)


def _linked(found: Json, gold: Json) -> bool:
    if gold.get("scope", "own") != "own":
        return True
    return set(found.get("metrics", ())) in [set(m) for m in _meant(gold)]


def _meant(claim: Json) -> tuple[Sequence[str], ...]:
    return (claim["metrics"], *claim.get("alt_metrics", ()))


def _finding(
    gold: Json, result: Json, finding: Json, cells: Mapping[str, bool], claims: Mapping[str, _Reading]
) -> bool | None:
    if finding.get("kind") == "structure":
        return _section(gold, result, finding)
    if finding.get("status", "") == "match":
        return _sides_right(result, finding, cells, claims)
    faults = [f for f in gold["findings"] if about(finding, f)]
    if not faults and any(about(finding, f) for f in gold.get("doubtful", ())):
        return None
    if finding.get("status", "") == "mismatch":
        return bool(faults)
    alarms: Sequence[Json] = [f for f in result["findings"] if f.get("status") == "mismatch"]
    return all(any(about(alarm, fault) for alarm in alarms) for fault in faults)


def _sides_right(result: Json, finding: Json, cells: Mapping[str, bool], claims: Mapping[str, _Reading]) -> bool | None:
    """Whether all sides of a match were read right; None where none of them is annotated."""
    places = {(e["start"], e["end"]) for e in finding.get("evidence", ())}
    told = [c["id"] for c in result.get("claims", ()) if (c["start"], c["end"]) in places]
    readings = [claims[c] for c in told if c in claims]
    sides = [cells[c] for c in finding.get("cells", ()) if c in cells]
    if finding.get("kind") == "claim_vs_table":
        sides += [r.read and _is_of(finding, r.gold) for r in readings]
    elif finding.get("kind") == "claim_vs_claim":
        sides += [r.linked for r in readings]
    else:
        sides += [r.read for r in readings]
    return all(sides) if sides else None


def _is_of(finding: Json, claim: Json | None) -> bool:
    """Whether a finding holds a claim against a cell that the annotated claim is about."""
    if claim is None:
        return False
    return claim.get("scope", "own") != "own" or any(about(finding, {"cells": m}) for m in _meant(claim))


def _section(gold: Json, result: Json, finding: Json) -> bool | None:
    """Whether the heading that a finding takes for a section's is one of that kind; None for all else of the form."""
    if finding.get("status", "") != "match" or not finding.get("evidence") or "headings" not in gold:
        return None
    at = finding["evidence"][0]["start"]
    kinds = [s.get("kind") for s in _walk(result.get("sections", ())) if (s.get("heading") or {}).get("start") == at]
    annotated = [h for h in gold["headings"] if abs(h["start"] - at) <= NEAR]
    if annotated and not any("kind" in h for h in gold["headings"]):
        return None
    return any(h.get("kind") in kinds for h in annotated)


def _walk(sections: Iterable[Json]) -> Iterator[Json]:
    for section in sections:
        yield section
        yield from _walk(section.get("children", ()))
