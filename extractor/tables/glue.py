"""Digits that lost what parted them: every way to take them as so many numbers, bounded and in a fixed order.

A number has no leading zero. Where the last number must be the sum of the others, that sum prunes the search.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractor.tables.values import Token

MAX_READINGS = 64
MAX_STEPS = 20_000
MAX_DIGITS = 60
_SIGNED = re.compile(r"(?:(?:增加|减少|新增|增|减) ?)?[+\-−–]?(?P<digits>[0-9]+)(?:\.[0-9]+)?")

_SIGNS = str.maketrans({"−": "-", "–": "-", "减": "-"} | dict.fromkeys("增加少新 "))


class _Budget:
    """Counts steps so that no text, however long, keeps the search busy."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self) -> bool:
        self.left -= 1
        return self.left >= 0


def splits(tokens: Sequence[Token], count: int, total: bool) -> list[tuple[Token, ...]]:
    """The ways in which glued ``tokens`` are ``count`` numbers; with ``total``, only those whose last is the sum.

    Where the digits are as many as the numbers there is one way, whether it adds up or not. An empty list means that
    there is no way, or too many to look at.
    """
    if not _possible(tokens, count):
        return []
    if sum(len(t.text) for t in tokens) == count and all(t.digits for t in tokens):
        return [tuple(_part(t, i, i + 1) for t in tokens for i in range(len(t.text)))]
    budget = _Budget(MAX_STEPS)
    out: list[tuple[Token, ...]] = []
    for reading in _ending(tokens, count, budget) if total else _cut(tokens, 0, 0, count, None, budget):
        out.append(reading)
        if len(out) >= MAX_READINGS:
            break
    return out if budget.left >= 0 else []


def _possible(tokens: Sequence[Token], count: int) -> bool:
    if not tokens or len(tokens) > count:
        return False
    size = sum(len(t.text) for t in tokens)
    return sum(_most(t) for t in tokens) >= count and size <= MAX_DIGITS


def _most(token: Token) -> int:
    """How many numbers a token can be at most: signs and decimals belong to its first and its last."""
    first, last = _whole_digits(token)
    return max(1, last - first)


def _whole_digits(token: Token) -> tuple[int, int]:
    """The digits of a token before which it may be cut, but for the first of them; (0, 0) where it is one value."""
    if token.digits:
        return 0, len(token.text)
    found = _SIGNED.fullmatch(token.text)
    return found.span("digits") if found else (0, 0)


def _part(token: Token, a: int, b: int) -> Token:
    if a == 0 and b == len(token.text):
        return token
    text = token.text[a:b]
    return Token(token.start + a, token.start + b, text, float(text.translate(_SIGNS)))


def _ends(token: Token, at: int) -> Iterator[int]:
    """Where a number that starts at ``at`` of a token may end: it has no leading zero."""
    first, last = _whole_digits(token)
    begin = max(at, first)
    for end in range(begin + 1, last):
        yield end
        if token.text[begin] == "0":
            return
    if last - begin < 2 or token.text[begin] != "0":
        yield len(token.text)


def _ending(tokens: Sequence[Token], count: int, budget: _Budget) -> Iterator[tuple[Token, ...]]:
    """Readings whose last number, a suffix of the last token, is the sum of all before it."""
    last = tokens[-1]
    for cut in range(len(last.text) if last.digits else 1):
        if cut and not last.digits:
            return
        if last.text[cut] == "0" and cut + 1 < len(last.text):
            continue
        end = _part(last, cut, len(last.text))
        if end.value is None:
            continue
        before = [*tokens[:-1], *([_part(last, 0, cut)] if cut else [])]
        for reading in _cut(before, 0, 0, count - 1, end.value, budget):
            yield (*reading, end)


def _cut(
    tokens: Sequence[Token], index: int, at: int, count: int, rest: float | None, budget: _Budget
) -> Iterator[tuple[Token, ...]]:
    """Ways to take the text from ``tokens[index]`` on, behind its first ``at`` digits, as ``count`` numbers."""
    if index == len(tokens):
        if count == 0 and not rest:
            yield ()
        return
    token = tokens[index]
    left = sum(_most(t) for t in tokens[index:]) - at
    if count < len(tokens) - index or (rest is not None and not _reachable(left, count, rest)) or not budget.spend():
        return
    for end in _ends(token, at):
        part = _part(token, at, end)
        value = part.value or 0.0
        if rest is not None and value > rest:
            return
        following = (index + 1, 0) if end == len(token.text) else (index, end)
        for reading in _cut(tokens, *following, count - 1, None if rest is None else rest - value, budget):
            yield (part, *reading)


def _reachable(digits: int, count: int, rest: float) -> bool:
    """Whether ``digits`` digits can be ``count`` numbers that sum to ``rest``: the longest of them bounds the sum."""
    if count == 0 or digits < count:
        return False
    longest = -(-digits // count)
    least = 10.0 ** (longest - 1) if longest > 1 else 0.0
    most = 10.0 ** (digits - count + 1) + 9.0 * (count - 1)
    return least <= rest <= most
