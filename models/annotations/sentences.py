"""The sentences of a report, as far as two reports can share them: whole ones, with the stop that ends them.

Labels of tables, headings and torn lines end without a stop and are no sentences: every report shares them by law.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.grid import lines
from models.text import normalise

SHORTEST = 12
_STOP = re.compile(r"[。！？!?；;]")
_PARTED = re.compile(r"[\t|]|[ \u00a0\u3000]{2}")
_OPENS = re.compile(r"[\s（(第①-⑳]|[一二三四五六七八九十\d]{1,3}[、.．是]")
_FULL = 16  # a shorter line is not one that was wrapped


def sentences(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, key) of every sentence of at least SHORTEST characters. Keys are equal where the words are."""
    for start, end in _runs(text):
        at = start
        for stop in _STOP.finditer(text, start, end):
            key = "".join(normalise(text, at, stop.end()).text.split())
            if len(key) >= SHORTEST:
                piece = text[at : stop.end()]
                yield at + len(piece) - len(piece.lstrip()), stop.end(), key
            at = stop.end()


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Lines, with those that a hard wrap cut put together again."""
    start, last = -1, (0, 0)
    for a, b in lines(text):
        if start >= 0 and not _goes_on(text[last[0] : last[1]], text[a:b]):
            yield start, last[1]
            start = -1
        if start < 0:
            start = a
        last = (a, b)
    if start >= 0:
        yield start, last[1]


def _goes_on(line: str, following: str) -> bool:
    whole = line.strip()
    if len(whole) < _FULL or whole[-1] in "。！？!?；;：:" or _PARTED.search(line.rstrip()):
        return False
    return bool(following.strip()) and not _OPENS.match(following) and not _PARTED.search(following)
