"""Links: from what a claim is about to the cells of this report's form that hold it.

The tagger names concepts; the form says which cells hold them. Its first opinion stands, unless the arithmetic of the
tables, or of the sentence where there are none, clearly proves another reading of the same words. Where the tagger is
unsure, rules over the words decide between keeping a link with less confidence and dropping it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractor.checks.base import SURE_CELL, Case
from extractor.checks.readings import expression, readings
from extractor.checks.request_chain import OUTCOMES
from extractor.checks.wording import clause
from extractor.document import Claim, Document
from extractor.evidence import borne_out, borne_out_closely, named_plainly, outcome_of, shared_by
from extractor.patterns import opinion
from extractor.scopes import rescoped
from models.form import Form

UNSURE = 0.6
HINT = 0.2
BESIDE = 40  # so many claims before one may stand in its sentence
FRAGMENT = 4  # characters: a shorter statement of none (未) was cut off and says nothing
_UNSUPPORTED = 0.8
_AMBIGUOUS = ("受理", "办理", "收办", "处理", "共有", "承办")
_REACH = 260


class LinkStage:
    """Gives each claim its ``metrics``: metric expressions of the form, none where no cell holds the quantity."""

    name = "links"
    needs = ("claims", "tables")
    makes = ("links",)

    def __call__(self, document: Document) -> Document:
        case = Case(document)
        weighed: list[Claim] = []
        for claim in document.claims:
            weighed.append(_meant(case, rescoped(case.page, document.metadata, claim), weighed))
        if case.form is None:
            return document.having(claims=tuple(weighed))
        claimed = {c for x in weighed for c in x.concepts}
        linked = [_linked(case, case.form, c, weighed, claimed) for c in weighed]
        return document.having(claims=tuple(linked))


def _meant(case: Case, claim: Claim, before: Sequence[Claim]) -> Claim:
    """The claim with the concepts that tagger and words agree on; ``before`` are the claims already weighed."""
    borne = borne_out(case.page, claim)
    beside = [c for c in before[-BESIDE:] if c.sentence == claim.sentence and c.kind == "count"]
    if not borne.concepts:
        return _hinted(case, borne, beside)
    weighed = _told_once(_weighed(case, borne), beside)
    also = shared_by(case.page, weighed)
    if also is None:
        return weighed
    scores, why = (*weighed.scores, (also, UNSURE)), f"{weighed.why}; shared by {also}"
    return replace(weighed, concepts=(*weighed.concepts, also), scores=scores, why=why)


def _hinted(case: Case, claim: Claim, beside: Sequence[Claim]) -> Claim:
    """A claim about which the tagger is torn: the concept that the words bear out, with little confidence.

    Either a bare outcome (其中维持3件) behind the number of reviews or lawsuits, or the likeliest concept of the tagger
    that the rules over the words support.
    """
    fragment = claim.kind == "zero" and claim.span.end - claim.span.start < FRAGMENT
    if claim.kind not in ("count", "zero", "money") or fragment:
        return claim
    outcome = outcome_of(case.page, claim, beside) if claim.kind == "count" else None
    if outcome is not None:
        sure = min(claim.confidence, UNSURE)
        return replace(claim, concepts=(outcome,), confidence=sure, why=f"{claim.why}; follows as {outcome}")
    named = named_plainly(case.page, claim, beside)
    if named is not None:
        sure = min(claim.confidence, UNSURE)
        return replace(claim, concepts=(named,), confidence=sure, why=f"{claim.why}; named as {named}")
    for concept, score in sorted(claim.scores, key=lambda s: -s[1]):
        if HINT <= score < UNSURE:
            hinted = borne_out(case.page, replace(claim, concepts=(concept,), confidence=score))
            if hinted.concepts and borne_out_closely(case.page, hinted):
                return replace(hinted, why=f"{hinted.why}; the words decide for {hinted.concepts[0]}")
    return claim


def _told_once(claim: Claim, beside: Sequence[Claim]) -> Claim:
    """Of several concepts, those that the sentence told before with another number are not meant again."""
    told = {x for c in beside if c.value != claim.value and c.scope == claim.scope for x in c.concepts}
    kept = tuple(c for c in claim.concepts if c not in told)
    if not kept or len(kept) == len(claim.concepts):
        return claim
    return replace(claim, concepts=kept, why=f"{claim.why}; the sentence told the rest before")


def _weighed(case: Case, claim: Claim) -> Claim:
    """The claim after the second opinion, asked only where the tagger is unsure of it."""
    if claim.confidence >= UNSURE or not claim.concepts:
        return claim
    view = opinion(case.page, claim)
    kept = tuple(c for c in claim.concepts if c not in view.forbidden)
    why = f"{claim.why}; rules saw {', '.join(view.classes) or 'nothing'}"
    if len(kept) < len(claim.concepts):
        return replace(claim, concepts=kept, why=f"{why}; dropped {', '.join(sorted(view.forbidden))}")
    if view.supported >= set(claim.concepts):
        return replace(claim, why=f"{why}; agreed")
    return replace(claim, confidence=claim.confidence * _UNSUPPORTED, why=f"{why}; not supported")


def _linked(case: Case, form: Form, claim: Claim, claims: Sequence[Claim], claimed: set[str]) -> Claim:
    metrics: list[str] = []
    why = claim.why
    for concept in claim.concepts:
        first = expression(form, concept)
        if first is None:
            continue
        proved = _proved(case, form, claim, concept, first, claims, claimed)
        if proved is not None:
            why = f"{why}; arithmetic reads {concept} as {proved}"
        chosen = proved or first
        if chosen not in metrics:
            metrics.append(chosen)
    return replace(claim, metrics=tuple(metrics), why=why)


def _proved(
    case: Case, form: Form, claim: Claim, concept: str, first: str, claims: Sequence[Claim], claimed: set[str]
) -> str | None:
    """Another reading that the numbers prove; None keeps the first."""
    if claim.kind != "count" or claim.approx or not claim.value:
        return None
    words = clause(case.page, claim)
    others = readings(form, concept, words, claimed, key="relink")
    if not others:
        return None
    figure = case.figures.read(first)
    if figure.state == "printed":
        if figure.value == claim.value or claim.scope != "own" or figure.confidence < SURE_CELL:
            return None
        fits = [o for o in others if (f := case.figures.read(o)).value == claim.value and f.confidence >= SURE_CELL]
        return fits[0] if len(fits) == 1 else None
    if concept == "requests_new" and any(w in words for w in _AMBIGUOUS) and _told_with_carried(claim, claims):
        return expression(form, "requests_handled")
    return None


def _told_with_carried(claim: Claim, claims: Sequence[Claim]) -> bool:
    """Whether the outcomes that follow, those carried over among them, add up to the claim."""
    near = [
        c
        for c in claims
        if 0 < c.span.start - claim.span.end < _REACH and c.scope == claim.scope and c.concepts and not c.approx
    ]
    heads = {c.concepts[0] for c in near}
    if "requests_carried_in" in heads or "carried_out" not in heads:
        return False
    parts = [
        c
        for c in near
        if c.concepts[0] == "carried_out"
        or (
            c.concepts[0].split(".")[0] in OUTCOMES
            and (c.concepts[0].split(".")[0] == c.concepts[0] or c.concepts[0].split(".")[0] not in heads)
        )
    ]
    carried = any(c.concepts[0] == "carried_out" and c.value for c in parts)
    return carried and len(parts) > 2 and sum(c.value or 0 for c in parts) == claim.value
