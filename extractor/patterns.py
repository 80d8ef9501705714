"""A second opinion beside the learned tagger: rules as data over a spaCy document.

The lexicon names classes of phrases (request, receive, publish …) and says which of them a concept needs or excludes.
The document's tokens are single characters, not jieba's words: scraped text is torn and misspelt, and a phrase must
be found whatever a segmenter makes of its neighbours. The opinion lowers a confidence, or decides where the tagger
is unsure; it never overrules a sure tagger. spaCy is imported when the first opinion is asked for, not before.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from extractor.checks.wording import Page, clause, lead
from extractor.document import Claim
from extractor.lexicon import lexicon


@dataclass(frozen=True, slots=True)
class Opinion:
    """The concepts that the words around a claim support, and those that they forbid; ``classes`` says by what."""

    supported: frozenset[str]
    forbidden: frozenset[str]
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rules:
    vocab: Any
    matcher: Any


@cache
def _rules() -> _Rules:
    """The phrase matcher, made once a process."""
    import spacy
    from spacy.matcher import PhraseMatcher

    nlp = spacy.blank("zh")
    matcher = PhraseMatcher(nlp.vocab)
    for name, phrases in lexicon("rules")["phrases"].items():
        matcher.add(name, [_doc(nlp.vocab, phrase) for phrase in phrases])
    return _Rules(nlp.vocab, matcher)


def _doc(vocab: Any, text: str) -> Any:
    from spacy.tokens import Doc

    return Doc(vocab, words=list(text), spaces=[False] * len(text))


def classes(text: str) -> frozenset[str]:
    """The classes of phrases that a text has."""
    rules = _rules()
    solid = "".join(text.split())
    if not solid:
        return frozenset()
    doc = _doc(rules.vocab, solid)
    return frozenset(rules.vocab.strings[match] for match, _, _ in rules.matcher(doc))


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
