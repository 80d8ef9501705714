"""Pictures of labelled layouts: the text on its character grid, every block coloured by its type, and a legend."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.layout.labels import BLOCK_TYPES
from models.layout.shim import import_layoutparser

if TYPE_CHECKING:
    from layoutparser.elements import Layout

_CELL, _LINE, _FONT = 8, 20, 15  # pixels: half a Chinese character's width, a line's height, the font's size
_MARGIN, _LEGEND, _NAME = 12, 40, 100
LONGEST_PICTURE, WIDEST = 400, 72  # lines a picture; Chinese characters a line before it is folded
COLOURS = dict(
    zip(
        BLOCK_TYPES,
        (
            "#9e9e9e", "#607d8b", "#d81b60", "#e53935", "#c0ca33", "#7cb342", "#8e24aa", "#3949ab", "#1e88e5",
            "#00acc1", "#00897b", "#fb8c00", "#6d4c41", "#5e35b1",
        ),
        strict=True,
    )
)  # fmt: skip


def draw(text: str, layout: Layout, path: Path) -> list[Path]:
    """Draw a layout whose blocks have types (``GridLayoutModel.detect``) as PNG; returns the pictures written.

    ``layout`` stands on the grid of ``text``: a block's y is its line. More than LONGEST_PICTURE lines go on in
    ``name-2.png`` and so on. Blank lines that follow another are left out.
    """
    lp = import_layoutparser()
    rows = _rows(text, layout)
    pages = [rows[at : at + LONGEST_PICTURE] for at in range(0, len(rows), LONGEST_PICTURE)] or [[]]
    out: list[Path] = []
    for number, page in enumerate(pages, 1):
        target = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
        _picture(lp, page).save(target, format="PNG")
        out.append(target)
    return out


_Row = list[tuple[int, str, str, float]]  # (column, text, type, score) of each piece of one printed line


def _rows(text: str, layout: Sequence[Any]) -> list[_Row]:
    """The printed lines: of the text's lines, those with blocks; long ones folded, one blank line kept as a gap."""
    lines: dict[int, _Row] = {}
    for block in layout:
        column, line = int(block.coordinates[0]), int(block.coordinates[1])
        lines.setdefault(line, []).append((column, block.text, block.type, block.score))
    out: list[_Row] = []
    before = -1
    for line in sorted(lines):
        if out and line > before + 1:
            out.append([])
        out += _folded(lines[line])
        before = line
    return out


def _folded(pieces: _Row) -> list[_Row]:
    """One line's pieces from left to right, each at least a gap from the one before, folded at WIDEST."""
    out: list[_Row] = [[]]
    at = 0
    for column, text, kind, score in pieces:
        at = max(at, min(2 * column, 8) if not out[-1] else 0)
        while text:
            room = 2 * WIDEST - at
            part = _fitting(text, room)
            if part:
                out[-1].append((at, part, kind, score))
                at += _width(part) + 3
                text = text[len(part) :]
            if text:
                out.append([])
                at = 0
    return out


def _fitting(text: str, room: int) -> str:
    """As much of the text's start as fits into ``room`` half characters."""
    used = 0
    for i, char in enumerate(text):
        used += _width(char)
        if used > room:
            return text[:i]
    return text


def _width(text: str) -> int:
    """In half characters: Chinese counts two."""
    return sum(1 if ord(c) < 0x2E80 and c not in "“”‘’—…" else 2 for c in text)


def _picture(lp: Any, rows: list[_Row]) -> Any:
    from PIL import Image

    widest = max((at + _width(text) for row in rows for at, text, _, _ in row), default=0)
    width = max(2 * _MARGIN + widest * _CELL + 3 * _CELL, len(BLOCK_TYPES) * _NAME + 2 * _MARGIN)
    canvas = Image.new("RGB", (width, _LEGEND + 2 * _MARGIN + max(len(rows), 1) * _LINE), "white")
    boxes, letters = _blocks(lp, rows)
    legend, names = _legend(lp)
    typed = lp.Layout([*boxes, *legend])
    alphas = [0.15 + 0.35 * (b.score or 0.0) for b in typed]
    canvas = lp.draw_box(canvas, typed, box_width=1, box_alpha=alphas, color_map=COLOURS)
    return _written(lp, canvas, lp.Layout([*letters, *names]))


def _written(lp: Any, canvas: Any, letters: Any) -> Any:
    """The canvas with texts on it: layoutparser writes them on a page of their own, which is laid over the boxes."""
    from PIL import ImageChops

    both = lp.draw_text(canvas, letters, arrangement="ud", font_size=_FONT)
    page = both.crop((0, 0, canvas.width, canvas.height)).convert("RGB")
    return ImageChops.multiply(canvas, page)


def _blocks(lp: Any, rows: list[_Row]) -> tuple[list[Any], list[Any]]:
    """Boxes of the pieces, and their characters each at its place of the grid."""
    boxes: list[Any] = []
    letters: list[Any] = []
    for number, row in enumerate(rows):
        top = _LEGEND + _MARGIN + number * _LINE
        for at, text, kind, score in row:
            left = _MARGIN + at * _CELL
            boxes.append(_block(lp, left - 2, top, _width(text) * _CELL + 4, "", kind, score))
            for char in text:
                letters.append(_block(lp, left, top, _CELL, char, kind, score))
                left += _width(char) * _CELL
    return boxes, letters


def _legend(lp: Any) -> tuple[list[Any], list[Any]]:
    boxes: list[Any] = []
    names: list[Any] = []
    for i, kind in enumerate(BLOCK_TYPES):
        left = _MARGIN + i * _NAME
        boxes.append(_block(lp, left, _MARGIN, _NAME - 4, "", kind, 1.0))
        names.append(_block(lp, left + 3, _MARGIN, _NAME - 4, kind, kind, 1.0))
    return boxes, names


def _block(lp: Any, left: int, top: int, width: int, text: str, kind: str, score: float) -> Any:
    return lp.TextBlock(lp.Rectangle(left, top, left + width, top + _LINE - 2), text, type=kind, score=score)
