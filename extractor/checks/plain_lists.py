"""Totals that prose takes apart without saying so: “收到申请 5 件，网上 3 件、信函 2 件”.

Such a list is known by its labels alone: each has a word of one group of the lexicon (ways of applying, attributes of
documents, kinds), and no opening word is needed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from extractor.checks.parts import STOP, Item, alike, is_rest, labels_of
from extractor.lexicon import lexicon

_FOLLOWS = re.compile(r"\s?[,，]")
_NESTED = re.compile(r"[（(][^（）()]*[）)]")
_TOTAL_BEHIND = re.compile(r"[,，、;；]\s?(?:合\s?计|总\s?计|共\s?计|总\s?共|共|两项相加)")
ENUMERATED = re.compile(r"[一二三四五六七八九]是")
_LONGEST = 40  # parts; so that endless lists take linear time
_GAP = 24  # characters between two numbers of a list


def plain_lists(text: str, items: Sequence[Item], owned: Collection[int]) -> Iterator[tuple[int, list[Item], bool]]:
    """(index of the total, its parts, whether the parts are all) of each such list, in text order.

    ``owned``: indices of totals that an opening word takes apart already.
    """
    for i, total in enumerate(items):
        if i in owned or not _FOLLOWS.match(text, total.unit_end):
            continue
        before = text[max(0, total.start - 8) : total.start]
        if "?" in before or any(w in before for w in lexicon("breakdowns")["not_totals"]):
            continue  # a garbled label may be that of a part
        run = list(islice(_run(text, items, i), _LONGEST))
        label = labels_of(text, [total], max(0, total.start - _GAP))[0]
        for group in lexicon("breakdowns")["plain_lists"].values():
            if any(w in label for w in group["words"]) or not _named(label, group["owner"]):
                continue
            parts, closed = _of_group(text, total, run, group)
            if len(parts) > 1 and not _TOTAL_BEHIND.match(text, parts[-1].unit_end):
                yield i, parts, closed
                break


def disjoint(labels: Sequence[str]) -> bool:
    """Whether all labels are of one group, so that nothing is counted under two of them."""
    groups = lexicon("breakdowns")["plain_lists"].values()
    return any(all(any(w in label for w in group["words"]) for label in labels) for group in groups)


def _named(label: str, owner: Sequence[str]) -> bool:
    return not owner or any(w in label for w in owner)


def _run(text: str, items: Sequence[Item], i: int) -> Iterator[Item]:
    """The numbers that follow a total closely, at its depth of brackets, counting alike, parted by one sign."""
    at = items[i].unit_end
    sign = ""
    for item in items[i + 1 : i + 1 + 2 * _LONGEST]:
        gap = _NESTED.sub("", text[at : min(item.start, at + 4 * _GAP)])
        if item.depth > items[i].depth:
            continue
        if item.start - at >= 4 * _GAP or len(gap) > _GAP or STOP.search(gap) or item.depth < items[i].depth:
            return
        if not alike(items[i].claim.unit, item.claim.unit) or ENUMERATED.search(gap) or ":" in gap:
            return
        if at > items[i].unit_end:
            if sign and gap.lstrip()[:1] != sign:
                return
            sign = gap.lstrip()[:1]
        yield item
        at = item.unit_end


def _of_group(text: str, total: Item, run: Sequence[Item], group: dict[str, list[str]]) -> tuple[list[Item], bool]:
    labels = labels_of(text, list(run), total.unit_end)
    parts: list[Item] = []
    told: set[str] = set()
    for item, label in zip(run, labels, strict=True):
        found = [w for w in group["words"] if w in label]
        if not found and not (parts and is_rest(label, item.claim)):
            break
        parts.append(item)
        told.add(max(found, key=len) if found else "")
    return parts, "" in told or (bool(group["whole"]) and told >= set(group["whole"]))
