"""The layout model behind layoutparser's model interface: a Layout of text blocks in, the same with types out.

Importing this module imports layoutparser (0.6 s, OpenCV and pandas with it). What has no use for a Layout takes
``models.layout.classify``, which gives the same answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from models.grid import GridBlock
from models.layout.classify import BlockClassifier, load_classifier
from models.layout.labels import BlockType
from models.layout.shim import import_layoutparser

lp = import_layoutparser()
if TYPE_CHECKING:
    from layoutparser.elements import Layout
from layoutparser.models.base_layoutmodel import BaseLayoutModel  # noqa: E402 - only once the import above has held


def to_layout(text: str, blocks: Sequence[GridBlock]) -> Layout:
    """The blocks of a text's grid as a layout: (column, line) to (column + width, line + 1), ``id`` counts from 0.

    The text and the blocks go along as ``page_data["text"]`` and ``page_data["grid"]``.
    """
    return lp.Layout(
        [
            lp.TextBlock(lp.Rectangle(b.column, b.line, b.column + b.width, b.line + 1), text[b.start : b.end], id=i)
            for i, b in enumerate(blocks)
        ],
        page_data={"text": text, "grid": [tuple(b) for b in blocks]},
    )


class GridLayoutModel(BaseLayoutModel):  # type: ignore[misc]  # layoutparser has no types
    """Block types for layouts on a character grid, from text, PDF words or HTML cells alike."""

    DEPENDENCIES: ClassVar[list[str]] = []
    DETECTOR_NAME = "grid"
    MODEL_CATALOG: ClassVar[dict[str, dict[str, str]]] = {}

    def __init__(self, classifier: BlockClassifier | None = None) -> None:
        """With the current version of the model, unless another is given."""
        self._classifier = classifier or load_classifier()
        self.version = self._classifier.version

    @classmethod
    def load(cls, version: str | None = None) -> GridLayoutModel:
        """A version of the registry. Raises BrokenInstallation where its files are missing or damaged."""
        return cls(load_classifier(version))

    def detect(self, layout: Layout) -> Layout:
        """A copy of the layout in which every block has its ``type`` and ``score``.

        Blocks are read in the order given: lines from above, pieces of a line from the left. Coordinates count
        characters and lines. A block that is no TextBlock, or without text, raises ValueError.
        """
        text, blocks = self.image_loader(layout)
        types = self.classify(text, blocks)
        typed = [  # made anew: layoutparser's own ``set`` copies a block twice, half of the time all this takes
            lp.TextBlock(b.block, b.text, b.id, t, b.parent, b.next, s) for b, (t, s) in zip(layout, types, strict=True)
        ]
        return lp.Layout(typed, page_data=layout.page_data)

    def classify(self, text: str, blocks: Sequence[GridBlock]) -> list[tuple[BlockType, float]]:
        """The type of each block of the text's grid with its probability."""
        return self._classifier.classify(text, blocks)

    def image_loader(self, image: Layout) -> tuple[str, list[GridBlock]]:
        """layoutparser's name for turning input into what the model reads: here a layout into text and grid blocks."""
        page = image.page_data or {}
        source, grid = page.get("text"), page.get("grid")
        if isinstance(source, str) and isinstance(grid, list):
            blocks = [GridBlock(*place) for place in grid]
            if _same(source, blocks, image):
                return source, blocks
        lines: dict[int, list[Any]] = {}
        for number, block in enumerate(image):
            if not getattr(block, "text", None):
                raise ValueError(
                    f"block {number} of the layout has no text; give TextBlocks with text, as to_layout makes"
                )
            lines.setdefault(int(block.coordinates[1]), []).append(block)
        return _grid(lines, [int(b.coordinates[1]) for b in image])


def _same(text: str, blocks: list[GridBlock], layout: Layout) -> bool:
    """Is the layout still the one that these blocks of the text made?"""
    found = zip(blocks, layout, strict=False)
    return len(blocks) == len(layout) and all(text[g.start : g.end] == b.text for g, b in found)


def _grid(lines: dict[int, list[Any]], order: list[int]) -> tuple[str, list[GridBlock]]:
    """Lay the blocks out as text again, pieces of a line parted by tabs, so that both ways in see the same."""
    text: list[str] = []
    blocks: list[GridBlock] = []
    at, above, done = 0, -1, dict.fromkeys(lines, 0)
    for line in order:
        piece = done[line]
        done[line] += 1
        block = lines[line][piece]
        if text:
            text.append("\n" if piece == 0 else "\t")
            at += 1
        text.append(block.text)
        column, pieces = int(block.coordinates[0]), len(lines[line])
        blank = max(line - above - 1, 0) if piece == 0 else 0
        blocks.append(GridBlock(at, at + len(block.text), line, column, piece, pieces, blank))
        at, above = at + len(block.text), line
    return "".join(text), blocks
