"""One annotated report: its text and what is right about it. The same fields as the gold of synthesis, and ``text``.

A layer that is ``None`` was annotated by nobody; an empty one was annotated, and there is nothing. Offsets are code
points of the text, half-open. Items stand in text order. What the format does not know is kept in ``extra``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from models.claims.spans import Scope

Layer = Literal["heading", "claim", "cell", "block"]
LAYERS: tuple[Layer, ...] = get_args(Layer)
PARTS: dict[Layer, str] = {"heading": "headings", "claim": "claims", "cell": "cells", "block": "blocks"}
ClaimKind = Literal["count", "zero", "ratio", "delta", "money"]
CLAIM_KINDS: tuple[ClaimKind, ...] = get_args(ClaimKind)
SCOPES: tuple[Scope, ...] = get_args(Scope)
FIELDS = ("format", "year", "issuer", "title", "published")

Json = dict[str, Any]
Number = int | float


@dataclass(frozen=True, slots=True)
class Heading:
    """``kind`` is the section of the form that it opens, None for any other. ``optional`` ones count neither way."""

    start: int
    end: int
    level: int
    kind: str | None = None
    optional: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claim:
    """A quantity in the prose. ``concepts`` (names of ``models.form.concepts()``) are None where only cells are known.

    ``value`` is in plain units: 1.7万 is 17000. ``metrics`` are cells, or sums of cells joined by + and *.
    """

    start: int
    end: int
    kind: ClaimKind
    value: Number | None
    unit: str = ""
    approx: bool = False
    scope: Scope = "own"
    metrics: tuple[str, ...] = ()
    concepts: tuple[str, ...] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cell:
    """``value`` is None for a blank. ``start`` and ``end`` are None where nobody marked the place."""

    id: str
    value: Number | None
    start: int | None = None
    end: int | None = None
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the character grid and its type (``models.layout.labels``)."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, slots=True)
class Record:
    """``fields`` has those of FIELDS that were annotated; a field may be annotated as None (it is not in the text)."""

    id: str
    text: str
    fields: Mapping[str, str | int | None] = field(default_factory=dict)
    headings: tuple[Heading, ...] | None = None
    claims: tuple[Claim, ...] | None = None
    cells: tuple[Cell, ...] | None = None
    blocks: tuple[Block, ...] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def sha256(self) -> str:
        """The digest of the text: two records with the same one annotate the same report."""
        return digest(self.text)

    def layers(self) -> tuple[Layer, ...]:
        """The layers that were annotated."""
        return tuple(layer for layer in LAYERS if getattr(self, PARTS[layer]) is not None)


def digest(text: str) -> str:
    """SHA-256 of a text's UTF-8 form."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def number(value: Any) -> Number | None:
    """A number as gold writes it: whole ones as integers. Raises ValueError for what is none, NaN among it."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) == float("inf"):
        raise ValueError(f"{value!r} is no number")
    return int(value) if value == int(value) else value


def order(item: Heading | Claim | Cell | Block) -> tuple[bool, int, int, str]:
    """The key by which items stand in a record: text order, cells without a place last, in the order of their ids."""
    start, end = item.start, item.end
    return (start is None or end is None, start or 0, end or 0, item.id if isinstance(item, Cell) else "")


def to_json(record: Record) -> Json:
    """A record as plain data: the annotation file of synthesis, the text in it, with quotes beside all places."""
    text = record.text
    out: Json = {"id": record.id, **record.fields}
    if record.headings is not None:
        out["headings"] = [_heading(h, text) for h in record.headings if not h.optional]
        out["optional_headings"] = [_heading(h, text) for h in record.headings if h.optional]
    if record.cells is not None:
        placed = {c.id: [c.start, c.end] for c in record.cells if c.start is not None and c.end is not None}
        out["cells"] = {c.id: c.value for c in record.cells}
        out["uncertain_cells"] = [c.id for c in record.cells if c.uncertain]
        out["cell_spans"] = placed
        out["cell_quotes"] = {name: text[a:b] for name, (a, b) in placed.items()}
    if record.claims is not None:
        out["claims"] = [_claim(c, text) for c in record.claims]
    if record.blocks is not None:
        out["blocks"] = [
            {"start": b.start, "end": b.end, "type": b.type, "text": text[b.start : b.end]} for b in record.blocks
        ]
    return {**out, **{k: v for k, v in record.extra.items() if k not in out}, "text": text}


def dumps(record: Record, indent: int | None = None) -> str:
    """A record as JSON: the same text for equal records."""
    separators = (",", ":") if indent is None else (",", ": ")
    return json.dumps(to_json(record), ensure_ascii=False, indent=indent, separators=separators)


def _heading(heading: Heading, text: str) -> Json:
    kind = {"kind": heading.kind} if heading.kind is not None else {}
    place = {"start": heading.start, "end": heading.end}
    return {"level": heading.level, "text": text[heading.start : heading.end], **place, **kind, **heading.extra}


def _claim(claim: Claim, text: str) -> Json:
    out: Json = {
        "start": claim.start,
        "end": claim.end,
        "surface": text[claim.start : claim.end],
        "value": claim.value,
        "unit": claim.unit,
        "kind": claim.kind,
        "approx": claim.approx,
        "metrics": list(claim.metrics),
        "scope": claim.scope,
    }
    if claim.concepts is not None:
        out["concepts"] = list(claim.concepts)
    return {**out, **claim.extra}
