"""Finds the labels of the forms on a page, and the stretches of text that are tables.

A label counts where a table could print it: at a cell's edge, between numbers, or against another label. The same
words in a sentence (“予以公开5件，”) or in a navigation list stand alone and make no table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from extractor.tables.labels import Word, characters, vocabulary
from extractor.tables.page import BREAKS, FILLER, Page

_SPACE = f" \u00a0\u3000{FILLER}"
_AFTER_OK = frozenset('0123456789+-−–—_/\\([<《"“?')
_BEFORE_OK = frozenset('0123456789-−–—_/\\)]>》"”?#*:')
_IN_PROSE = re.compile(
    r"[\s?]?\d[\d.,]*[\s?]?(?:(?:[件条宗份个项起次万余多][^\s|]?|)[,，。；;](?!\d)|[件条宗份个项起次][、)）])|\s?\d{4}年"
)
_NUMBERS = frozenset("0123456789.,+-/—| \t")
_LAST = re.compile(r"[ \t][+\-]?\d[\d.,]*[ ]?$")
_FIRST = re.compile(r"[ \t|]*[+\-]?\d[\d.,]*[ ]?(?:[ \t|]|$)")
_TWO = re.compile(r"\d[ \t|]+\d")
_STOPS = "。；;"
MAX_RESIDUE = 80
MAX_TORN = 200
_TORN = 0.93
_OTHER = "其他处理"


@dataclass(frozen=True, slots=True)
class Match:
    """A label met. ``start``/``end`` are places of the page's text, numbering and brackets included.

    ``t0``/``t1`` count Chinese characters. ``edges``: how many of its two sides look like a table's.
    ``numbered``: its numeral stands before it. ``score`` is 1 for the exact words, less where they are damaged.
    """

    word: Word
    start: int
    end: int
    t0: int
    t1: int
    edges: int = 0
    numbered: bool = False
    score: float = 1.0


def find_all(page: Page, tables: tuple[str, ...] = ("t2", "t3")) -> dict[str, list[Match]]:
    """The exact matches of every table's words in reading order, each with its edges; longer words come first."""
    found: dict[str, list[Match]] = {t: [] for t in tables}
    for table, core, words in _cores(tables):
        found[table] += _exact(page, core, words)
    return {t: sorted((_edged(page, m) for m in ms), key=lambda m: m.start) for t, ms in found.items()}


@cache
def _cores(tables: tuple[str, ...]) -> list[tuple[str, str, list[Word]]]:
    out: dict[tuple[str, str], list[Word]] = {}
    for table in tables:
        for word in vocabulary(table):
            out.setdefault((table, word.core), []).append(word)
    return sorted(((t, c, w) for (t, c), w in out.items()), key=lambda x: (-len(x[1]), x[0], x[1]))


def _exact(page: Page, core: str, words: list[Word]) -> list[Match]:
    out: list[Match] = []
    at = page.hanzi.find(core)
    while at >= 0:
        end = at + len(core)
        if not any(page.taken[at:end]):
            match = make_match(page, words, at, end)
            if match is not None:
                out.append(match)
                page.taken[match.t0 : end] = b"\x01" * (end - match.t0)
        at = page.hanzi.find(core, at + 1)
    return out


def make_match(page: Page, words: list[Word], t0: int, t1: int, score: float = 1.0) -> Match | None:
    """The match of Chinese characters ``t0:t1`` with the one of ``words`` that its numbering speaks for."""
    bare: Word | None = None
    for word in words:
        if not word.number:
            bare = word
            continue
        start, t_start = _numbered(page, word.number, t0)
        if t_start is not None:
            return Match(word, start, _closed(page, t1), t_start, t1, 0, True, score)
    if bare is None:
        bare = next((w for w in words if len(w.core) > 2), None)
    if bare is None or (bare.core == _OTHER and _numbered(page, "3", t0)[1] is not None):
        return None  # 3.其他 in front of a piece of its group's label
    return Match(bare, _opened(page, page.at[t0]), _closed(page, t1), t0, t1, 0, False, score)


def _numbered(page: Page, number: str, t0: int) -> tuple[int, int | None]:
    """Where the label starts with its numeral, and the first Chinese character of it; None without the numeral."""
    text, at = page.text, page.at[t0]
    i = _skip_back(text, at, _SPACE + BREAKS + '()（）.、．,，:：“"')
    if number.isdigit():
        return _digit_before(text, number, i, at, t0)
    if t0 > 0 and page.hanzi[t0 - 1] == number and page.at[t0 - 1] == i:
        return _opened(page, i), t0 - 1
    return at, None


def _digit_before(text: str, number: str, i: int, at: int, t0: int) -> tuple[int, int | None]:
    between = text[i + 1 : at]
    if i < 0 or text[i] != number:
        return at, None
    pointed = any(c in between for c in ".、．,，")
    alone = i == 0 or text[i - 1] in _SPACE + BREAKS
    if pointed or (alone and not any(c in between for c in BREAKS)) or between.startswith(")"):
        return i, t0
    return at, None


def _skip_back(text: str, at: int, over: str) -> int:
    i, least = at - 1, max(0, at - 9)
    while i >= least and text[i] in over:
        i -= 1
    return i


def _opened(page: Page, start: int) -> int:
    return start - 1 if start > 0 and page.text[start - 1] in "([（" else start


def _closed(page: Page, t1: int) -> int:
    """The end of a label: closing brackets and quotes, and a bracketed note behind it, belong to it."""
    text, end = page.text, page.at[t1 - 1] + 1
    if text[end - 1 : end + 1] == "增/":
        end += 1  # the head 本年增/减 that lost its last character
    while end < len(text) and text[end] in ")）]”\"》’'":
        end += 1
    at = end
    while at < len(text) and text[at] in " \n":
        at += 1
    if at < len(text) and text[at] in "(（" and at - end <= 2:
        close = _closing(text, at)
        if close and _is_remark(text[at + 1 : close]):
            return close + 1
    return end


def _closing(text: str, at: int, stops: str = "|\t") -> int:
    """The place of the bracket that closes the one at ``at`` before any of ``stops``, 0 where there is none."""
    depth = 0
    for i in range(at, min(len(text), at + 90)):
        c = text[i]
        if c in "(（":
            depth += 1
        elif c in ")）":
            depth -= 1
            if depth == 0:
                return i
        elif c in stops:
            return 0
    return 0


def behind_remark(text: str, place: int) -> int:
    """The place behind the bracketed remark that starts at ``place``, even where values stand inside it.

    Of a remark that is never closed it is the place of the first cell's edge behind it.
    """
    at = place
    while at < len(text) and text[at] in " \n":
        at += 1
    if at >= len(text) or text[at] not in "(（":
        return place
    close = _closing(text, at, "")
    edge = next((i for i in range(at, min(len(text), at + 90)) if text[i] in "|\t"), place)
    return close + 1 if close else edge


def _is_remark(inside: str) -> bool:
    """Words of explanation: longer than a numeral, with Chinese characters in them, and no row of numbers between."""
    if len(inside) <= 2 or not any("\u4e00" <= c <= "\u9fff" for c in inside):
        return False
    lines = inside.split("\n")
    return len(lines) == 1 or not any(_has_values(line) for line in lines)


def _has_values(line: str) -> bool:
    return bool(line.strip()) and (
        set(line) <= _NUMBERS or bool(_FIRST.match(line) or _TWO.search(line) or _LAST.search(line))
    )


def _edged(page: Page, match: Match) -> Match:
    return replace(match, edges=int(_left_open(page, match)) + int(_right_open(page, match)))


def _left_open(page: Page, match: Match) -> bool:
    text, i = page.text, match.start - 1
    while i >= 0 and text[i] in _SPACE:
        i -= 1
    if i < 0 or text[i] in BREAKS or text[i] in _BEFORE_OK:
        return True
    return match.t0 > 0 and bool(page.taken[match.t0 - 1]) and page.at[match.t0 - 1] == i


def _right_open(page: Page, match: Match) -> bool:
    text, i = page.text, match.end
    while i < len(text) and text[i] in _SPACE:
        i += 1
    if i >= len(text) or text[i] in BREAKS:
        return True
    if text[i] in _AFTER_OK:
        return not ((text[i].isdigit() or text[i] == "?") and _IN_PROSE.match(text, match.end))
    return match.t1 < len(page.at) and bool(page.taken[match.t1]) and page.at[match.t1] == i


def clusters(page: Page, matches: list[Match]) -> list[list[Match]]:
    """Labels that stand together: little text between them that is no label, and no sentence."""
    good = [m for m in matches if m.edges == 2 or (m.edges == 1 and m.t1 - m.t0 >= 5)]
    out: list[list[Match]] = []
    for match in good:
        if out and not _apart(page, out[-1][-1], match):
            out[-1].append(match)
        else:
            out.append([match])
    return [_filled(c, matches) for c in map(_up_to_rows, out) if c]


def _filled(cluster: list[Match], matches: list[Match]) -> list[Match]:
    """The cluster with the labels inside it that pieces of torn labels stand against."""
    start, end = cluster[0].start, cluster[-1].end
    inside = [m for m in matches if start <= m.start and m.end <= end and (m.edges or m.numbered)]
    return sorted({*cluster, *inside}, key=lambda m: m.start)


def _up_to_rows(cluster: list[Match]) -> list[Match]:
    """Heads behind the last row belong to another table, rows in front that stand in text to no table."""
    last = max((i for i, m in enumerate(cluster) if m.word.role in ("row", "group")), default=-1)
    first = next((i for i, m in enumerate(cluster) if m.edges == 2 or m.word.role != "row"), 0)
    return cluster[first : last + 1]


def _apart(page: Page, one: Match, other: Match) -> bool:
    residue = page.residue(one.t1, other.t0)
    if residue > MAX_RESIDUE:
        return residue > MAX_TORN or not _torn_labels(page, one, other)
    return residue > 8 and any(c in page.text[one.end : other.start] for c in _STOPS)


def _torn_labels(page: Page, one: Match, other: Match) -> bool:
    """Whether what stands between two labels is written with the table's own characters: labels torn to pieces."""
    if any(c in page.text[one.end : other.start] for c in "。"):
        return False
    between = page.hanzi[one.t1 : other.t0]
    known = characters("t3")
    return sum(c in known for c in between) >= _TORN * len(between)
