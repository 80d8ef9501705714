"""The result: what the command prints for one report and what the service answers. Offsets count code points.

``Result.of`` turns a document into it; ``Result.json_bytes`` gives the same bytes for the same document.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticSerializationError, to_json

from extractor import document as layers
from extractor.reading import Decoded

SCHEMA_VERSION = "1.0"
Number = int | float
_Json = dict[str, Any]


class _Part(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", serialize_by_alias=True, validate_by_alias=True, validate_by_name=True
    )


class Place(_Part):
    """A half-open range of code points of the text as it was given."""

    start: int
    end: int


class Facts(_Part):
    """What the report says of itself. ``format`` goes by the columns of table 2; ``sha256`` is that of the input."""

    id: str
    title: str | None
    issuer: str | None
    year: int | None
    format: str | None = Field(description='"2019", "2021", "pre2019" or null')
    published: str | None
    sha256: str


class Heading(_Part):
    """A title line or run-in title as printed, without its final stop."""

    text: str
    start: int
    end: int
    score: float
    why: str


class Section(_Part):
    level: int
    ordinal: str
    title: str
    kind: str | None
    heading: Heading | None
    start: int
    end: int
    children: list[Section]


class Cell(_Part):
    """``value`` is what the report prints, null for nothing; ``start``/``end`` are null for a cell without a place."""

    id: str
    value: Number | None
    raw: str
    start: int | None
    end: int | None
    status: layers.CellStatus
    confidence: float
    why: str


class Indicator(_Part):
    """One line of the statistics table of reports before 2019; ``cumulative`` is its figure over all years."""

    name: str
    unit: str
    value: Number | None
    cumulative: Number | None
    start: int
    end: int


class Alternative(_Part):
    """Cells that the text leaves open, and values for all of them that the sums allow, the likelier first."""

    cells: list[str]
    readings: list[list[Number | None]]


class Table(_Part):
    id: str
    schema_: str = Field(alias="schema")
    start: int
    end: int
    cells: list[Cell]
    indicators: list[Indicator]
    alternatives: list[Alternative] = Field(description="readings of rows that dropped blanks or glued digits leave")


class Claim(_Part):
    """A quantity that the narrative states. ``metrics`` are the cells it is about: empty where no table holds it."""

    id: str
    kind: layers.ClaimKind
    surface: str
    start: int
    end: int
    value: Number | None
    unit: str
    approx: bool
    scope: layers.Scope
    metrics: list[str]
    confidence: float
    sentence: Place
    concepts: list[str]
    why: str


class Finding(_Part):
    """A check and how it came out. ``message`` is Chinese, ``message_en`` English; ``why`` names the rule."""

    id: str
    kind: str
    status: layers.FindingStatus
    severity: layers.Severity
    message: str
    message_en: str
    claim: str | None
    cells: list[str]
    expected: Number | None
    found: Number | None
    evidence: list[Place]
    why: str
    confidence: float = Field(description="chance that the verdict is right; of unverifiable: that it hides no error")
    cause: layers.Cause | None = Field(
        description="report: it contradicts itself; reading: we may have misread; damage: the text lost characters; "
        "scope: the words may count something else; gap: nothing to compare with; null for a match"
    )


class Versions(_Part):
    """Versions of the models and of this schema."""

    layout: str | None
    claims: str | None
    schema_version: str


class Notice(_Part):
    """A warning about the input."""

    code: str
    message: str
    message_en: str
    start: int | None
    end: int | None


class Result(_Part):
    """Everything that was read in one report, and how each check came out."""

    document: Facts
    sections: list[Section]
    tables: list[Table]
    claims: list[Claim]
    findings: list[Finding]
    model: Versions
    warnings: list[Notice]

    @classmethod
    def of(cls, document: layers.Document, decoded: Decoded | None = None) -> Result:
        """The result of a document. ``decoded`` adds what was met when its bytes were read."""
        return cls.model_validate(payload(document, decoded))

    def disagreements(self) -> list[Finding]:
        """The findings in which two numbers do not agree."""
        return [f for f in self.findings if f.status == "mismatch"]

    def json_bytes(self, indent: int | None = None) -> bytes:
        """JSON in UTF-8."""
        return dump(self.model_dump(), indent)


def payload(document: layers.Document, decoded: Decoded | None = None) -> dict[str, Any]:
    """What ``Result`` holds, as plain lists and dictionaries: a third of the time, for those who only write JSON."""
    text = document.text
    versions = dict(document.versions)
    notices = (*(decoded.notices if decoded else ()), *document.notices)
    return {
        "document": _facts(document, decoded.sha256 if decoded else _sha256(text)),
        "sections": [_section(s, text) for s in document.sections],
        "tables": [_table(t) for t in document.tables],
        "claims": [_claim(c, text) for c in document.claims],
        "findings": [_finding(f) for f in document.findings],
        "model": {
            "layout": versions.get("layout"),
            "claims": versions.get("claims"),
            "schema_version": SCHEMA_VERSION,
        },
        "warnings": [_notice(n) for n in notices],
    }


def dump(payload: dict[str, Any], indent: int | None = None) -> bytes:
    """JSON in UTF-8, the same bytes each time. Lone surrogates, which have no UTF-8 form, are written as escapes."""
    try:
        return to_json(payload, indent=indent)
    except PydanticSerializationError:
        return json.dumps(payload, indent=indent, separators=None if indent else (",", ":")).encode()


def _number(value: float | None) -> Number | None:
    """21.0 is printed as 21."""
    if value is None:
        return None
    return int(value) if float(value).is_integer() else round(float(value), 6)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _facts(document: layers.Document, sha256: str) -> _Json:
    m = document.metadata
    return {
        "id": document.id,
        "title": m.title,
        "issuer": m.issuer,
        "year": m.year,
        "format": m.format,
        "published": m.published,
        "sha256": sha256,
    }


def _section(section: layers.Section, text: str) -> _Json:
    return {
        "level": section.level,
        "ordinal": section.ordinal,
        "title": section.title,
        "kind": section.kind,
        "heading": _heading(section.heading, text) if section.heading else None,
        "start": section.span.start,
        "end": section.span.end,
        "children": [_section(child, text) for child in section.children],
    }


def _heading(heading: layers.Heading, text: str) -> _Json:
    return {
        "text": heading.span.of(text),
        "start": heading.span.start,
        "end": heading.span.end,
        "score": round(heading.score, 4),
        "why": heading.why,
    }


def _table(table: layers.Table) -> _Json:
    return {
        "id": table.id,
        "schema": table.schema,
        "start": table.span.start,
        "end": table.span.end,
        "cells": [_cell(cell) for cell in table.cells],
        "indicators": [_indicator(i) for i in table.indicators],
        "alternatives": [_alternative(a) for a in table.alternatives],
    }


def _alternative(alternative: layers.Alternative) -> _Json:
    return {"cells": list(alternative.cells), "readings": [[_number(v) for v in r] for r in alternative.readings]}


def _cell(cell: layers.Cell) -> _Json:
    start, end = _ends(cell.span)
    return {
        "id": cell.id,
        "value": _number(cell.value),
        "raw": cell.raw,
        "start": start,
        "end": end,
        "status": cell.status,
        "confidence": round(cell.confidence, 4),
        "why": cell.why,
    }


def _indicator(indicator: layers.Indicator) -> _Json:
    return {
        "name": indicator.name,
        "unit": indicator.unit,
        "value": _number(indicator.value),
        "cumulative": _number(indicator.cumulative),
        "start": indicator.span.start,
        "end": indicator.span.end,
    }


def _claim(claim: layers.Claim, text: str) -> _Json:
    return {
        "id": claim.id,
        "kind": claim.kind,
        "surface": claim.span.of(text),
        "start": claim.span.start,
        "end": claim.span.end,
        "value": _number(claim.value),
        "unit": claim.unit,
        "approx": claim.approx,
        "scope": claim.scope,
        "metrics": list(claim.metrics),
        "confidence": round(claim.confidence, 4),
        "sentence": {"start": claim.sentence.start, "end": claim.sentence.end},
        "concepts": list(claim.concepts),
        "why": claim.why,
    }


def _finding(finding: layers.Finding) -> _Json:
    return {
        "id": finding.id,
        "kind": finding.kind,
        "status": finding.status,
        "severity": finding.severity,
        "message": finding.message.zh,
        "message_en": finding.message.en,
        "claim": finding.claim,
        "cells": list(finding.cells),
        "expected": _number(finding.expected),
        "found": _number(finding.found),
        "evidence": _places(finding.evidence),
        "why": finding.why,
        "confidence": round(finding.confidence, 4),
        "cause": finding.cause,
    }


def _places(spans: Sequence[layers.Span]) -> list[_Json]:
    return [{"start": s.start, "end": s.end} for s in spans]


def _notice(notice: layers.Notice) -> _Json:
    start, end = _ends(notice.span)
    return {
        "code": notice.code,
        "message": notice.message.zh,
        "message_en": notice.message.en,
        "start": start,
        "end": end,
    }


def _ends(span: layers.Span | None) -> tuple[int | None, int | None]:
    return (span.start, span.end) if span else (None, None)
