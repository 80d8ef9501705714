"""What the token classifier says of every character: one vector of outputs, in one fixed order.

The first outputs are BIO labels of spans, of which a character has exactly one. The rest are attributes that mean
something inside a claim: whether its number is approximate, whose or which year's it is, and which concepts of
``forms/metrics.yaml`` it is about. Training, export and serving all take the order from here.
"""

from __future__ import annotations

from typing import get_args

from models.claims.spans import Scope, SpanKind
from models.form import concepts

SPAN_KINDS: tuple[SpanKind, ...] = get_args(SpanKind)
SCOPES: tuple[Scope, ...] = get_args(Scope)
CLAIM_KINDS: frozenset[str] = frozenset(SPAN_KINDS) - {"heading", "cell"}
CONCEPTS: tuple[str, ...] = concepts()

OUTSIDE = 0
SPAN_LABELS: tuple[str, ...] = ("O", *(f"{prefix}-{kind}" for kind in SPAN_KINDS for prefix in "BI"))

SPAN = slice(0, len(SPAN_LABELS))
APPROX = SPAN.stop
SCOPE = slice(APPROX + 1, APPROX + 1 + len(SCOPES))
CONCEPT = slice(SCOPE.stop, SCOPE.stop + len(CONCEPTS))

OUTPUTS: tuple[str, ...] = (
    *(f"span:{name}" for name in SPAN_LABELS),
    "approx",
    *(f"scope:{name}" for name in SCOPES),
    *(f"concept:{name}" for name in CONCEPTS),
)


def begin(kind: str) -> int:
    """The label id of a span's first character; ``begin(kind) + 1`` is that of the others. KeyError if unknown."""
    return _BEGIN[kind]


_BEGIN: dict[str, int] = {kind: 1 + 2 * i for i, kind in enumerate(SPAN_KINDS)}
