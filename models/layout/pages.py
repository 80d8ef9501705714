"""Page numbers among the numbers of tables: lines that hold one small number, and the runs that they make.

A page number is a number alone on its line, with or without strokes around it, and it counts up from page to page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.grid import GridBlock

NEAREST, FARTHEST = 12, 160  # lines from one page number to the next
_LINE = re.compile(r"([-—–－·~/]?)[ ]?(\d{1,3})[ ]?([-—–－·~/]?)")
_MOST_PIECES = 3
_KEPT = 40  # of one number's places, how many are looked back at: keeps the time linear


def candidates(texts: Sequence[str], blocks: Sequence[GridBlock]) -> NDArray[np.int32]:
    """[n, 2]: the number of the block's line where that could be a page number, else 0; 1 where strokes surround it."""
    out = np.zeros((len(blocks), 2), np.int32)
    for i, block in enumerate(blocks):
        if block.piece or block.pieces > _MOST_PIECES or i + block.pieces > len(blocks):
            continue
        until = i + block.pieces
        match = _LINE.fullmatch(" ".join(texts[i:until])) if len(texts[i]) < 8 else None
        if match:
            out[i:until] = int(match[2]), bool(match[1] and match[3])
    return out


def runs(numbers: NDArray[np.int32], lines: NDArray[np.int32]) -> NDArray[np.float32]:
    """[n]: of how many numbers the run is that a block's number stands in, over 8; 0 for blocks without a number.

    A run counts up by one; each number stands NEAREST to FARTHEST lines below the one before it.
    """
    at = np.flatnonzero(numbers)
    down = _lengths([(int(numbers[i]), int(lines[i])) for i in at])
    up = _lengths([(-int(numbers[i]), -int(lines[i])) for i in at[::-1]])[::-1]
    out = np.zeros(len(numbers), np.float32)
    for i, before, after in zip(at, down, up, strict=True):
        out[i] = min(before + after - 1, 8) / 8
    return out


def _lengths(places: Sequence[tuple[int, int]]) -> list[int]:
    """For each (number, line), in order of lines, the length of the longest run that ends there."""
    out: list[int] = []
    latest: dict[int, list[tuple[int, int]]] = {}
    for number, line in places:
        before = latest.get(number - 1, [])
        fitting = [length for at, length in before[-_KEPT:] if NEAREST <= line - at <= FARTHEST]
        out.append(1 + max(fitting, default=0))
        latest.setdefault(number, []).append((line, out[-1]))
    return out
