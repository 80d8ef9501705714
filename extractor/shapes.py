"""The shapes that ``evaluate`` reads: an annotation, and a result. Fields that it does not read may be anything."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class _Start(_Part):
    start: int


class _Place(_Start):
    end: int


class _Titled(_Start):
    text: str


class _GoldHeading(_Titled):
    level: int


class _GoldClaim(_Place):
    surface: str
    value: float | None
    metrics: list[str]
    alt_metrics: list[list[str]] = []
    kind: str = "count"
    scope: str = "own"


class _Fault(_Part):
    cells: list[str] = []
    spans: list[tuple[int, int]] = []


class Annotation(_Part):
    """What is right about a report. A part that is absent is not scored."""

    headings: list[_GoldHeading] = []
    optional_headings: list[_Start] = []
    cells: dict[str, float | None] = {}
    uncertain_cells: list[str] = []
    claims: list[_GoldClaim] = []
    findings: list[_Fault] = []
    doubtful: list[_Fault] = []


class _Section(_Part):
    level: int
    heading: _Titled | None = None
    children: list[_Section] = []


class _Cell(_Part):
    id: str
    value: float | None
    status: str = "read"
    confidence: float | None = None


class _Table(_Part):
    cells: list[_Cell] = []


class _Claim(_Place):
    value: float | None
    metrics: list[str] = []
    kind: str = "count"
    confidence: float | None = None


class _Finding(_Part):
    kind: str = ""
    status: str = ""
    cells: list[str] = []
    evidence: list[_Place] = []
    confidence: float | None = None


class Prediction(_Part):
    """The parts of a result that are held against an annotation."""

    document: dict[str, Any] = {}
    sections: list[_Section] = []
    tables: list[_Table] = []
    claims: list[_Claim] = []
    findings: list[_Finding] = []


def misshapen(shape: type[BaseModel], data: Any) -> str | None:
    """What is wrong first in JSON data that should have this shape: where, and what; None where nothing is."""
    try:
        shape.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        return f"{where}: {first['msg']}" if where else first["msg"]
    return None
