"""Scope in words: a number that its own clause gives to another year or to another body.

The tagger says whose number a claim is; the rules (``lexicon/scopes.yaml``) turn what it takes for the report's own (or
for another body's) only where the words are plain. A number becomes the report's own where its words begin with that
body (本办发生 …).
"""

from __future__ import annotations

import re
from dataclasses import replace

from extractor.checks.wording import Page, words_before
from extractor.document import Claim, Metadata, Scope, Span
from extractor.lexicon import words
from models.text import simplify

_IN_THE_NAME = re.compile(r"以.{0,8}政府(?:办公室|办)?名义")
_BODIES = re.compile(
    r"[局委办厅院镇乡街县区市省州旗盟村队所处室站]|部门|单位|机关|政府|中心|法院|公司|企业|协|配合|指导|转|各"
)
_SINCE = re.compile(r"自\s?(20[0-9]{2})\s?年")


def rescoped(page: Page, facts: Metadata, claim: Claim) -> Claim:
    """The claim in the scope that its words give it; ``why`` says so where they turn it."""
    if claim.kind not in ("count", "money"):
        return claim
    scope = _scope(page, facts, claim)
    if scope is None or scope == claim.scope:
        return claim
    return replace(claim, scope=scope, why=f"{claim.why}; words give it to {scope.replace('_', ' ')}")


def _scope(page: Page, facts: Metadata, claim: Claim) -> Scope | None:
    head = words_before(page, claim)
    sentence = page.near(claim.sentence, claim.span)
    before = page.near(Span(claim.sentence.start, claim.span.start), claim.span)
    if _of_last_year(head, sentence, facts.year) or _of_all_years(head, before, facts.year):
        return "other_year"
    if any(w in head for w in words("scopes", "several_years")) and "分别" not in head:
        return "other_year"
    if claim.scope == "other_org":
        ourselves = head.startswith(words("doubts", "own_level")) and not consolidated(facts.issuer)
        return "own" if ourselves or _names_nobody(sentence) else None
    if claim.scope != "own":
        return None
    in_the_name = bool(_IN_THE_NAME.search(head)) and "政府" not in simplify(facts.issuer or "政府")
    if in_the_name or any(w in head for w in words("scopes", "helps")):
        return "other_org"
    beside = any(w in sentence for w in words("doubts", "own_level"))
    return "other_org" if beside and not consolidated(facts.issuer) and _wider(head) else None


def _names_nobody(sentence: str) -> bool:
    """Does the sentence name no body, area or help for one, to which a number could belong?"""
    rest = sentence
    for word in words("scopes", "no_bodies"):
        rest = rest.replace(word, "")
    return not _BODIES.search(rest)


def _of_last_year(head: str, sentence: str, year: int | None) -> bool:
    for word in words("scopes", "last_year"):
        at = head.rfind(word)
        if at >= 0:
            return not any(w in head[at:] for w in words("scopes", "difference"))
    told_beside = (*words("scopes", "now"), *((f"{year}年",) if year else ()))
    for word in words("scopes", "before"):
        if head.startswith(word):
            opens = head[len(word) :].startswith(words("scopes", "verbs")) and "转" not in head
            return opens and any(w in sentence for w in told_beside)
    return False


def _of_all_years(head: str, before: str, year: int | None) -> bool:
    if not any(w in head for w in words("scopes", "all_years")):
        return False
    return counts_since(before, year)


def counts_since(sentence: str, year: int | None) -> bool:
    """Does a sentence count from when a law or a service began, and come to no single year behind that?"""
    since = [m.start() for m in _SINCE.finditer(sentence) if int(m[1]) != year]
    last = max([*since, *(sentence.rfind(w) for w in words("scopes", "since"))])
    return last >= 0 and not any(w in sentence[last:] for w in (f"{year}年", *words("scopes", "now")))


def consolidated(issuer: str | None) -> bool:
    """Is this a report of a whole city, county or district (…人民政府), not of one of its offices?"""
    name = simplify(issuer or "")
    return name.endswith(words("doubts", "whole")) and not name.endswith(words("doubts", "part_of_body"))


def _wider(head: str) -> bool:
    return any(w in head for w in words("doubts", "wider"))
