"""Titles of reports: the forms they take, and how pages print them (split, doubled, with a space inside)."""

from __future__ import annotations

import random
from dataclasses import dataclass

from models.synthesis.facts import Facts
from models.synthesis.markup import Marked

# {b}: the issuer; {y}: the year. A bar is where the printed title may be split.
_FORMS = (
    (44, "{b}|{y}年政府信息公开工作|年度报告"),
    (9, "{b}|{y}年度政府信息公开工作|年度报告"),
    (8, "{b}|{y}年政府信息公开|年度报告"),
    (4, "{b}|{y}年政府信息公开工作报告"),
    (3, "{b}|{y}年度政府信息公开|工作报告"),
    (4, "{b}|{y}年政府信息公开年报"),
    (2, "{b}|{y}年信息公开年报"),
    (3, "{b}|关于{y}年度政府信息公开情况的|报告"),
    (3, "{b}|关于{y}年政府信息公开工作情况的|报告"),
    (4, "{b}|政府信息公开工作|{y}年度报告"),
    (9, "{y}年|{b}|政府信息公开工作年度报告"),
    (3, "{y}年度|{b}|政府信息公开工作年度报告"),
    (3, "{b}政府信息公开工作年度报告|（{y}年度）"),
    (2, "{b}政府信息公开工作年度报告|—{y}"),
    (2, "{b}政府信息公开工作年度报告|({y}年)"),
)


@dataclass(frozen=True, slots=True)
class Title:
    """One report's title: the pieces it can be split into, the issuer and the year in it."""

    pieces: tuple[str, ...]
    issuer: str
    year: int

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def line(self, suffix: str = "", block: bool = False) -> Marked:
        """The title on one line, with what the site appends to it."""
        out = self._marked([self.text])
        out.add(suffix)
        if block:
            out.mark(0, len(out.text), "block", type="title")
        return out

    def print(self, rng: random.Random, sep: str) -> Marked:
        """The title as a page's headline: on one line mostly, split over lines, or with a space inside."""
        shape = rng.choices(("line", "split", "torn", "space"), (70, 14, 9, 7))[0]
        if shape == "line":
            return self._lines([self.text], sep)
        if shape == "split":
            return self._lines(_merge(rng, self.pieces), sep)
        cut = rng.randint(len(self.text) // 2, len(self.text) - 3)
        while self.text[cut - 1].isdigit() and self.text[cut].isdigit():
            cut -= 1  # a year stays whole
        parts = [self.text[:cut], self.text[cut:]]
        if shape == "torn":
            return self._lines(parts, sep)
        at = rng.choice((len(self.pieces[0]), cut))
        return self._lines([self.text[:at], self.text[at:]], " ")

    def _lines(self, parts: list[str], sep: str) -> Marked:
        out = self._marked(parts, sep)
        at = 0
        for part in parts:
            out.mark(at, at + len(part), "block", type="title")
            at += len(part) + len(sep)
        return out

    def _marked(self, parts: list[str], sep: str = "") -> Marked:
        text = sep.join(parts)
        out = Marked().add(text, "title")
        place = [i for i, c in enumerate(text) if not c.isspace()]
        solid = "".join(text[i] for i in place)
        for kind, part in (("issuer", self.issuer), ("year", str(self.year))):
            at = solid.find(part)
            out.mark(place[at], place[at + len(part) - 1] + 1, kind, value=part)
        return out


def _merge(rng: random.Random, pieces: tuple[str, ...]) -> list[str]:
    """Two or three lines out of the pieces."""
    parts = list(pieces)
    while len(parts) > 3 or (len(parts) == 3 and rng.random() < 0.7):
        at = rng.randrange(len(parts) - 1)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts


def draw_title(rng: random.Random, facts: Facts) -> Title:
    """A title in one of the forms met on reports."""
    form = rng.choices([f for _, f in _FORMS], [w for w, _ in _FORMS])[0]
    pieces = tuple(p.format(b=facts.issuer, y=facts.year) for p in form.split("|"))
    return Title(pieces, facts.issuer, facts.year)
