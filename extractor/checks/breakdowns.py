"""Totals that prose takes apart: “共 N 条，其中 a 条、b 条，其他 c 条”, “N 件（网上 a 件，信函 b 件）”.

Only the structure is found here; whether the parts must add up is for the checks to say. Numbers in nested brackets
belong to the part before them; ratios and differences are no parts; a list ends with its sentence, at a semicolon
(unless semicolons part it), at a second 其中, or where the concepts of the claims turn to another matter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractor.checks.wording import Page, unit_after
from extractor.document import Claim, Document
from extractor.lexicon import lexicon, words

_STOP = re.compile(r"[。！？!?]|\n[ \t]*\n")
_PUNCTUATION = re.compile(r"[,，、;；:：。（()）\s]")
_DATED = re.compile(r"\s?(?:年|月|日|号|时|[-—至]\s?[0-9]|[.、．])|[0-9.]*\s?[%‰]")
_DIGITS = re.compile(r"(?<![0-9A-Za-z.])[0-9]+(?![0-9])")
_REACH = 30
_SAME = 1e-6
_WHOLE = 1.5  # per cent by which rounded shares may miss 100
_NESTED = re.compile(r"[（(][^（）()]*[）)]")
_PAIRS = {"（": "）", "(": ")"}


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A total and the parts that follow it.

    ``closed``: the wording says that the parts are all (其他 …, a bracket). ``parallel``: the parts' labels end alike.
    ``clean``: every number of the list is one of the claims. ``others``: totals that may be meant in its place.
    ``more``: parts behind a semicolon that may belong to it. ``overlapping``: wording by which parts may overlap.
    """

    total: Claim
    parts: tuple[Claim, ...]
    closed: bool
    parallel: bool
    clean: bool
    overlapping: bool
    others: tuple[Claim, ...] = ()
    more: tuple[Claim, ...] = ()

    @property
    def sum(self) -> float:
        return float(sum(p.value or 0 for p in self.parts))

    @property
    def claims(self) -> tuple[Claim, ...]:
        return (self.total, *self.parts)


@dataclass(frozen=True, slots=True)
class _Item:
    """A number claim on the page: its place, where its measure word ends, how deep in brackets it stands."""

    claim: Claim
    start: int
    end: int
    unit_end: int
    depth: int


@dataclass(frozen=True, slots=True)
class _Opening:
    """Where a list of parts begins: on the page, ``end`` where a bracket closes it; ``owner`` stands before it."""

    at: int
    start: int
    end: int | None
    owner: int
    named: bool


@dataclass(frozen=True, slots=True)
class _Scan:
    """A stretch of prose: its number claims, where it ends, the places of all claims, the shares (place, per cent)."""

    text: str
    items: list[_Item]
    end: int
    known: list[tuple[int, int]]
    shares: list[tuple[int, float]]


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


def find_breakdowns(document: Document, page: Page) -> tuple[Breakdown, ...]:
    """Every total with at least two parts, in text order."""
    out: list[Breakdown] = []
    numbers = [c for c in document.claims if c.kind in ("count", "money") and c.value is not None]
    for prose in document.prose:
        inside = [c for c in numbers if prose.span.start <= c.span.start < prose.span.end]
        if len(inside) < 3:
            continue
        a, b = page.index(prose.span.start), page.index(prose.span.end)
        items = _items(page, inside, a)
        others = [c for c in document.claims if c.kind != "zero" and prose.span.start <= c.span.start < prose.span.end]
        known = [(page.index(c.span.start), page.index(c.span.end)) for c in others]
        shares = [(page.index(c.span.start), c.value or 0.0) for c in others if c.kind == "ratio" and c.unit == "%"]
        scan = _Scan(page.text, items, b, known, shares)
        for opening in _openings(page.text, items, a, b):
            found = _build(scan, opening)
            if found is not None:
                out.append(found)
    return tuple(out)


def _items(page: Page, claims: list[Claim], start: int) -> list[_Item]:
    out: list[_Item] = []
    depth, at = 0, start
    for claim in claims:
        a, b = page.index(claim.span.start), page.index(claim.span.end)
        depth = max(0, depth + _opens(page.text[at:a]))
        at = a
        out.append(_Item(claim, a, b, unit_after(page.text, b)[1], depth))
    return out


def _opens(text: str) -> int:
    return sum(text.count(c) for c in _PAIRS) - sum(text.count(c) for c in _PAIRS.values())


def _openings(text: str, items: list[_Item], start: int, end: int) -> list[_Opening]:
    """Brackets behind a number, and words such as 其中; a word that begins a bracket's content is one with it."""
    out: list[_Opening] = []
    brackets: set[int] = set()
    for i, item in enumerate(items):
        gap_end = items[i + 1].start if i + 1 < len(items) else min(end, item.unit_end + _REACH)
        gap = text[item.unit_end : gap_end]
        found = re.search(r"[（(]", gap)
        if found and not re.search(r"[，,；;。]", gap[: found.start()]) and found.start() <= 16:
            at = item.unit_end + found.start()
            close = _closing(text, at, end)
            word = _opener.match(text, _skip_colon(text, at + 1))
            if close is not None:
                out.append(_Opening(at, word.end() if word else at + 1, close, i, word is not None))
                brackets.add(word.start() if word else at)
    for word in _opener.finditer(text, start, end):
        if word.start() in brackets:
            continue
        owner = _owner(text, items, word.start())
        if owner is not None:
            out.append(_Opening(word.start(), word.end(), None, owner, True))
    return sorted(out, key=lambda o: o.at)


_opener = re.compile("|".join(words("breakdowns", "openers")))


def _skip_colon(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \n:：,，":
        at += 1
    return at


def _closing(text: str, at: int, end: int) -> int | None:
    """Where the bracket at this place closes; None within 800 characters."""
    depth = 0
    for i in range(at, min(end, at + 800)):
        depth += (text[i] in _PAIRS) - (text[i] in _PAIRS.values())
        if depth == 0:
            return i
    return None


def _owner(text: str, items: list[_Item], at: int) -> int | None:
    """The number that a word such as 其中 takes apart: the last before it, at most a few words away."""
    before = [i for i, item in enumerate(items) if item.end <= at]
    level = max(0, items[before[-1]].depth + _opens(text[items[before[-1]].end : at])) if before else 0
    for i in reversed(before):
        if items[i].depth > level:
            continue
        gap = text[items[i].unit_end : at]
        stops = list(_STOP.finditer(gap))
        if len(stops) > 1 or (stops and gap[stops[0].end() :].strip(" \n")) or len(gap) > 4 * _REACH:
            return None
        return i
    return None


def _build(scan: _Scan, opening: _Opening) -> Breakdown | None:
    """The breakdown that an opening begins: over the units that count alike, or over the total's own unit only."""
    wide = _read(scan, opening, own_unit=False)
    narrow = _read(scan, opening, own_unit=True)
    if narrow is not None and (wide is None or abs(narrow.sum - (narrow.total.value or 0)) < _SAME):
        return narrow
    return wide


def _read(scan: _Scan, opening: _Opening, own_unit: bool) -> Breakdown | None:
    text = scan.text
    limit = opening.end if opening.end is not None else _limit(text, opening.start, scan.end)
    parts, more, closed = _parts(text, scan.items, opening, limit, own_unit)
    if len(parts) < 2:
        return None
    owner = _fitting_owner(text, scan.items, opening, parts)
    if owner is None:
        return None
    end = parts[-1].unit_end
    tail = text[end : end + 4].lstrip(" ")
    head = text[opening.at : parts[0].start]
    listed = tail.startswith(words("breakdowns", "open_after")) or any(
        w in head for w in words("breakdowns", "open_before")
    )
    bracket = opening.end is not None and not opening.named
    named = tail.startswith(words("breakdowns", "closed_by"))
    shares = _shares(scan, parts, limit)
    whole = bool(shares) and abs(sum(shares) - 100) < _WHOLE
    return Breakdown(
        scan.items[owner].claim,
        tuple(p.claim for p in parts),
        (closed or bracket or named or whole) and not listed,
        bool(shares) or _parallel(text, parts, opening.start),
        _clean(text, opening.start, end, scan.known),
        any(w in text[opening.start : end] for w in words("breakdowns", "overlap")),
        tuple(scan.items[i].claim for i in range(max(0, owner - 3), owner)),
        tuple(m.claim for m in more),
    )


def _shares(scan: _Scan, parts: list[_Item], limit: int) -> list[float]:
    """The per cent behind each part; none unless every part has one: only parts of one whole are all told so."""
    ends = [*(p.start for p in parts[1:]), min(limit, parts[-1].unit_end + _REACH)]
    found = [
        next((v for at, v in scan.shares if p.unit_end <= at < end), None) for p, end in zip(parts, ends, strict=True)
    ]
    return [v for v in found if v is not None] if None not in found else []


def _limit(text: str, start: int, end: int) -> int:
    stop = _STOP.search(text, start, end)
    return stop.start() if stop else end


def _parts(
    text: str, items: list[_Item], opening: _Opening, limit: int, own_unit: bool
) -> tuple[list[_Item], list[_Item], bool]:
    """The parts, those that stand behind a semicolon, and whether the last is 其他 or 其余."""
    candidates = [i for i in items if opening.start <= i.start < limit]
    if not candidates:
        return [], [], False
    level = min(i.depth for i in candidates[:1])
    parts: list[_Item] = []
    more: list[_Item] = []
    closed, at, semicolons = False, opening.start, False
    for item in candidates:
        gap = _NESTED.sub("", text[at : item.start])
        if item.depth > level:
            continue
        if item.depth < level or any(w in gap for w in words("breakdowns", "breaks")) or closed:
            break
        first = parts[0] if parts else None
        if first and not _counts_alike(first.claim.unit, item.claim.unit, own_unit):
            continue
        if _turns(parts, item):
            break
        if len(parts) == 1:
            semicolons = bool(re.search(r"[;；]", gap))
        if more or (len(parts) > 1 and not semicolons and re.search(r"[;；]", gap)):
            more.append(item)
        else:
            parts.append(item)
            closed = _is_rest(gap, item.claim)
        at = item.unit_end
    return parts, more, closed


def _turns(parts: list[_Item], item: _Item) -> bool:
    """Whether the list turns to another matter: 自然人 …, 法人 …; 予以公开 …"""
    here = family(item.claim.concepts)
    before = [f for p in parts if (f := family(p.claim.concepts))]
    return bool(parts) and here is not None and here != (before[0] if before else None)


def _is_rest(gap: str, claim: Claim) -> bool:
    """其余 …, 其他信息 …; but not 其他法律禁止公开 … and the like, which are quantities of the tables."""
    label = _PUNCTUATION.split(gap)[-1].lstrip("的") or gap[-8:]
    if claim.concepts and label.startswith(("其他", "其它")):
        return False
    return label.startswith(words("breakdowns", "closers")) and not label.startswith(words("breakdowns", "not_closers"))


def _counts_alike(one: str, other: str, own_unit: bool) -> bool:
    return one == other if own_unit else _alike(one, other)


@lru_cache(maxsize=512)
def _alike(one: str, other: str) -> bool:
    groups: list[list[str]] = lexicon("amounts")["alike"]
    return one == other or not one or not other or any(one in g and other in g for g in groups)


def _fitting_owner(text: str, items: list[_Item], opening: _Opening, parts: list[_Item]) -> int | None:
    """The total that the parts can be of: by concept, else the nearest that counts the same and is large enough."""
    concept = family(parts[0].claim.concepts)
    meant = lexicon("breakdowns")["totals"].get(concept, ()) if concept else ()
    largest = max(p.claim.value or 0 for p in parts)
    for i in range(opening.owner, max(-1, opening.owner - 4), -1):
        if _STOP.search(text[items[i].unit_end : opening.at].rstrip(" \n。")):
            break
        claim = items[i].claim
        if items[i].depth > items[opening.owner].depth or not _alike(claim.unit, parts[0].claim.unit):
            continue
        if claim.concepts and concept and claim.concepts[0] not in meant:
            continue
        if (claim.value or 0) >= largest or (concept and claim.concepts and claim.concepts[0] in meant):
            return i
        if opening.end is not None:
            break
    return opening.owner if _plainly_owned(text, items[opening.owner], opening, parts) else None


def _plainly_owned(text: str, owner: _Item, opening: _Opening, parts: list[_Item]) -> bool:
    """A total smaller than one of its parts is believed only where the list follows at once, in the same unit."""
    if text[owner.unit_end : opening.at].strip(" \n,，。（(：:") or not owner.claim.unit:
        return False
    return all(p.claim.unit == owner.claim.unit for p in parts) and not any(x.claim.concepts for x in (owner, *parts))


def _parallel(text: str, parts: list[_Item], start: int) -> bool:
    """Whether the parts' labels end in the same two characters (市政府文件 …, 办公室文件 …)."""
    labels: list[str] = []
    at = start
    for part in parts:
        labels.append(_PUNCTUATION.split(text[at : part.start].rstrip(" \n"))[-1])
        at = part.unit_end
    return all(len(x) >= 2 for x in labels) and len({x[-2:] for x in labels}) == 1


def _clean(text: str, start: int, end: int, known: list[tuple[int, int]]) -> bool:
    """Whether every number of the list was read as a claim; years, dates and percentages count for none."""
    for digits in _DIGITS.finditer(text, start, end):
        if _DATED.match(text, digits.end()) or any(a <= digits.start() < b for a, b in known):
            continue
        return False
    return True
