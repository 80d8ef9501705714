"""What stands around a number: its measure word, what 余, 近 or 约 make of it, the clause it stands in, damage.

All of it is read on the normalised text (simplified script, ASCII digits), whose places are those of the text given.
"""

from __future__ import annotations

import bisect
import math
import re
from dataclasses import dataclass
from functools import lru_cache

from extractor.document import Claim, Span
from extractor.lexicon import lexicon, words
from models.text import View, normalise

NUMBER = re.compile(r"[0-9]{1,3}(?:[,，][0-9]{3})+(?![0-9])(?:[.][0-9]+)?|[0-9]+(?:[.][0-9]+)?")
CHINESE_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千万亿]+")
_SCALE = re.compile(r"\s?(?:万亿|[万亿](?!元)|百(?!姓)|千(?![元瓦米克]))")
_CLAUSE_STOP = re.compile(r"[,，。！？!?()（）\n]|(?<!&nbsp)[;；]")
ITEM_STOPS = "，,；;。、()（）：:\n"
ITEM_STOP = re.compile(f"[{re.escape(ITEM_STOPS)}]")
_ITEM = 60  # characters; what stands farther back is not of the number
_SHORT_CLAUSE = re.compile(r"[,，;；:：。！？!?()（）\n](?P<words>[^,，;；:：。！？!?()（）\n件条宗份次]{1,10}[,，])$")
# A line break in a sentence of hard-wrapped text: behind a long line that no sign ends, before no numeral.
_WRAP = re.compile(
    r"(?<=[^\n|\t]{18})(?<![,，;；。！？!?:：|\s])[ ]?\n"
    r"(?![\n\s|]|[(（]?(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})[)）、.．]|[0-9]{1,3}\s?\n)"
)
_LOST_DATE = re.compile(r"(?:19|20)[0-9]{3,4}(?=[月日])|〔20[0-9]{4,}|(?<![0-9.])[01]?[0-9][0-3][0-9]日")
# 公开信息条，: but 依申请公开件 and 申请件 are nouns
_LOST_NUMBER = re.compile(r"(?:(?:信息|文件|发布|共|解读)(?:条|件|份|篇)|(?:申请|公开)(?:条|份|篇))(?=[,，、。;；)）])")
_GLUED_YEAR = re.compile(r"20[0-3][0-9]{2,}")
_GARBLE = re.compile("[\ufffd⠂⠼]|[?]。|(?<=[0-9])[?]|[?](?=[0-9])|/[a-z]{1,10}>")


NEAR = 400


@dataclass(frozen=True, slots=True)
class Page:
    """The normalised text of a document, a line break within a sentence being a space.

    ``index`` takes a place of the text given to one of the page.
    """

    view: View

    @property
    def text(self) -> str:
        return self.view.text

    def index(self, offset: int) -> int:
        """Where the character at this place of the text given stands on the page (or the next that is there)."""
        offsets = self.view.offsets
        if offset < len(offsets) and offsets[offset] == offset:
            return offset
        return bisect.bisect_left(offsets, offset)

    def span(self, start: int, end: int) -> Span:
        return Span(*self.view.span(start, end))

    def between(self, start: int, end: int) -> str:
        """The page's text between two places of the text given."""
        return self.text[self.index(start) : self.index(end)]

    def near(self, stretch: Span, place: Span) -> str:
        """The stretch without white space, no further than ``NEAR`` characters from a place in it (prose may have
        sentences without end)."""
        start, end = self.index(place.start) - NEAR, self.index(place.end) + NEAR
        return "".join(self.text[max(start, self.index(stretch.start)) : min(end, self.index(stretch.end))].split())


@lru_cache(maxsize=4)
def page(text: str) -> Page:
    """The page of a text; kept for the stages that read the same report one after another."""
    view = normalise(text)
    return Page(View(_WRAP.sub(lambda m: " " * len(m[0]), view.text), view.offsets))


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an approximate wording allows, both ends included."""

    low: float
    high: float

    def hold(self, value: float) -> bool:
        return self.low <= value <= self.high


def find_number(text: str, start: int, end: int, alone: bool = True) -> tuple[int, int] | None:
    """The whole number (with 万 or 亿) that overlaps ``[start, end)`` most; None where no number stands there.

    Not ``alone``: another marked number touches this one (11835 for 118 and 35), so that it is not widened.
    """
    low, high = (max(0, start - 14), min(len(text), end + 14)) if alone else (start, end)
    for pattern in (NUMBER, CHINESE_NUMBER):
        best: tuple[int, tuple[int, int]] | None = None
        for match in pattern.finditer(text, low, high):
            shared = min(match.end(), end) - max(match.start(), start)
            if shared > 0 and (best is None or shared > best[0]):
                best = (shared, match.span())
        if best:
            a, b = best[1]
            if text[a - 1 : a].isascii() and text[a - 1 : a].isalpha():
                a = max(a, min(start, b - 1))  # H5 and 6: a digit that belongs to a name is glued on
            scale = _SCALE.match(text, b) if pattern is NUMBER else None
            return a, scale.end() if scale else b
    return None


def unit_after(text: str, at: int) -> tuple[str, int]:
    """The measure word behind a number, past spaces and approximations, and where it ends; "" where it is lost."""
    found = _behind().match(text, at)
    return (found["unit"] or "", found.end()) if found else ("", at)


@lru_cache(maxsize=1)
def _behind() -> re.Pattern[str]:
    """Spaces, an approximation, spaces, a measure word: each may be missing; longer words are tried first."""
    after = "|".join(map(re.escape, _after()))
    units = "|".join(map(re.escape, words("amounts", "units")))
    none = "|".join(map(re.escape, words("amounts", "not_units")))
    return re.compile(rf"[ \n\r\t]*(?:{after})?[ \n\r\t]*(?:(?!{none})(?P<unit>{units}))?")


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \n\r\t":
        at += 1
    return at


@lru_cache(maxsize=1)
def _after() -> tuple[str, ...]:
    return tuple(sorted(lexicon("amounts")["after"], key=lambda w: -len(w)))


@lru_cache(maxsize=1)
def _before() -> tuple[str, ...]:
    return tuple(sorted(lexicon("amounts")["before"], key=lambda w: -len(w)))


def approximation(text: str, start: int, end: int) -> str | None:
    """How the wording around ``[start, end)`` bounds the number: step, nearly, about, over, at_least, at_most."""
    data = lexicon("amounts")
    at = _skip(text, end)
    for word in _after():
        if text.startswith(word, at) and (word == "余" or len(word) > 1 or unit_after(text, end)[0]):
            return str(data["after"][word])
    unit, unit_end = unit_after(text, end)
    for word in ("左右", "上下", "以上", "以下", "以内", "之多"):
        if unit and text.startswith(word, unit_end):
            return str(data["after"][word])
    head = text[max(0, start - 6) : start].rstrip(" \n达到有共")
    if head.endswith(tuple(data["not_before"])):
        return None
    return next((str(data["before"][w]) for w in _before() if head.endswith(w)), None)


def step_of(surface: str, value: float) -> float:
    """The weight of the last printed digit that is not zero: 50 → 10, 2300 → 100, 1.7万 → 1000, 21 → 1."""
    scale = {"百": 100.0, "千": 1000.0, "万": 1e4, "亿": 1e8}.get(surface[-1:], 1.0)
    digits = surface.rstrip("百千万亿 \n").replace(",", "").replace("，", "")
    if "." in digits:
        return scale * 10.0 ** -len(digits.split(".", 1)[1])
    if not digits.isdigit():
        return max(1.0, 10.0 ** math.floor(math.log10(value))) if value >= 1 else 1.0
    return scale * 10.0 ** (len(digits) - len(digits.rstrip("0"))) if int(digits) else scale


def bounds(kind: str | None, surface: str, value: float) -> Bounds:
    """The figures that an approximate wording holds for. An approximation of unknown kind is taken widely."""
    if kind == "step":
        return Bounds(value, value + step_of(surface, value) - (1 if value >= 1 else 0) + 1e-9)
    if kind == "nearly":
        return Bounds(value * 0.8, value)
    if kind == "about":
        return Bounds(value * 0.9, value * 1.1)
    if kind in ("over", "at_least"):
        return Bounds(value, math.inf)
    if kind == "at_most":
        return Bounds(-math.inf, value)
    return Bounds(value * 0.8, value * 1.25)


def rounding(surface: str, value: float) -> float:
    """How far a table's figure may lie from a number that is printed rounded: half its last digit, 0 for plain ones."""
    shortened = surface[-1:] in "万亿千百" and any(c.isdigit() for c in surface)
    return step_of(surface, value) / 2 + 1e-9 if shortened or "." in surface else 1e-6


def clause(page_: Page, claim: Claim, back: int = 40, ahead: int = 24) -> str:
    """The claim's own clause: back to the last stop, ahead to the next."""
    start, end = _clause_edges(page_, claim, back, ahead)
    return page_.text[start:end]


def wide_clause(page_: Page, claim: Claim) -> str:
    """The claim's own clause, with the one before it where that is short (“四季度，”)."""
    start, end = _clause_edges(page_, claim, 40, 24)
    short = _SHORT_CLAUSE.search(page_.text, max(0, start - 13), start)
    return page_.text[short.start("words") if short else start : end]


def _clause_edges(page_: Page, claim: Claim, back: int, ahead: int) -> tuple[int, int]:
    a, b = page_.index(claim.span.start), page_.index(claim.span.end)
    start = max(0, a - back)
    for stop in _CLAUSE_STOP.finditer(page_.text, start, a):
        start = stop.end()
    stop_behind = _CLAUSE_STOP.search(page_.text, b, b + ahead)
    return start, stop_behind.start() if stop_behind else min(b + ahead, len(page_.text))


def words_before(page_: Page, claim: Claim) -> str:
    """The words right before the number, back to the last stop (、 and brackets count), without white space."""
    at = page_.index(claim.span.start)
    start = max(page_.text.rfind(s, max(0, at - _ITEM), at) for s in ITEM_STOPS)
    return "".join(page_.text[max(start + 1, at - _ITEM) : at].split())


def lead(page_: Page, claim: Claim) -> str:
    """The sentence up to the claim, and its clause to the end."""
    return page_.between(claim.sentence.start, claim.span.start) + clause(page_, claim, back=0)


def damage(page_: Page, claim: Claim) -> str | None:
    """A sign near the claim that characters were lost: its name, or None.

    A number without measure word is none where a stop follows and nothing else in the report has lost its characters:
    some reports write “许可18，处罚3”.
    """
    a, b = page_.index(claim.sentence.start), page_.index(claim.sentence.end)
    sentence = page_.text[a:b]
    if claim.kind in ("count", "money") and not claim.unit:
        end = page_.index(claim.span.end)
        after = page_.text[end : end + 1]
        if after not in ("，", ",", "。", "；", ";", "、", "（", "(", "）", ")", "\n", "") or _loses_characters(
            page_.text
        ):
            return "unit_lost"
        if _GLUED_YEAR.fullmatch(page_.text, page_.index(claim.span.start), end):
            return "date_damaged"
    if garbled(sentence):
        return "garbled"
    start = page_.index(claim.span.start)
    if claim.kind == "count" and page_.text[start - 1 : start].isdigit():
        return "date_damaged"  # the end of a longer number, cut off
    if _LOST_DATE.search(sentence):
        return "date_damaged"
    if claim.kind != "zero" and _LOST_NUMBER.search(sentence):
        return "number_lost"
    return None


def garbled(text: str) -> bool:
    """Whether signs of garbling stand in a text, where characters may be lost."""
    return _GARBLE.search(text) is not None


@lru_cache(maxsize=4)
def _loses_characters(text: str) -> bool:
    return _LOST_DATE.search(text) is not None or _LOST_NUMBER.search(text) is not None


def quote(page_: Page, claim: Claim, size: int = 18) -> str:
    """A few words of the report around the claim, for messages."""
    if claim.kind == "zero":
        return page_.between(claim.span.start, claim.span.end).replace("\n", "")[:40]
    b = page_.index(claim.span.end)
    _, unit_end = unit_after(page_.text, b)
    head = page_.text[max(page_.index(claim.sentence.start), page_.index(claim.span.start) - size) : b]
    cut = max(
        (m.end() for m in re.finditer(r"[,，;；。\n]", head[: -max(1, b - page_.index(claim.span.start))])), default=0
    )
    return (head[cut:] + page_.text[b:unit_end]).replace("\n", "").strip()
