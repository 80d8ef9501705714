"""Evidence in words: a concept that the words around its claim do not bear out is dropped, or turned into another.

Most counts hold no cell, and a wrong link can become a false alarm. The rules are data (``lexicon/evidence.yaml``) and
speak only where the words are plain.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from extractor.checks.wording import ITEM_STOP, Page, clause, words_before
from extractor.document import Claim, Span
from extractor.lexicon import lexicon, words
from extractor.patterns import classes, rule_of
from models.form import concepts as known_concepts

BEFORE, BEHIND, NEAR, AHEAD = 140, 40, 60, 16
PLAIN = 0.96  # of what its own words name
OUTCOME = 12  # characters: longer leads speak of more than an outcome
_BRACKET = re.compile(r"[^\s,，。；;、()（）]{0,3}[(（](?P<inside>[^()（）。]{1,24})")
_DIGIT = re.compile("[0-9]")


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
    for concept in (*_of_one_kind(page, claim, kept), *_said_twice(claim, kept)):
        kept.remove(concept)
        notes.append(f"words do not name {concept}")
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
    concept = _swapped(page, claim, concept)
    if _of_another_matter(page, claim, concept):
        return None
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
    if claim.kind == "zero":
        return "".join(page.between(claim.span.start, claim.span.end).split())
    return words_before(page, claim)


def _turned(lead: str, concept: str) -> str:
    """Made, repealed or in force; upheld, corrected or pending: the words before the number say which."""
    for rule in lexicon("evidence")["turns"]:
        stem = next((s for s in rule["of"] if concept.startswith(s)), None)
        if stem and any(w in lead for w in rule["words"]) and not any(w in lead for w in rule["unless"]):
            other = stem + rule["to"]
            return other if other in known_concepts() else concept
    return concept


def _of_one_kind(page: Page, claim: Claim, concepts: Sequence[str]) -> list[str]:
    """Reviews or lawsuits told together, of which the claim's own clause names only the other kind."""
    reviews = [c for c in concepts if c.startswith("review")]
    suits = [c for c in concepts if c.startswith(("litigation", "direct", "after_review"))]
    own = "".join((clause(page, claim) + page.between(claim.span.start, claim.span.end)).split())
    if not reviews or not suits or ("复议" in own) == ("诉" in own):
        return []
    return suits if "复议" in own else reviews


def _said_twice(claim: Claim, concepts: Sequence[str]) -> list[str]:
    """Received, and handled with those carried in, are two readings of one number: the less likely of them."""
    both = [c for c in ("requests_new", "requests_handled") if c in concepts]
    return [min(both, key=claim.sure_of)] if len(both) == 2 else []


def borne_out_closely(page: Page, claim: Claim) -> bool:
    """Whether the words around the number itself, between its two stops, name what each concept needs."""
    behind = ITEM_STOP.split(page.text[page.index(claim.span.end) : page.index(claim.span.end) + AHEAD], maxsplit=1)[0]
    item = _lead(page, claim) + behind
    rules = lexicon("evidence")
    if any(c.startswith("requests_") for c in claim.concepts) and any(w in item for w in rules["not_requests"]):
        return False
    if claim.kind == "zero":
        item += page.between(claim.span.start, claim.span.end)
    exact, own = lexicon("doubts")["exact"], clause(page, claim)
    if any(c in exact and not any(w in own for w in _doing(c, exact[c])) for c in claim.concepts):
        return False
    return all(set(rule_of(c).get("needs", ())) <= classes(item) for c in claim.concepts)


def _doing(concept: str, exact: list[str]) -> Sequence[str]:
    """Words that the body did it, and did not only publish it."""
    return words("doubts", "decision") if concept in ("licensing", "penalty", "coercion") else exact


def _swapped(page: Page, claim: Claim, concept: str) -> str:
    """Received, not handled; any lawsuit, not one without review: what the words do not say is not meant."""
    for rule in lexicon("evidence")["swaps"]:
        of = rule["of"]
        if concept != of and not concept.startswith(f"{of}."):
            continue
        text = _region(page, claim, rule["where"])
        said = not rule["words"] or any(w in text for w in rule["words"])
        if said and not any(w in text for w in rule["unless"]):
            other = f"{rule['into']}{concept[len(of) :]}"
            return other if other in known_concepts() else concept
    return concept


def _region(page: Page, claim: Claim, where: str) -> str:
    if where == "around":
        return _around(page, claim, BEFORE, BEHIND)
    end = page.index(claim.span.end)
    bracket = _BRACKET.match(page.text, end)
    return clause(page, claim) + (bracket["inside"] if bracket else "")


def _of_another_matter(page: Page, claim: Claim, concept: str) -> bool:
    """Does the sentence speak of letters, hotlines or petitions, and of no application?"""
    rules = [r for r in lexicon("evidence")["matters"] if concept.startswith(tuple(r["of"]))]
    if claim.kind == "zero" or not rules:
        return False
    sentence = page.near(claim.sentence, claim.span)
    for rule in rules:
        said = clause(page, claim) if rule.get("where") == "clause" else sentence
        if any(w in said for w in rule["words"]) and not any(w in said for w in rule["unless"]):
            return True
    return False


def _counts_requests(page: Page, claim: Claim, concept: str) -> bool:
    """Does the noun right behind the number say requests, where the tagger took the matter of the clause before?"""
    if claim.kind != "count" or not concept.startswith(("review", "litigation", "direct", "after_review")):
        return False
    rules = lexicon("evidence")
    b = page.index(claim.span.end)
    behind = page.text[b : b + 16].replace(" ", "")
    noun = ITEM_STOP.split(behind.removeprefix(claim.unit), maxsplit=1)[0]
    lead = _lead(page, claim)
    clear = not any(w in lead + noun for w in ("复议", "诉", *rules["not_requests"]))
    return clear and noun.startswith(tuple(rules["counts_requests"]))


def shared_by(page: Page, claim: Claim) -> str | None:
    """What else a number tells by the words behind it (收到申请7件，均为自然人): the concept, None where nothing."""
    sentence = page.near(Span(claim.span.end, claim.sentence.end), Span(claim.span.end, claim.span.end))
    behind = _DIGIT.split(sentence, maxsplit=1)[0]
    for rule in lexicon("evidence")["shared"]:
        if claim.concepts and claim.concepts[0] == rule["of"] and any(w in behind for w in rule["words"]):
            also: str = rule["also"]
            return None if also in claim.concepts else also
    return None


def outcome_of(page: Page, claim: Claim, before: Sequence[Claim]) -> str | None:
    """The outcome that a number without concept tells of the reviews (or lawsuits) named before it in its sentence.

    ``before`` are the counts of the sentence up to the claim. None unless the words right before the number are an
    outcome's and only one such group was told.
    """
    heads = {c.concepts[0].split(".")[0] for c in before if c.concepts}
    groups = heads & {"review", "litigation", "direct", "after_review"}
    lead = _lead(page, claim)
    if heads != groups or len(groups) != 1 or len(lead) > OUTCOME:
        return None
    found = [k for k, listed in lexicon("evidence")["follows"].items() if any(w in lead for w in listed)]
    return f"{groups.pop()}.{found[0]}" if len(found) == 1 else None


def named_plainly(page: Page, claim: Claim, before: Sequence[Claim]) -> str | None:
    """The concept of a number without one whose words are a label of the table: 行政处罚决定 7 件 beside licences."""
    rules, lead = lexicon("evidence"), _lead(page, claim)
    told = {c for b in before for c in b.concepts}
    for concept, rule in rules["plain"].items():
        label = next((w for w in rule["labels"] if lead.startswith(w)), None)
        if claim.kind != rule["kind"] or label is None or (rule["beside"] and not told & set(rule["beside"])):
            continue
        if not re.sub("|".join(rules["fillers"]), "", lead[len(label) :]):
            return str(concept)
    return None


def surely_named(page: Page, claim: Claim) -> Claim:
    """The claim, surer of its one concept where the words right before the number can mean nothing else."""
    rule = lexicon("evidence")["surely"].get(claim.concepts[0]) if len(claim.concepts) == 1 else None
    lead = _lead(page, claim)
    if rule is None or claim.kind != "count" or any(w in lead for w in rule["unless"]):
        return claim
    sure = claim.sure_of(claim.concepts[0])
    if sure >= PLAIN or not all(any(w in lead for w in group) for group in rule["words"]):
        return claim
    why = f"{claim.why}; plainly named"
    return replace(claim, scores=((claim.concepts[0], PLAIN),), confidence=PLAIN, why=why)
