"""Rows of numbers apart from their labels: cut into rows of the table, then set against its rows in reading order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from extractor.tables.area import Area, Segment
from extractor.tables.fit import balances
from extractor.tables.values import Gap, Strip, Token

_FLAT = Gap(0, 0)
STRONG, STRONG_WRONG, WEAK, WEAK_WRONG, GROUP = 6.0, -6.0, 1.5, -0.5, 0.5
UNUSED_CHUNK, UNUSED_LABEL, UNUSED_ROW = -8.0, -0.6, -0.3


@dataclass(frozen=True, slots=True)
class Chunk:
    """One printed row of numbers. ``row`` is the label it follows ("" without); ``strong``: on that label's line."""

    strip: Strip
    row: str = ""
    strong: bool = False
    group: str = ""


def cut_up(area: Area, part: Segment, width: int) -> list[Chunk]:
    """The rows of numbers in a segment; numbers that make no row (page numbers, torn pieces) are left out."""
    strip = part.strip
    if not strip.tokens:
        return []
    pieces = _lines(area, strip, width) if area.layout.by_row else _columns(strip, width)
    owner = part.owner
    row = owner.word.id if owner is not None and owner.word.role == "row" else ""
    group = owner.word.id if owner is not None and owner.word.role == "group" else ""
    out: list[Chunk] = []
    for i, piece in enumerate(pieces):
        mine = row if i == 0 else ""
        out.append(Chunk(piece, mine, bool(mine) and strip.gaps[0].lines == 0, group))
    return out


def _lines(area: Area, strip: Strip, width: int) -> list[Strip]:
    """One row a printed line. A lone number on a line of its own is no row where the others are whole."""
    out: list[Strip] = []
    start = 0
    for i in range(1, len(strip.tokens) + 1):
        if i == len(strip.tokens) or strip.gaps[i].row_end:
            values = strip.tokens[start:i]
            line = area.line_of(values[0].start, values[-1].end)
            own = area.strip(values, *line)
            out.append(Strip(values, (strip.gaps[0], *own.gaps[1:])) if start == 0 else own)
            start = i
    if any(len(s.tokens) >= width - 2 for s in out):
        out = [s for i, s in enumerate(out) if _whole(s, width) or (i == 0 and strip.gaps[0].lines == 0)]
    return [p for s in out for p in (_blocks(s, width) if len(s.tokens) > width + 1 else [s])]


def _whole(strip: Strip, width: int) -> bool:
    """More than a lone number: several values, or one among empty cells."""
    return len(strip.tokens) > 1 or sum(g.least for g in strip.gaps) >= width - 2


def _columns(strip: Strip, width: int) -> list[Strip]:
    """One cell a line: rows one after the other, and blocks of rows printed column by column.

    Such a block is a paragraph a column: as many paragraphs in a row as there are columns, all of the same size.
    """
    count = len(strip.tokens)
    parts = _paragraphs(strip)
    if count <= width + 1 or all(len(p) == 1 for p in parts) or len(parts) == 1:
        turned = _turned(strip.tokens, width) if len(parts) == 1 else None
        return turned or _blocks(strip, width)
    out: list[Strip] = []
    loose: list[Token] = []
    i = 0
    while i < len(parts):
        size = len(parts[i])
        block = parts[i : i + width]
        if size > 1 and len(block) == width and all(len(p) == size for p in block) and _rows_whole(loose, width):
            out += _blocks(_strip(loose), width) + [_strip(row) for row in zip(*block, strict=True)]
            loose = []
            i += width
        else:
            loose += parts[i]
            i += 1
    return out + (_blocks(_strip(loose), width) if loose else [])


def _rows_whole(values: Sequence[Token], width: int) -> bool:
    """Whole rows, or the one row of a label, which may have lost blank cells."""
    return len(values) % width == 0 or len(values) < width


def _paragraphs(strip: Strip) -> list[list[Token]]:
    """The values parted where more lines are left free than between the closest two."""
    inner = strip.gaps[1:-1]
    close = min((g.lines for g in inner), default=0)
    out = [[strip.tokens[0]]]
    for token, gap in zip(strip.tokens[1:], inner, strict=True):
        if gap.lines > close:
            out.append([token])
        else:
            out[-1].append(token)
    return out


def _blocks(strip: Strip, width: int) -> list[Strip]:
    count = len(strip.tokens)
    if count <= width + 1:
        return [strip] if count else []
    if count % width:
        return []
    return [_strip(strip.tokens[i : i + width]) for i in range(0, count, width)]


def _strip(tokens: Sequence[Token]) -> Strip:
    return Strip(tuple(tokens), (_FLAT,) * (len(tokens) + 1))


def _turned(tokens: Sequence[Token], width: int) -> list[Strip] | None:
    """Rows printed column by column without a break: taken so where that alone makes every row add up."""
    if len(tokens) <= width or len(tokens) % width:
        return None
    rows = len(tokens) // width
    turned = [_strip(tokens[r::rows]) for r in range(rows)]
    straight = _blocks(_strip(tokens), width)
    return turned if _hold(turned) == rows > _hold(straight) else None


def _hold(strips: Sequence[Strip]) -> int:
    return sum(bool(balances([t.value for t in s.tokens])) for s in strips)


def align(
    chunks: Sequence[Chunk], rows: Sequence[str], labelled: Collection[str], groups: Mapping[str, str]
) -> dict[str, Strip]:
    """Numbers to rows: both in reading order, labels beside numbers as anchors; a row out of order by its label."""
    n, m = len(chunks), len(rows)
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    step = [[0] * (m + 1) for _ in range(n + 1)]
    skip = [UNUSED_LABEL if r in labelled else UNUSED_ROW for r in rows]
    for j in range(1, m + 1):
        best[0][j], step[0][j] = best[0][j - 1] + skip[j - 1], 2
    for i in range(1, n + 1):
        best[i][0], step[i][0] = best[i - 1][0] + UNUSED_CHUNK, 1
        for j in range(1, m + 1):
            options = (
                best[i - 1][j - 1] + _fits(chunks[i - 1], rows[j - 1], groups),
                best[i - 1][j] + UNUSED_CHUNK,
                best[i][j - 1] + skip[j - 1],
            )
            best[i][j] = max(options)
            step[i][j] = options.index(best[i][j])
    return _walk(chunks, rows, step)


def _fits(chunk: Chunk, row: str, groups: Mapping[str, str]) -> float:
    if chunk.row:
        if chunk.strong:
            return STRONG if chunk.row == row else STRONG_WRONG
        return WEAK if chunk.row == row else WEAK_WRONG
    return GROUP if chunk.group and groups.get(row) == chunk.group else 0.0


def _walk(chunks: Sequence[Chunk], rows: Sequence[str], step: Sequence[Sequence[int]]) -> dict[str, Strip]:
    out: dict[str, Strip] = {}
    unused: list[Chunk] = []
    i, j = len(chunks), len(rows)
    while i or j:
        move = step[i][j]
        if move == 0 and i and j:
            out[rows[j - 1]] = chunks[i - 1].strip
            i, j = i - 1, j - 1
        elif move == 1:
            unused.append(chunks[i - 1])
            i -= 1
        else:
            j -= 1
    for chunk in unused:
        if chunk.strong and chunk.row not in out:
            out[chunk.row] = chunk.strip
    return out
