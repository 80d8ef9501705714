"""The numbers of a stretch of prose as parts of a list: where they stand, what they count, how their labels read."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractor.checks.wording import Page, unit_after
from extractor.document import Claim
from extractor.lexicon import lexicon, words

STOP = re.compile(r"[。！？!?]|\n[ \t]*\n")
PAIRS = {"（": "）", "(": ")"}
_CLOSING = frozenset(PAIRS.values())
_PUNCTUATION = re.compile(r"[,，、;；:：。（()）\s]")
_DATED = re.compile(r"\s?(?:年|月|日|号|时|[-—至]\s?[0-9]|[.、．])|[0-9.]*\s?[%‰]")
_DIGITS = re.compile(r"(?<![0-9.])(?<![A-Za-z](?=[0-9](?![0-9])))[0-9]+(?![0-9])")


@dataclass(frozen=True, slots=True)
class Item:
    """A number claim on the page: its place, where its measure word ends, how deep in brackets it stands."""

    claim: Claim
    start: int
    end: int
    unit_end: int
    depth: int


def items_of(page: Page, claims: list[Claim], start: int) -> list[Item]:
    out: list[Item] = []
    depth, at = 0, start
    for claim in claims:
        a, b = page.index(claim.span.start), page.index(claim.span.end)
        depth = max(0, depth + depth_change(page.text[at:a]))
        at = a
        unit_end = unit_after(page.text, b)[1]
        out.append(Item(claim, a, b, unit_end, depth - _bracketed(page.text, a, unit_end)))
    return out


def _bracketed(text: str, start: int, unit_end: int) -> bool:
    """Whether a number fills its brackets: 教育（3件） counts at the depth of its label."""
    return (
        text[start - 3 : start].rstrip(" \n")[-1:] in PAIRS and text[unit_end : unit_end + 3].lstrip()[:1] in _CLOSING
    )


def depth_change(text: str) -> int:
    return sum(text.count(c) for c in PAIRS) - sum(text.count(c) for c in PAIRS.values())


def family(concepts: Sequence[str]) -> str | None:
    """The family of parts that a claim belongs to by its first concept, None for quantities of no table."""
    return _family(concepts[0]) if concepts else None


@lru_cache(maxsize=128)
def _family(concept: str) -> str | None:
    families: dict[str, list[str]] = lexicon("breakdowns")["families"]
    exact = next((f for f, names in families.items() if concept in names), None)
    if exact:
        return exact
    return next(
        (f for f, names in families.items() if any(n[-1] in "._" and concept.startswith(n) for n in names)), None
    )


def turns(parts: list[Item], item: Item) -> bool:
    """Whether the list turns to another matter: 自然人 …, 法人 …; 予以公开 …; a new number of applications."""
    if item.claim.scope == "own" and any(c.startswith("requests_") for c in item.claim.concepts):
        return bool(parts)
    here = family(item.claim.concepts)
    before = [f for p in parts if (f := family(p.claim.concepts))]
    return bool(parts) and here is not None and here != (before[0] if before else None)


def is_rest(gap: str, claim: Claim) -> bool:
    """其余 …, 其他信息 …; but not 其他法律禁止公开 … and the like, which are quantities of the tables."""
    label = _PUNCTUATION.split(gap.rstrip(" \n（(:："))[-1].lstrip("的")
    if claim.concepts and label.startswith(("其他", "其它")):
        return False
    return label.startswith(words("breakdowns", "closers")) and not label.startswith(words("breakdowns", "not_closers"))


def count_alike(one: str, other: str, own_unit: bool) -> bool:
    return one == other if own_unit else alike(one, other)


@lru_cache(maxsize=512)
def alike(one: str, other: str) -> bool:
    groups: list[list[str]] = lexicon("amounts")["alike"]
    return one == other or not one or not other or any(one in g and other in g for g in groups)


def parallel(text: str, parts: list[Item], start: int) -> bool:
    """Whether the parts' labels end in the same two characters (市政府文件 …, 办公室文件 …)."""
    labels = labels_of(text, parts, start)
    return all(len(x) >= 2 for x in labels) and len({x[-2:] for x in labels}) == 1


def labels_of(text: str, parts: Sequence[Item], start: int) -> list[str]:
    """The words right before each part's number, back to the last sign."""
    labels: list[str] = []
    at = start
    for part in parts:
        labels.append(_PUNCTUATION.split(text[at : part.start].rstrip(" \n（(:："))[-1])
        at = part.unit_end
    return labels


def clean(text: str, start: int, end: int, known: list[tuple[int, int]]) -> bool:
    """Whether every number of the list was read as a claim; years, dates and percentages count for none.

    ``known``: the places of the claims, in text order.
    """
    for digits in _DIGITS.finditer(text, start, end):
        behind = bisect_right(known, digits.start(), key=lambda place: place[0])
        if _DATED.match(text, digits.end()) or (behind and digits.start() < known[behind - 1][1]):
            continue
        return False
    return True
