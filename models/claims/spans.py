"""What the token classifier says of a text: marked spans with their attributes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SpanKind = Literal["count", "zero", "ratio", "delta", "money", "heading", "cell"]
Scope = Literal["own", "other_org", "other_year"]


@dataclass(frozen=True, slots=True)
class TagSpan:
    """One marked span. Offsets are code points of the text as given; ``score`` and the concepts' are in 0..1.

    ``kind`` is a claim's kind, or "heading" (a run-in heading, without the stop that ends it) or "cell" (a value of
    a statutory table inside a glued line). ``concepts`` are the quantities of forms/metrics.yaml it is about,
    most certain first; empty where no table holds the quantity.
    """

    start: int
    end: int
    kind: SpanKind
    score: float
    approx: bool = False
    scope: Scope = "own"
    concepts: tuple[tuple[str, float], ...] = ()
