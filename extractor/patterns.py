"""A second opinion beside the learned tagger: rules as data over the words around a claim.

The lexicon names classes of phrases (request, receive, publish …) and says which of them a concept needs or excludes.
Phrases are sought in the characters, not among a segmenter's words: scraped text is torn and misspelt, and a phrase
must be found whatever its neighbours would become. The opinion lowers a confidence, or decides where the tagger is
unsure; it never overrules a sure tagger.
"""

from __future__ import annotations

from dataclasses import dataclass

from extractor.checks.wording import Page, clause, lead
from extractor.document import Claim
from extractor.lexicon import lexicon


@dataclass(frozen=True, slots=True)
class Opinion:
    """The concepts that the words around a claim support, and those that they forbid; ``classes`` says by what."""

    supported: frozenset[str]
    forbidden: frozenset[str]
    classes: tuple[str, ...]


def classes(text: str) -> frozenset[str]:
    """The classes of phrases that a text has, wherever white space tears them."""
    solid = "".join(text.split())
    phrases: dict[str, list[str]] = lexicon("rules")["phrases"]
    return frozenset(name for name, listed in phrases.items() if any(phrase in solid for phrase in listed))


def rule_of(concept: str) -> dict[str, list[str]]:
    """The rule for a concept: its own, that of its group (denied.repeat → denied), or of its prefix (new_)."""
    rules: dict[str, dict[str, list[str]]] = lexicon("rules")["concepts"]
    if concept in rules:
        return rules[concept]
    group = concept.split(".", 1)[0]
    return rules.get(group) or rules.get(group.split("_", 1)[0] + "_") or {}


def opinion(page: Page, claim: Claim) -> Opinion:
    """What the rules say of the claim's own concepts."""
    near = classes(lead(page, claim))
    own = classes(clause(page, claim))
    supported: set[str] = set()
    forbidden: set[str] = set()
    for concept in claim.concepts:
        rule = rule_of(concept)
        negated = claim.kind != "zero" or "negation" in own
        if set(rule.get("bars", ())) & own or not negated:
            forbidden.add(concept)
        elif rule and set(rule.get("needs", ())) <= near:
            supported.add(concept)
    return Opinion(frozenset(supported), frozenset(forbidden), tuple(sorted(near)))
