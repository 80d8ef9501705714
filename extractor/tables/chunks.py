"""Rows of numbers apart from their labels: cut into rows of the table, then set against its rows in reading order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from extractor.tables.area import Area, Segment
from extractor.tables.fit import balances
from extractor.tables.values import Gap, Strip, Token

_FLAT = Gap(0, 0)
STRONG, STRONG_WRONG, WEAK, WEAK_WRONG, GROUP = 6.0, -6.0, 1.5, -0.5, 0.5
UNUSED_CHUNK, UNUSED_STRAY, UNUSED_LABEL, UNUSED_ROW = -8.0, -1.5, -0.6, -0.3


@dataclass(frozen=True, slots=True)
class Chunk:
    """One printed row of numbers. ``row`` is the label it follows ("" without); ``strong``: on that label's line."""

    strip: Strip
    row: str = ""
    strong: bool = False
    group: str = ""


def cut_up(area: Area, part: Segment, width: int) -> list[Chunk]:
    """The rows of numbers in a segment; numbers that make no row (page numbers, torn pieces) are left out."""
    strip, owner = part.strip, part.owner
    row = owner.word.id if owner is not None and owner.word.role == "row" else ""
    group = owner.word.id if owner is not None and owner.word.role == "group" else ""
    if area.layout.by_row:
        return [Chunk(s, row if beside else "", beside and bool(row), group) for s, beside in _lines(area, part, width)]
    stray = len(strip.tokens) == 1 and not row
    pieces = _columns(strip, width) if strip.tokens and not stray else []
    return [Chunk(s, row if i == 0 else "", i == 0 and bool(row) and not strip.gaps[0].lines, group)
            for i, s in enumerate(pieces)]  # fmt: skip


def _lines(area: Area, part: Segment, width: int) -> list[tuple[Strip, bool]]:
    """One row a printed line, with whether the label stands on it; rows of empty cells are rows.

    A lone number on a line of its own is no row where the others are whole.
    """
    found: list[tuple[Strip, bool]] = []
    at = part.start
    while at < part.end:
        _, end = area.line_of(at, at)
        stop = min(end, part.end)
        values = [t for t in part.strip.tokens if at <= t.start < stop]
        strip = area.strip(values, at, stop)
        if values or _blank_row(strip, width):
            found.append((strip, at == part.start))
        at = end + 1
    if any(len(s.tokens) >= width - 2 for s, _ in found):
        found = [(s, beside) for s, beside in found if beside or _whole(s, width)]
    if found and not any(beside for _, beside in found) and not any(len(s.tokens) > width for s, _ in found):
        return found
    return [(p, beside and i == 0) for s, beside in found for i, p in enumerate(_one_or_more(s, width))]


def _one_or_more(strip: Strip, width: int) -> list[Strip]:
    return _blocks(strip, width) if len(strip.tokens) > width + 1 else [strip]


def _blank_row(strip: Strip, width: int) -> bool:
    return not strip.tokens and sum(g.least for g in strip.gaps) >= width - 2


def _whole(strip: Strip, width: int) -> bool:
    """More than a lone number: several values, or one or none among empty cells."""
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
        block, used = _block(parts, i, width) if _rows_whole(loose, width, bool(out)) else ([], 0)
        if block:
            out += _own_row(loose, width, bool(out)) + block
            loose = []
            i += used
        else:
            loose += parts[i]
            i += 1
    if not loose or (out and len(loose) == 1):
        return out  # a lone number behind a block is a page's
    return out + (_torn_block(loose, width) or _blocks(_strip(loose), width))


def _torn_block(values: Sequence[Token], width: int) -> list[Strip]:
    """A block printed column by column that a page break cuts: perhaps behind a whole row, perhaps with a page
    number among its numbers. Taken only where every row then adds up and one way alone does it."""
    for own in (0, width):
        rest = values[own:]
        if len(rest) > width and len(rest) % width < 2:
            drop = [rest] if len(rest) % width == 0 else [[*rest[:i], *rest[i + 1 :]] for i in range(len(rest))]
            ways = [t for r in drop if (t := _turned(r, width))]
            if ways and len({tuple(v.value for s in w for v in s.tokens) for w in ways}) == 1:
                return (_blocks(_strip(values[:own]), width) if own else []) + ways[0]
    return []


def _rows_whole(values: Sequence[Token], width: int, behind: bool) -> bool:
    """Whole rows before a block; or the one row of a label, with blank cells lost; or a page number between blocks."""
    return len(values) % width == 0 or (len(values) == 1 if behind else len(values) < width)


def _own_row(values: Sequence[Token], width: int, behind: bool) -> list[Strip]:
    return [] if behind and len(values) == 1 else _blocks(_strip(values), width)


def _block(parts: Sequence[list[Token]], i: int, width: int) -> tuple[list[Strip], int]:
    """The rows of a block of even columns that starts at a paragraph, and how many paragraphs it takes.

    A page break may part one column in two, and leave a page number in it; it may part off the very first number.
    """
    cut_off = len(parts[i]) < 2
    if cut_off and i:
        return [], 0
    for used in (width + 1,) if cut_off else (width, width + 1):
        columns = [list(p) for p in parts[i : i + used]]
        if len(columns) < used:
            break
        breaks = range(1) if cut_off else range(used - 1)
        merged = [columns] if used == width else [_joined(columns, j) for j in breaks]
        for candidate in merged:
            rows = _even(candidate)
            if rows and (not cut_off or _hold(rows) == len(rows)):
                return rows, used
    return [], 0


def _joined(columns: Sequence[list[Token]], j: int) -> list[list[Token]]:
    return [*columns[:j], columns[j] + columns[j + 1], *columns[j + 2 :]]


def _even(columns: Sequence[list[Token]]) -> list[Strip]:
    """The rows of columns that are of one length, or of which one has a number too many."""
    size = min(len(c) for c in columns)
    longer = [c for c in columns if len(c) > size]
    if size < 2 or len(longer) > 1 or any(len(c) > size + 1 for c in longer):
        return []
    if not longer:
        turned = [_strip(row) for row in zip(*columns, strict=True)]
        # as many paragraphs as each has numbers: rows are paragraphs unless only the other way adds up
        straight = [_strip(c) for c in columns]
        return straight if size == len(columns) and _hold(straight) >= _hold(turned) else turned
    ways: list[list[Strip]] = []
    for drop in range(size + 1):
        cut = [[t for k, t in enumerate(c) if k != drop] if c is longer[0] else c for c in columns]
        ways.append([_strip(row) for row in zip(*cut, strict=True)])
    return max(ways, key=_hold)


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
        unused = UNUSED_CHUNK if len(chunks[i - 1].strip.tokens) != 1 else UNUSED_STRAY
        best[i][0], step[i][0] = best[i - 1][0] + unused, 1
        for j in range(1, m + 1):
            options = (
                best[i - 1][j - 1] + _fits(chunks[i - 1], rows[j - 1], groups),
                best[i - 1][j] + unused,
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
