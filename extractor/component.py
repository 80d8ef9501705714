"""For those who live in spaCy: ``nlp.add_pipe("report_structure")`` gives ``doc._.report`` and three span groups.

With ``spacy.blank("zh")``, whose tokens are characters, spans are exact. With other tokenisers a span grows to the
tokens that it touches, so that every heading, cell and claim has one; ``span.id_`` is the exact one's id.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.tokens import Doc

from extractor import document as layers
from extractor.pipeline import Extractor, load
from extractor.result import payload

if TYPE_CHECKING:
    from spacy.tokens import Span

GROUPS = ("headings", "cells", "claims")
_Place = tuple[layers.Span, str, str]


class ReportStructure:
    """Reads the structure of a whole report.

    ``doc._.report`` is the result as plain data, so that a doc can still be stored with its user data; offsets count
    code points of ``doc.text``. Span labels are the heading's kind, the cell's status and the claim's kind.
    """

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor
        if not Doc.has_extension("report"):
            Doc.set_extension("report", default=None)

    def __call__(self, doc: Doc) -> Doc:
        document = self._extractor(doc.text)
        doc._.report = payload(document)
        for name, places in _groups(document).items():
            doc.spans[name] = _spans(doc, places)
        return doc


def _groups(document: layers.Document) -> dict[str, list[_Place]]:
    """Place, label and id of each span, by group. A blank cell that has no characters has no span."""
    groups: tuple[list[_Place], ...] = (
        [(h.span, h.kind or "", "") for h in document.headings],
        [(c.span, c.status, c.id) for t in document.tables for c in t.cells if c.span],
        [(c.span, c.kind, c.id) for c in document.claims],
    )
    return dict(zip(GROUPS, groups, strict=True))


def _spans(doc: Doc, places: Iterable[_Place]) -> list[Span]:
    return [
        doc.char_span(place.start, place.end, label=label, span_id=name, alignment_mode="expand")
        for place, label, name in places
        if place.start < place.end
    ]


def make_report_structure(nlp: Language, name: str) -> ReportStructure:
    """The factory that spaCy finds by its entry point. Raises BrokenInstallation where the models cannot load."""
    return ReportStructure(load())


Language.factory("report_structure", assigns=["doc._.report"], func=make_report_structure)
