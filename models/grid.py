"""The character grid: a text as rectangles of text, one for every line, or piece of a line, in reading order.

A piece ends at a tab, at a pipe, or at a run of two or more spaces. Between the numbers of a row one space is
enough. Coordinates count characters and lines: a block is (column, line, width, height=1), as on a page printed
in a fixed pitch, so that text, PDF words and HTML cells give rectangles of the same kind.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_SPACE = " \u00a0\u3000\t|"
_BLANK = re.compile(f"[{_SPACE}]")
_GAP = re.compile(r"[ \u00a0\u3000]*[\t|][\t| \u00a0\u3000]*|[ \u00a0\u3000]{2,}")
_NUMBER = r"[+\-−－]?[0-9０-９]+(?:[.,，．][0-9０-９]+)*"
_NUMBER_GAP = re.compile(rf"(?<![^\s|])(?:{_NUMBER}|[/／—\-_])[ \u00a0\u3000](?=(?:{_NUMBER}|[/／—\-_])(?![^\s|]))")


class GridBlock(NamedTuple):
    """A piece of a line. ``start``/``end`` are code points of the text; ``column``/``line`` the place on the grid.

    A named tuple, since a report has hundreds, which are made in a third of a frozen dataclass's time.
    """

    start: int
    end: int
    line: int
    column: int
    piece: int
    pieces: int
    blank_above: int

    @property
    def width(self) -> int:
        return self.end - self.start


def lines(text: str) -> list[tuple[int, int]]:
    """The half-open span of every line, line breaks left out; empty lines included."""
    out: list[tuple[int, int]] = []
    at = 0
    for m in _BREAK.finditer(text):
        out.append((at, m.start()))
        at = m.end()
    out.append((at, len(text)))
    return out


def _pieces(line: str) -> list[tuple[int, int]]:
    """Half-open spans of the pieces of one line, white space and pipes left out."""
    if not _BLANK.search(line):  # most lines: nothing to part, nothing to strip
        return [(0, len(line))] if line else []
    cuts: list[tuple[int, int]] = [m.span() for m in _GAP.finditer(line)] if _has_gap(line) else []
    if " " in line or "\u00a0" in line or "\u3000" in line:
        cuts += [(m.end() - 1, m.end()) for m in _NUMBER_GAP.finditer(line)]
    out: list[tuple[int, int]] = []
    at = 0
    for a, b in sorted(cuts):
        if a > at:
            out.append((at, a))
        at = max(at, b)
    if at < len(line):
        out.append((at, len(line)))
    return [(a, b) for a, b in (_strip(line, a, b) for a, b in out) if a < b]


def _has_gap(line: str) -> bool:
    return "|" in line or "\t" in line or "  " in line or "\u00a0" in line or "\u3000" in line


def _strip(line: str, a: int, b: int) -> tuple[int, int]:
    while a < b and line[a] in _SPACE:
        a += 1
    while b > a and line[b - 1] in _SPACE:
        b -= 1
    return a, b


def segment(text: str) -> list[GridBlock]:
    """Every block of the text, in reading order. An empty text has none."""
    out: list[GridBlock] = []
    blank = 0
    for number, (start, end) in enumerate(lines(text)):
        pieces = _pieces(text[start:end])
        if not pieces:
            blank += 1
            continue
        for i, (a, b) in enumerate(pieces):
            out.append(GridBlock(start + a, start + b, number, a, i, len(pieces), 0 if i else blank))
        blank = 0
    return out
