"""Where the prose begins to take a total apart: 其中, a bracket, a colon, “5 件申请中，”."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from extractor.checks.parts import PAIRS, STOP, Item, depth_change
from extractor.lexicon import words

REACH = 30
COLON = re.compile(r"\s?[:：]")
OPENER = re.compile("|".join(r"\s?".join(word) for word in words("breakdowns", "openers")))
_AMONG = re.compile(r"[^，,、。；;：:（()）\n]{0,24}(?:(?<!其)中|里)\s?[，,]")


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a list of parts begins: on the page, ``end`` where a bracket closes it; ``owner`` stands before it."""

    at: int
    start: int
    end: int | None
    owner: int
    named: bool


def openings(text: str, items: list[Item], start: int, end: int) -> list[Opening]:
    """The openings of a stretch of prose, in text order; a word that begins a bracket's content is one with it."""
    out: list[Opening] = []
    brackets: set[int] = set()
    for i, item in enumerate(items):
        gap_end = items[i + 1].start if i + 1 < len(items) else min(end, item.unit_end + REACH)
        gap = text[item.unit_end : gap_end]
        found = re.search(r"[（(]", gap)
        if COLON.match(gap) and not OPENER.match(text, skip_colon(text, item.unit_end)):
            out.append(Opening(item.unit_end, item.unit_end + 1, None, i, True))
        among = _AMONG.match(text, item.unit_end)
        if among and not OPENER.match(text, among.end()):
            out.append(Opening(item.unit_end, among.end(), None, i, True))
        if found and not re.search(r"[，,；;。]", gap[: found.start()]) and found.start() <= 16:
            at = item.unit_end + found.start()
            close = _closing(text, at, end)
            word = OPENER.match(text, skip_colon(text, at + 1))
            if close is not None:
                out.append(Opening(at, word.end() if word else at + 1, close, i, word is not None))
                brackets.add(word.start() if word else at)
    for word in OPENER.finditer(text, start, end):
        if word.start() in brackets:
            continue
        owner = _owner(text, items, word.start())
        if owner is not None:
            out.append(Opening(word.start(), word.end(), None, owner, True))
    return sorted(out, key=lambda o: o.at)


def skip_colon(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \n:：,，":
        at += 1
    return at


def _closing(text: str, at: int, end: int) -> int | None:
    """Where the bracket at this place closes; None within 800 characters."""
    depth = 0
    for i in range(at, min(end, at + 800)):
        depth += (text[i] in PAIRS) - (text[i] in PAIRS.values())
        if depth == 0:
            return i
    return None


def _owner(text: str, items: list[Item], at: int) -> int | None:
    """The number that a word such as 其中 takes apart: the last before it, at most a few words away."""
    before = range(bisect_right(items, at, key=lambda item: item.end))
    level = max(0, items[before[-1]].depth + depth_change(text[items[before[-1]].end : at])) if before else 0
    for i in reversed(before):
        if items[i].depth > level:
            continue
        gap = text[items[i].unit_end : at]
        stops = list(STOP.finditer(gap))
        if len(stops) > 1 or (stops and gap[stops[0].end() :].strip(" \n")) or len(gap) > 4 * REACH:
            return None
        return i
    return None
