"""Blocks: the pieces of the character grid, each with the type that the layout model gives it."""

from __future__ import annotations

import re

from extractor.document import Block, Document, Span
from models.grid import GridBlock, segment
from models.layout.detect import GridLayoutModel, to_layout

LONG = 150
MANY = 5  # sentences that no glued row of a table has
_SENTENCE_END = re.compile(r"[。；]")


class BlockStage:
    """Lays the text out as a layoutparser Layout and lets the layout model type it."""

    name = "blocks"
    needs = ("text",)
    makes = ("blocks",)

    def __init__(self, model: GridLayoutModel) -> None:
        self._model = model

    def __call__(self, document: Document) -> Document:
        pieces = segment(document.text)
        layout = self._model.detect(to_layout(document.text, pieces))
        blocks = tuple(
            _block(document.text, piece, str(found.type), round(float(found.score), 4))
            for piece, found in zip(pieces, layout, strict=True)
        )
        return document.having(blocks=blocks)


def _block(text: str, piece: GridBlock, kind: str, score: float) -> Block:
    """A typed block. A long one with whole sentences is prose, whatever the model thinks of the page around it:
    a report glued on one line must be read."""
    if piece.width >= LONG and kind not in ("paragraph", "item"):
        sentences = len(_SENTENCE_END.findall(text, piece.start, piece.end))
        if sentences > (MANY if kind == "row" else 1):
            kind, score = "paragraph", 0.5
    return Block(Span(piece.start, piece.end), piece.line, piece.column, kind, score)
