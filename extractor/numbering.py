"""Heading numbers: 一、 → level 1, （一） → 2, 1. or 1、 → 3, (1) or ① → 4 (contract: levels by numbering)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HAN = "一二三四五六七八九十"
_FORMS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (2, re.compile(rf"[(（〔【]\s?([{_HAN}]{{1,3}})\s?[)）〕】]\s?[、.．]?\s?")),
    (2, re.compile(rf"([{_HAN}]{{1,3}})[)）]\s?[、.．]?\s?")),
    (4, re.compile(r"[(（]\s?(\d{1,2})\s?[)）]\s?[、.．]?\s?")),
    (4, re.compile(r"([①-⑳])\s?[、.．]?\s?")),
    (1, re.compile(rf"([{_HAN}]{{1,3}})\s?[、.．,，:]\s?|([{_HAN}]{{1,3}}) ")),
    (4, re.compile(r"(\d{1,2})[)）]\s?[、.．]?\s?")),
    (3, re.compile(r"(\d{1,2})\s?[、.．](?:\d{1,2}[、.．])?(?:(?!\d)|(?=20\d\d))\s?")),
)

_OPENS = re.compile(rf"[(（〔【{_HAN}①-⑳\d]")  # what every form begins with: most texts need no more than this


@dataclass(frozen=True, slots=True)
class Numbering:
    """``length`` characters of numbering at the start of a heading; ``ordinal`` as printed, without brackets."""

    level: int
    ordinal: str
    length: int


def numbering(text: str) -> Numbering | None:
    """The numbering that opens ``text`` (normalised: half-width brackets and digits), or None.

    A doubled numeral, as in ``(二)(一)主动公开``, counts with its first part's level and both parts' length.
    """
    first = _one(text)
    if first is None:
        return None
    second = _one(text[first.length :])
    if second is not None and second.level == first.level:
        return Numbering(first.level, first.ordinal, first.length + second.length)
    return first


def _one(text: str) -> Numbering | None:
    if not _OPENS.match(text):
        return None
    for level, form in _FORMS:
        if m := form.match(text):
            ordinal = next(g for g in m.groups() if g)
            return Numbering(level, ordinal, m.end())
    return None
