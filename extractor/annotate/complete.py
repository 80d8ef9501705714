"""What a person who labels in a tool of names only need not type: it is read off the labelled characters."""

from __future__ import annotations

from typing import Any

from extractor.checks.wording import approximation, page, unit_after
from extractor.numbering import numbering
from extractor.numerals import parse_number
from models.annotations.draft import Region

_LIKE_SECTIONS = 1


def complete(text: str, region: Region) -> dict[str, Any]:
    """Attributes that a label lacks: a claim's value, unit and approximation, a cell's value, a heading's level."""
    known = region.attributes
    if region.layer == "heading" and "level" not in known:
        paper = page(text)
        found = numbering(paper.between(region.start, region.end))
        return {"level": found.level if found else _LIKE_SECTIONS}
    if region.layer == "cell" and "value" not in known:
        return {"value": _value(text[region.start : region.end])}
    if region.layer == "claim" and "value" not in known:
        return {"value": 0} if region.name == "zero" else _claim(text, region)
    return {}


def _claim(text: str, region: Region) -> dict[str, Any]:
    paper = page(text)
    start, end = paper.index(region.start), paper.index(region.end)
    unit, _ = unit_after(paper.text, end)
    approx = approximation(paper.text, start, end) is not None
    return {"value": _value(text[region.start : region.end]), "unit": unit, "approx": approx}


def _value(surface: str) -> float | None:
    amount = parse_number(surface)
    return None if amount is None else amount.value
