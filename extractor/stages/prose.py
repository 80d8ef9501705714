"""Prose: the stretches of narrative (and of glue), read by the token classifier."""

from __future__ import annotations

from extractor.document import Document, Prose, Span
from models.claims.tag import ClaimTagger
from models.stretches import stretches


class ProseStage:
    """Runs the token classifier where the layout model says that there is prose or glue."""

    name = "prose"
    needs = ("blocks", "metadata")
    makes = ("prose",)

    def __init__(self, tagger: ClaimTagger) -> None:
        self._tagger = tagger

    def __call__(self, document: Document) -> Document:
        spans = stretches([(b.span.start, b.span.end, b.type) for b in document.blocks])
        year, issuer = document.metadata.year, document.metadata.issuer
        tagged = self._tagger.tag(document.text, spans, year, issuer)
        prose = tuple(Prose(Span(a, b), tuple(t)) for (a, b), t in zip(spans, tagged, strict=True))
        return document.having(prose=prose)
