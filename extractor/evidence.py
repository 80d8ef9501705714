"""Evidence in words: a concept that the words around its claim do not bear out is dropped, or turned into another.

Most counts hold no cell, and a wrong link can become a false alarm. The rules are data (``lexicon/evidence.yaml``) and
speak only where the words are plain.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from extractor.checks.wording import Page, clause
from extractor.document import Claim
from extractor.lexicon import lexicon
from models.form import concepts as known_concepts

BEFORE, BEHIND, NEAR = 140, 40, 60
_STOPS = "，,；;。、()（）：:\n"


def borne_out(page: Page, claim: Claim) -> Claim:
    """The claim with the concepts that its words bear out; ``why`` says what was dropped or turned."""
    if not claim.concepts:
        return claim
    kept: list[str] = []
    notes: list[str] = []
    for concept in claim.concepts:
        meant = _meant(page, claim, concept)
        if meant != concept:
            notes.append(f"words turn {concept} into {meant}" if meant else f"words do not bear out {concept}")
        if meant and meant not in kept:
            kept.append(meant)
    if not notes:
        return claim
    sure = min([s for c, s in claim.scores if c in kept], default=claim.confidence)
    return replace(claim, concepts=tuple(kept), confidence=sure, why="; ".join([claim.why, *notes]))


def _meant(page: Page, claim: Claim, concept: str) -> str | None:
    """The concept that the words mean; None where they mean no quantity of a table."""
    rules = lexicon("evidence")
    own = clause(page, claim)
    if _counts_requests(page, claim, concept):
        concept = "requests_new"
    bar: dict[str, Any] | None = _for(rules["bars"], concept)
    if bar and any(w in own for w in bar["words"]) and not any(w in own for w in bar["unless"]):
        return None
    near: list[str] | None = _for(rules["own"], concept)
    if near and not any(w in own for w in near):
        return None
    needed: list[str] | None = _for(rules["needs"], concept)
    if needed and not any(w in _around(page, claim, BEFORE, BEHIND) for w in needed):
        return None
    part: list[str] | None = rules["parts"].get(concept.partition(".")[2])
    if part and not any(w in _around(page, claim, NEAR, NEAR // 2) for w in part):
        return None
    return _turned(_lead(page, claim), concept)


def _for(rules: dict[str, Any], concept: str) -> Any:
    """The rule of the longest prefix of the concept."""
    fitting = [prefix for prefix in rules if concept.startswith(prefix)]
    return rules[max(fitting, key=len)] if fitting else None


def _around(page: Page, claim: Claim, before: int, behind: int) -> str:
    a, b = page.index(claim.span.start), page.index(claim.span.end)
    return "".join(page.text[max(0, a - before) : b + behind].split())


def _lead(page: Page, claim: Claim) -> str:
    """The words of the claim's own clause before its number, without white space; of a statement, all of it."""
    a, b = page.index(claim.span.start), page.index(claim.span.end)
    if claim.kind == "zero":
        return "".join(page.text[a:b].split())
    start = max(page.text.rfind(s, max(0, a - 60), a) for s in _STOPS)
    return "".join(page.text[max(start + 1, a - 60) : a].split())


def _turned(lead: str, concept: str) -> str:
    """Made, repealed or in force; upheld, corrected or pending: the words before the number say which."""
    for rule in lexicon("evidence")["turns"]:
        stem = next((s for s in rule["of"] if concept.startswith(s)), None)
        if stem and any(w in lead for w in rule["words"]) and not any(w in lead for w in rule["unless"]):
            other = stem + rule["to"]
            return other if other in known_concepts() else concept
    return concept


def _counts_requests(page: Page, claim: Claim, concept: str) -> bool:
    """Does the noun right behind the number say requests, where the tagger took the matter of the clause before?"""
    if claim.kind != "count" or not concept.startswith(("review", "litigation", "direct", "after_review")):
        return False
    rules = lexicon("evidence")
    b = page.index(claim.span.end)
    behind = page.text[b : b + 16].replace(" ", "")
    noun = re.split(f"[{_STOPS}]", behind[len(claim.unit) :] if behind.startswith(claim.unit) else behind)[0]
    lead = _lead(page, claim)
    clear = not any(w in lead + noun for w in ("复议", "诉", *rules["not_requests"]))
    return clear and noun.startswith(tuple(rules["counts_requests"]))
