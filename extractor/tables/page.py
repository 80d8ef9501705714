"""A report as the table reader sees it: the normalised text, and its Chinese characters as one string."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from extractor.tables.labels import SYNONYMS
from models.text import View, normalise

BREAKS = "\n\r|\t"
FILLER = "\x02"
_HANZI = re.compile("[\u4e00-\u9fff]+")
_NUMBER_LINE = (
    r"[ \t|]*(?:[-—–][ ]{0,2}\d{1,3}[ ]{0,2}[-—–]|[Pp][.．]?[ ]?\d{1,3}|\d{1,3}[ ]?/[ ]?\d{1,3}[ ]?页?"
    r"|第[ ]?\d{1,3}[ ]?页[^\d|\n]{0,4}(?:\d{1,3}[ ]?页)?)[ \t|]*"
)
# with the break behind it, and with the free line that stands around it on both sides
_PAGE_NUMBER = re.compile(rf"(?:^|(?<=\n)){_NUMBER_LINE}(?:\n|$)")
_FREE_LINE = re.compile("(?<=\n\n)(\x02+)\n(?=[^\n])")


@dataclass(slots=True)
class Page:
    """``text`` is the normalised text of ``view``; ``hanzi[i]`` stands at ``text[at[i]]``.

    ``taken[i]`` is set where a label was recognised, so that shorter labels do not start inside it and residue can
    be told from labels. ``numbered``: several lines of it say by their form that they number pages.
    """

    view: View
    text: str
    hanzi: str
    at: list[int]
    taken: bytearray = field(default_factory=bytearray)
    numbered: bool = False

    def clip(self, i: int) -> int:
        """The place in ``text`` of the i-th Chinese character, or its end."""
        return self.at[i] if i < len(self.at) else len(self.text)

    def place(self, offset: int) -> int:
        """The place in ``text`` of an offset of the text as it was given."""
        return bisect_left(self.view.offsets, offset)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the text as it was given."""
        return self.view.span(start, end)

    def without(self, places: Iterable[tuple[int, int]]) -> Page:
        """The page with these lines of the text, each a page number on its own, filled in and no label taken."""
        body = list(self.text)
        for a, b in places:
            body[a:b] = FILLER * (b - a)
            if body[b : b + 1] == ["\n"]:
                body[b] = FILLER
        filled = _FREE_LINE.sub(lambda m: FILLER * len(m[0]), "".join(body))
        return Page(self.view, filled, self.hanzi, self.at, bytearray(len(self.at)), True)

    def residue(self, t0: int, t1: int) -> int:
        """How many Chinese characters of ``hanzi[t0:t1]`` belong to no label."""
        return (t1 - t0) - sum(self.taken[t0:t1]) if t1 > t0 else 0


def make_page(text: str) -> Page:
    """The page of a text as it was given. Page numbers on lines of their own are filled in."""
    view = normalise(text)
    if "\r\n" in view.text:
        view = _without_returns(view)
    body = view.text.replace("\r", "\n")
    body, numbers = _PAGE_NUMBER.subn(lambda m: FILLER * len(m[0]), body)
    body = _FREE_LINE.sub(lambda m: FILLER * len(m[0]), body)
    runs = [m.span() for m in _HANZI.finditer(body)]
    at = [i for a, b in runs for i in range(a, b)]
    hanzi = "".join([body[a:b] for a, b in runs])
    for other, own in SYNONYMS:
        hanzi = hanzi.replace(other, own)
    return Page(view, body, hanzi, at, bytearray(len(at)), numbers > 1)


def _without_returns(view: View) -> View:
    """The view with each break of two characters as one."""
    keep = [i for i, c in enumerate(view.text) if c != "\r" or view.text[i + 1 : i + 2] != "\n"]
    return View("".join([view.text[i] for i in keep]), tuple(view.offsets[i] for i in keep))
