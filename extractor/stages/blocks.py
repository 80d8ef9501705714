"""Blocks: the pieces of the character grid, each with the type that the layout model gives it."""

from __future__ import annotations

from models.layout.detect import GridLayoutModel, to_layout

from extractor.document import Block, Document, Span
from models.grid import segment


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
            Block(Span(p.start, p.end), p.line, p.column, str(b.type), round(float(b.score), 4))
            for p, b in zip(pieces, layout, strict=True)
        )
        return document.having(blocks=blocks)
