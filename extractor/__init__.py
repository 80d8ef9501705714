"""What is done to a document: a text goes in, a result with layers of spans comes out. Imports ``models`` only."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.pipeline import Extractor
    from extractor.result import Result


def load() -> Extractor:
    """The extractor with the current models, made once a process (about a second)."""
    from extractor.pipeline import load as make

    return make()


def extract(text: str, id: str = "") -> Result:
    """Read one report. Offsets in the result are code points of ``text`` as given."""
    from extractor.result import Result

    return Result.of(load()(text, id))
