"""Finds damaged labels in what is left of a table between the labels that were found exactly."""

from __future__ import annotations

from collections.abc import Collection

from rapidfuzz import fuzz

from extractor.tables.find import Match, make_match
from extractor.tables.labels import Word, vocabulary
from extractor.tables.page import Page

MIN_SCORE = 74.0
LOOK_BEHIND = 48
MIN_HEAD = 4
HEAD_SCORE = 0.8
_ROUNDS = 3


def mend(page: Page, table: str, matches: list[Match], wanted: Collection[str]) -> list[Match]:
    """The matches with those added that misspelt, cut or torn labels of ``wanted`` rows give, in reading order."""
    found = list(matches)
    _free(page, found)
    missing = set(wanted) - {m.word.id for m in matches if m.word.role == "row"}
    for _ in range(_ROUNDS):
        best = _best(page, table, _leftovers(page, found), _words(table, missing))
        if not best:
            break
        for match in best:
            found.append(match)
            missing.discard(match.word.id)
            page.taken[match.t0 : match.t1] = b"\x01" * (match.t1 - match.t0)
    return sorted(found, key=lambda m: m.start)


def _free(page: Page, matches: list[Match]) -> None:
    """Gives back the words inside the table that are no labels of it: the first word of 2.其他法律… is no column."""
    start, end = min(m.t0 for m in matches), max(m.t1 for m in matches)
    page.taken[start:end] = bytes(end - start)
    for m in matches:
        page.taken[m.t0 : m.t1] = b"\x01" * (m.t1 - m.t0)


def _words(table: str, ids: Collection[str]) -> list[Word]:
    return [w for w in vocabulary(table) if w.role == "row" and w.id in ids and len(w.core) >= 4]


def _leftovers(page: Page, matches: list[Match]) -> list[tuple[int, int]]:
    """Stretches of Chinese characters within the table, and a little behind it, that belong to no label."""
    start = min(m.t0 for m in matches)
    end = min(len(page.hanzi), max(m.t1 for m in matches) + LOOK_BEHIND)
    out: list[tuple[int, int]] = []
    at = start
    while at < end:
        if page.taken[at]:
            at += 1
            continue
        stop = at
        while stop < end and not page.taken[stop]:
            stop += 1
        if stop - at >= 3:
            out.append((at, stop))
        at = stop
    return out


def _best(page: Page, table: str, leftovers: list[tuple[int, int]], words: list[Word]) -> list[Match]:
    """The best match for each stretch, a label taken once."""
    scored: list[tuple[float, int, int, Word, float]] = []
    for start, end in leftovers:
        text = page.hanzi[start:end]
        for word in words:
            head = _head(table, word, text)
            if head is not None:
                a, b = head
                scored.append((80.0 * (b - a), start + a, start + b, word, HEAD_SCORE))
            aligned = fuzz.partial_ratio_alignment(word.core, text, score_cutoff=MIN_SCORE)
            if aligned is None:
                continue
            a, b = _fitted(word.core, text, aligned.dest_start, aligned.dest_end)
            length = b - a
            if length < max(4 if len(word.core) > 4 else 3, 0.55 * len(word.core)):
                continue
            whole = fuzz.ratio(word.core, text[a:b])
            if whole < MIN_SCORE - 6:
                continue
            scored.append((whole * length, start + a, start + b, word, whole / 100))
    out: list[Match] = []
    ids: set[str] = set()
    for _, t0, t1, word, score in sorted(scored, key=lambda s: (-s[0], s[1], s[3].id)):
        if word.id in ids or any(m.t0 < t1 and t0 < m.t1 for m in out):
            continue
        match = make_match(page, [word], t0, t1, score)
        if match is not None:
            out.append(match)
            ids.add(word.id)
    return out


def _fitted(core: str, text: str, a: int, b: int) -> tuple[int, int]:
    """The aligned stretch without the neighbours' characters at its ends, and with its own that follow."""
    while a < b and text[a] not in core:
        a += 1
    while b > a and text[b - 1] not in core:
        b -= 1
    while a < b < len(text) and text[b - 1 : b + 1] in core:
        b += 1
    return a, b


def _head(table: str, word: Word, text: str) -> tuple[int, int] | None:
    """The first half or more of a label, where the rest of it stands behind pieces of other labels."""
    size = max(MIN_HEAD, -(-len(word.core) // 2))
    at = text.find(word.core[:size])
    if at < 0 or len(word.core) <= MIN_HEAD:
        return None
    while size < len(word.core) and text[at + size : at + size + 1] == word.core[size]:
        size += 1
    start = word.core[:size]
    others = (w.core for w in vocabulary(table) if w.id != word.id)
    return None if any(o.startswith(start) for o in others) else (at, at + size)
