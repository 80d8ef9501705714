"""The characters that the token classifier knows: ASCII, GB 2312's signs and its 6,763 hanzi, in one fixed order.

The standard is a closed list that Python ships, so a version of the weights needs no vocabulary file and no report's
words leak into it. Anything else is ``UNKNOWN``, which training meets often enough to read past it.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

PAD, UNKNOWN, NEWLINE, SPACE = range(4)
_EXTRA = "〇·•–—‑−°㎡①②③④⑤⑥⑦⑧⑨⑩❶❷❸❹❺"


def _gb2312(first: int, last: int) -> list[str]:
    """The characters of rows ``first`` to ``last`` of the standard, in its order."""
    cells = (bytes((0xA0 + row, 0xA0 + cell)) for row in range(first, last + 1) for cell in range(1, 95))
    return [c for c in (cell.decode("gb2312", errors="ignore") for cell in cells) if c]


def _is_fullwidth(char: str) -> bool:
    return 0xFF01 <= ord(char) <= 0xFF5E or char == "\u3000"


@cache
def characters() -> tuple[str, ...]:
    """The character of every id from ``SPACE`` + 1 on; hanzi come last, from ``first_hanzi()``."""
    signs = [chr(c) for c in range(0x21, 0x7F)]
    signs += [c for c in _gb2312(1, 2) if not _is_fullwidth(c)]
    signs += [c for c in _EXTRA if c not in signs]
    return (*signs, *_gb2312(16, 87))


@cache
def size() -> int:
    """How many ids there are, PAD and the rest included."""
    return SPACE + 1 + len(characters())


@cache
def first_hanzi() -> int:
    """The smallest id of a hanzi; every id from it on is one."""
    return size() - len(_gb2312(16, 87))


@cache
def _table() -> NDArray[np.uint16]:
    table = np.full(0x10000, UNKNOWN, dtype=np.uint16)
    table[[ord(c) for c in characters()]] = np.arange(SPACE + 1, size(), dtype=np.uint16)
    table[ord("\n")], table[ord(" ")] = NEWLINE, SPACE
    return table


def ids(text: str) -> NDArray[np.uint16]:
    """The id of each character of a normalised text."""
    points = codepoints(text)
    return _table()[np.minimum(points, 0xFFFF)]


def codepoints(text: str) -> NDArray[np.uint32]:
    """The code point of each character; lone surrogates count as what they are."""
    return np.frombuffer(text.encode("utf-32-le", errors="surrogatepass"), dtype=np.uint32)


def among(text: str) -> NDArray[np.bool_]:
    """Which ids are those of the text's characters: ``among("。;")[ids]`` tells the stops, faster than ``isin``."""
    out = np.zeros(size(), dtype=np.bool_)
    out[ids(text)] = True
    return out
