"""Which unread report would teach most: where the models are unsure, the sums fail, or model and form disagree.

Each reason has a weight; a report's score grows with the logarithm of each, so that length alone does not win. Of two
reports alike in score the one that teaches something else goes first: a reason that led before counts less.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractor.document import Document, Message, Span
from extractor.reading import Decoded
from models.annotations.record import digest

_SURE_CLAIM, _SURE_BLOCK, _SURE_CELL = 0.75, 0.8, 0.75
_AGAIN = 0.85  # what a reason still counts after it led once
_SUMS = ("table_arithmetic", "narrative_arithmetic", "claim_vs_table", "claim_vs_claim", "ratio", "cross_year")
_OVERRULED = ("not_a_claim", "claim_without_number")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a report is worth annotating. ``line`` (from 1) is where it shows first, None for the whole report."""

    kind: str
    weight: float
    message: Message
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """A report's reasons, the weightiest first, and the digest of its text."""

    text: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A report in its rank. ``score`` is the sum of its reasons, before what was chosen earlier makes them less."""

    name: str
    score: float
    reasons: tuple[Reason, ...]


def weigh(document: Document, _decoded: Decoded) -> Weighed:
    """Everything about a report that speaks for annotating it. A function of a module, so that workers can run it."""
    found = [
        _claims(document), _blocks(document), _cells(document), _arithmetic(document), _structure(document),
        _disagreement(document),
    ]  # fmt: skip
    reasons = sorted((r for r in found if r is not None), key=lambda r: (-r.weight, r.kind))
    return Weighed(digest(document.text), tuple(reasons))


def rank(weighed: Iterable[tuple[str, Weighed]], n: int, known: frozenset[str] = frozenset()) -> list[Ranked]:
    """The ``n`` reports to annotate first. Texts that are known (by digest), and repetitions, are left out."""
    left: dict[str, tuple[str, Weighed]] = {}
    for name, one in weighed:
        if one.text not in known:
            left.setdefault(one.text, (name, one))
    led: Counter[str] = Counter()
    out: list[Ranked] = []
    while left and len(out) < n:
        best = min(left, key=lambda text: (-_worth(left[text][1].reasons, led), left[text][0]))
        name, one = left.pop(best)
        score = round(_worth(one.reasons, Counter()), 3)
        out.append(Ranked(name, score, one.reasons))
        if one.reasons:
            led[one.reasons[0].kind] += 1
    return out


def _worth(reasons: Sequence[Reason], led: Counter[str]) -> float:
    return sum(math.log2(1 + r.weight) * _AGAIN ** led[r.kind] for r in reasons)


def _claims(document: Document) -> Reason | None:
    unsure = [c for c in document.claims if c.confidence < _SURE_CLAIM]
    if not unsure:
        return None
    worst = min(unsure, key=lambda c: c.confidence)
    shown = worst.span.of(document.text)[:20]
    return Reason(
        "claims",
        sum(1 - c.confidence for c in unsure),
        Message(
            f"{len(unsure)} 处数量陈述把握不足，最低 {worst.confidence:.2f}（“{shown}”）",
            f"{len(unsure)} claims are unsure, the least of them {worst.confidence:.2f} (“{shown}”)",
        ),
        _line(document, worst.span),
    )


def _blocks(document: Document) -> Reason | None:
    unsure = [b for b in document.blocks if b.score < _SURE_BLOCK]
    if not unsure:
        return None
    worst = min(unsure, key=lambda b: b.score)
    return Reason(
        "blocks",
        sum(1 - b.score for b in unsure) / 2,
        Message(
            f"{len(unsure)} 个版面块类型把握不足，最低 {worst.score:.2f}（判为 {worst.type}）",
            f"{len(unsure)} blocks of an unsure type, the least of them {worst.score:.2f} (taken for {worst.type})",
        ),
        _line(document, worst.span),
    )


def _cells(document: Document) -> Reason | None:
    cells = [c for t in document.tables for c in t.cells]
    unread = [c for c in cells if c.status == "unread"]
    unsure = [c for c in cells if c.status != "unread" and c.confidence < _SURE_CELL]
    weight = (len(unread) + sum(1 - c.confidence for c in unsure)) / 5
    if not weight:
        return None
    first = next((c.span for c in unsure if c.span), None) or next((t.span for t in document.tables), None)
    return Reason(
        "cells",
        weight,
        Message(
            f"{len(unread)} 个单元格未读出，{len(unsure)} 个位置存疑",
            f"{len(unread)} cells could not be read, {len(unsure)} are of unsure place",
        ),
        _line(document, first) if first else None,
    )


def _arithmetic(document: Document) -> Reason | None:
    wrong = [f for f in document.findings if f.status == "mismatch" and f.kind in _SUMS]
    if not wrong:
        return None
    counts = Counter(f.kind for f in wrong)
    first = next((e for f in wrong for e in f.evidence), None)
    listed = ", ".join(f"{kind} {n}" for kind, n in sorted(counts.items()))
    return Reason(
        "arithmetic",
        float(len(wrong)),
        Message(f"{len(wrong)} 处数据不一致（{listed}）", f"{len(wrong)} numbers do not agree ({listed})"),
        _line(document, first) if first else None,
    )


def _structure(document: Document) -> Reason | None:
    missing = [f for f in document.findings if f.status == "mismatch" and f.kind == "structure"]
    if not missing:
        return None
    return Reason(
        "structure",
        float(len(missing)),
        Message(f"{len(missing)} 个章节或表格未找到", f"{len(missing)} sections or tables were not found"),
    )


def _disagreement(document: Document) -> Reason | None:
    """Where rules, form or arithmetic overruled the models' first answer, or did not bear it out."""
    notices = [n for n in document.notices if n.code in _OVERRULED]
    doubts = ("; dropped ", "; not supported", "; arithmetic reads ")
    claims = [c for c in document.claims if any(d in c.why for d in doubts)]
    if not notices and not claims:
        return None
    spans = [n.span for n in notices if n.span] + [c.span for c in claims]
    return Reason(
        "disagreement",
        len(notices) / 2 + len(claims),
        Message(
            f"模型与规则、表式有 {len(notices) + len(claims)} 处意见不一",
            f"the models disagree with rules or form in {len(notices) + len(claims)} places",
        ),
        _line(document, min(spans, key=lambda s: s.start)) if spans else None,
    )


def _line(document: Document, span: Span) -> int:
    return document.text.count("\n", 0, span.start) + 1
