"""Totals that prose takes apart: “共 N 条，其中 a 条、b 条，其他 c 条”, “N 件（网上 a 件，信函 b 件）”.

Only the structure is found here; whether the parts must add up is for the checks to say. Numbers in nested brackets
belong to the part before them; ratios and differences are no parts; a list ends with its sentence, at a semicolon
(unless semicolons part it), at a second 其中, or where the concepts of the claims turn to another matter.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from extractor.checks.openings import COLON, OPENER, REACH, Opening, openings, skip_colon
from extractor.checks.parts import (
    STOP,
    Item,
    alike,
    clean,
    count_alike,
    family,
    is_rest,
    items_of,
    labels_of,
    parallel,
    turns,
)
from extractor.checks.plain_lists import ENUMERATED, disjoint, plain_lists
from extractor.checks.wording import Page
from extractor.document import Claim, Document
from extractor.lexicon import lexicon, words

_SENTENCE = 3000  # characters; beyond them nothing is a part, so that endless text takes linear time
_BEHIND = re.compile(
    r"[,，、;；]\s?(?:全年|以上|各项|两项|三项|前后)?(?:相加|合\s?计|总\s?计|共\s?计|总\s?共|共)(?:达|为|有)?\s?$"
)
_SAME = 1e-6
_WHOLE = 1.5  # per cent by which rounded shares may miss 100
_SENTENCE_END = re.compile(r"[。！？!?：:]")
_NAME = re.compile(r"[\u4e00-\u9fff]{2,10}")
_NOUN = re.compile(r"[\u4e00-\u9fff]{0,8}[\s,，。（(：:]*")
_NESTED = re.compile(r"[（(][^（）()]*[）)]")


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A total and the parts that follow it.

    ``closed``: the wording says that the parts are all (其他 …, a bracket). ``parallel``: the parts' labels end alike.
    ``clean``: every number of the list is one of the claims. ``others``: totals that may be meant in its place.
    ``more``: parts behind a semicolon that may belong to it. ``overlapping``: wording by which parts may overlap.
    ``disjoint``: the parts' labels are of one kind, so that nothing is counted twice.
    ``owned``: the list follows its total at once and no other total is near, so that even a smaller one is its own.
    """

    total: Claim
    parts: tuple[Claim, ...]
    closed: bool
    parallel: bool
    clean: bool
    overlapping: bool
    others: tuple[Claim, ...] = ()
    more: tuple[Claim, ...] = ()
    owned: bool = False
    disjoint: bool = False

    @property
    def sum(self) -> float:
        return float(sum(p.value or 0 for p in self.parts))

    @property
    def claims(self) -> tuple[Claim, ...]:
        return (self.total, *self.parts)


@dataclass(frozen=True, slots=True)
class _Scan:
    """A stretch of prose: its number claims, where it ends, the places of all claims, the shares (place, per cent)."""

    text: str
    items: list[Item]
    end: int
    known: list[tuple[int, int]]
    shares: list[tuple[int, float]]


def find_breakdowns(document: Document, page: Page) -> tuple[Breakdown, ...]:
    """Every total with at least two parts, in text order."""
    out: list[Breakdown] = []
    for prose in document.prose:
        edges = (prose.span.start, prose.span.end)
        first, last = (bisect_left(document.claims, edge, key=lambda c: c.span.start) for edge in edges)
        here = document.claims[first:last]
        inside = [c for c in here if c.kind in ("count", "money") and c.value is not None]
        if len(inside) < 3:
            continue
        a, b = page.index(prose.span.start), page.index(prose.span.end)
        items = items_of(page, inside, a)
        others = [c for c in here if c.kind != "zero"]
        known = [(page.index(c.span.start), page.index(c.span.end)) for c in others]
        shares = [(page.index(c.span.start), c.value or 0.0) for c in others if c.kind == "ratio" and c.unit == "%"]
        scan = _Scan(page.text, items, b, known, shares)
        built = [_build(scan, opening) for opening in openings(page.text, items, a, b)]
        out += [found for found in built if found is not None]
        out += totals_behind(page.text, items, known)
        taken = {id(c) for b in out for c in b.claims}
        owned = {i for i, item in enumerate(items) if id(item.claim) in taken}
        out += [_plain(scan, *found) for found in plain_lists(page.text, items, owned)]
    return tuple(out)


def _plain(scan: _Scan, owner: int, parts: list[Item], closed: bool) -> Breakdown:
    """The breakdown of a list without an opening word."""
    total = scan.items[owner]
    shares = _shares(scan, parts, scan.end)
    whole = closed or (bool(shares) and abs(sum(shares) - 100) < _WHOLE)
    plain = clean(scan.text, total.unit_end, parts[-1].unit_end, scan.known)
    others = tuple(scan.items[i].claim for i in range(max(0, owner - 3), owner))
    exact = all(p.claim.unit == total.claim.unit for p in parts) and bool(total.claim.unit)
    owned = exact and not _outgrown(scan, owner, max(p.claim.value or 0 for p in parts))
    return Breakdown(total.claim, tuple(p.claim for p in parts), whole, True, plain, False, others, (), owned, True)


def _outgrown(scan: _Scan, owner: int, largest: float) -> bool:
    """Whether a total as large as the largest part stands before this one in the same sentence."""
    for item in reversed(scan.items[max(0, owner - 3) : owner]):
        if STOP.search(scan.text[item.unit_end : scan.items[owner].start]):
            return False
        if (item.claim.value or 0) >= largest:
            return True
    return False


def _build(scan: _Scan, opening: Opening) -> Breakdown | None:
    """The breakdown that an opening begins: over the units that count alike, or over the total's own unit only."""
    wide = _read(scan, opening, own_unit=False)
    narrow = _read(scan, opening, own_unit=True)
    if narrow is not None and (wide is None or abs(narrow.sum - (narrow.total.value or 0)) < _SAME):
        return narrow
    return wide


def _read(scan: _Scan, opening: Opening, own_unit: bool) -> Breakdown | None:
    text = scan.text
    limit = opening.end if opening.end is not None else _limit(text, opening.start, scan.end)
    parts, more, closed, skipped = _parts(text, scan.items, opening, limit, own_unit)
    if len(parts) < 2:
        return None
    owner = _fitting_owner(text, scan.items, opening, parts)
    if owner is None:
        return None
    end = parts[-1].unit_end
    tail = text[end : end + 4].lstrip(" ")
    some = any(w in text[opening.start : parts[0].start] for w in words("breakdowns", "open_before"))
    listed = tail.startswith(words("breakdowns", "open_after"))
    bracket = opening.end is not None and not opening.named
    named = tail.startswith(words("breakdowns", "closed_by"))
    shares = _shares(scan, parts, limit)
    whole = bool(shares) and abs(sum(shares) - 100) < _WHOLE
    alone = disjoint(labels_of(text, parts, opening.start))
    others = tuple(scan.items[i].claim for i in range(max(0, owner - 3), owner))
    largest = max(p.claim.value or 0 for p in parts)
    return Breakdown(
        scan.items[owner].claim,
        tuple(p.claim for p in parts),
        (closed or bracket or named or whole) and not (some or listed),
        bool(shares) or alone or parallel(text, parts, opening.start),
        not skipped and clean(text, opening.start, end, scan.known),
        any(w in text[opening.start : end] for w in words("breakdowns", "overlap")),
        others,
        tuple(m.claim for m in more),
        _plainly_owned(text, scan.items[owner], opening, parts) and not _outgrown(scan, owner, largest),
        bool(shares) or alone,
    )


def _shares(scan: _Scan, parts: list[Item], limit: int) -> list[float]:
    """The per cent behind each part; none unless every part has one: only parts of one whole are all told so."""
    ends = [*(p.start for p in parts[1:]), min(limit, parts[-1].unit_end + REACH)]
    found = [
        next((v for at, v in scan.shares if p.unit_end <= at < end), None) for p, end in zip(parts, ends, strict=True)
    ]
    return [v for v in found if v is not None] if None not in found else []


def _limit(text: str, start: int, end: int) -> int:
    end = min(end, start + _SENTENCE)
    stop = STOP.search(text, start, end)
    return stop.start() if stop else end


def _parts(
    text: str, items: list[Item], opening: Opening, limit: int, own_unit: bool
) -> tuple[list[Item], list[Item], bool, bool]:
    """The parts, those behind a semicolon, whether the last is 其他 or 其余, whether another unit stands between."""
    low, high = (bisect_left(items, place, key=lambda item: item.start) for place in (opening.start, limit))
    candidates = items[low:high]
    if not candidates:
        return [], [], False, False
    level = min(i.depth for i in candidates[:1])
    parts: list[Item] = []
    more: list[Item] = []
    closed, at, semicolons, skipped, passed = False, opening.start, False, False, False
    for item in candidates:
        gap = _NESTED.sub("", text[at : item.start])
        if item.depth > level:
            continue
        if (
            item.depth < level
            or any(w in gap for w in words("breakdowns", "breaks"))
            or closed
            or ENUMERATED.search(gap)
        ):
            break
        first = parts[0] if parts else None
        if first and not count_alike(first.claim.unit, item.claim.unit, own_unit):
            passed = True
            continue
        if turns(parts, item):
            break
        if parts and _begins_list(text, item):
            more.append(item)  # a total of its own: of this list, or the first of another matter
            break
        if len(parts) == 1:
            semicolons = bool(re.search(r"[;；]", gap))
        if more or (len(parts) > 1 and not semicolons and _parted(gap)):
            more.append(item)
        else:
            parts.append(item)
            skipped = passed
        closed = is_rest(gap, item.claim)
        if closed:
            parts, more = [*parts, *more], []
        at = item.unit_end
    return parts, more, closed, skipped


def _parted(gap: str) -> bool:
    """Whether a semicolon parts two numbers, and more than a name stands behind it: “；鹭岗区 82 条” goes on."""
    *before, label = re.split(r"[;；]", gap)
    if not before:
        return False
    return not _NAME.fullmatch(label.strip()) or any(w in label for w in words("breakdowns", "verbs"))


def _breaks(gap: str) -> bool:
    """Whether the words between two numbers turn to another matter: 其中, 合计, 二是 …"""
    return any(w in gap for w in words("breakdowns", "breaks")) or bool(ENUMERATED.search(gap))


def _begins_list(text: str, item: Item) -> bool:
    """Whether a number is followed at once by a list of its own parts."""
    return bool(COLON.match(text, item.unit_end) or OPENER.match(text, skip_colon(text, item.unit_end)))


def _fitting_owner(text: str, items: list[Item], opening: Opening, parts: list[Item]) -> int | None:
    """The total that the parts can be of: by concept, else the nearest that counts the same and is large enough."""
    concept = family(parts[0].claim.concepts)
    meant = lexicon("breakdowns")["totals"].get(concept, ()) if concept else ()
    largest = max(p.claim.value or 0 for p in parts)
    for i in range(opening.owner, max(-1, opening.owner - 4), -1):
        if STOP.search(text[items[i].unit_end : opening.at].rstrip(" \n。")):
            break
        claim = items[i].claim
        if items[i].depth > items[opening.owner].depth or not alike(claim.unit, parts[0].claim.unit):
            continue
        if claim.concepts and concept and claim.concepts[0] not in meant:
            continue
        if (claim.value or 0) >= largest or (concept and claim.concepts and claim.concepts[0] in meant):
            return i
        if opening.end is not None or opening.at == items[opening.owner].unit_end:
            break
    return opening.owner if _plainly_owned(text, items[opening.owner], opening, parts) else None


def _plainly_owned(text: str, owner: Item, opening: Opening, parts: list[Item]) -> bool:
    """A total smaller than one of its parts is believed only where the list follows at once, in the same unit."""
    if not _NOUN.fullmatch(text, owner.unit_end, max(opening.at, owner.unit_end)) or not owner.claim.unit:
        return False
    if any(p.claim.unit != owner.claim.unit or p.claim.concepts for p in parts):
        return False
    return not owner.claim.concepts or disjoint(labels_of(text, parts, opening.start))


def totals_behind(text: str, items: list[Item], known: list[tuple[int, int]]) -> list[Breakdown]:
    """Totals that follow their parts: a 条，b 条，合计 c 条. The parts are the numbers of the sentence before it."""
    out: list[Breakdown] = []
    for i, total in enumerate(items):
        if not _BEHIND.search(text[max(0, total.start - 10) : total.start]):
            continue
        first = i
        while first > 0 and _goes_on(text, items[first - 1], items[first]):
            first -= 1
        parts = items[first:i]
        if len(parts) < 2:
            continue
        value = total.claim.value or 0
        whole = disjoint(labels_of(text, parts, max(0, parts[0].start - REACH)))
        tails = () if whole else (parts[k:] for k in range(len(parts) - 1))
        parts = next((x for x in tails if abs(sum(p.claim.value or 0 for p in x) - value) < _SAME), parts)
        alone = first == 0 or _begins_anew(text, items[first - 1], items[first])
        much = sum(p.claim.value or 0 for p in parts) > value  # what stands before them would only add to that
        other_unit = first > 0 and not alike(items[first - 1].claim.unit, items[first].claim.unit)
        plain = (alone or (much and other_unit)) and clean(text, parts[0].start, total.start, known)
        exact = alone and all(p.claim.unit == total.claim.unit for p in parts)
        out.append(Breakdown(total.claim, tuple(p.claim for p in parts), True, True, plain, False, owned=exact))
    return out


def _begins_anew(text: str, one: Item, other: Item) -> bool:
    """Whether a list of parts can begin between two numbers: behind a sentence or a colon."""
    gap = text[one.unit_end : other.start]
    if "\n" in gap and not _SENTENCE_END.search(gap):
        return False  # a broken line may have parted the list
    return bool(STOP.search(gap)) or ":" in gap


def _goes_on(text: str, one: Item, other: Item) -> bool:
    """Whether two numbers stand in one sentence, at one depth of brackets, with one measure word."""
    same = one.depth == other.depth and one.claim.unit == other.claim.unit
    return same and not STOP.search(text[one.unit_end : other.start])
