"""A document as an annotation record: the model's own answers, so that a person corrects instead of labelling."""

from __future__ import annotations

from collections.abc import Iterable

from extractor.document import Document
from models.annotations.build import known_cells
from models.annotations.draft import Region, regions
from models.annotations.record import LAYERS, PARTS, Block, Cell, Claim, Heading, Layer, Number, Record, order
from models.annotations.shape import Page, collisions, misfit

_DEEPEST = 6


def preannotate(document: Document, layers: Iterable[Layer] = LAYERS) -> Record:
    """The record of a document. Layers that are not asked for count as not annotated.

    Findings follow from cells and claims, and cells that were not found say nothing: neither is in it. An answer that
    no annotation may look like (a number cut in two) is left out, so that what is exported can be imported again.
    """
    wanted = tuple(layers)
    m = document.metadata
    said = {"format": m.format, "year": m.year, "issuer": m.issuer, "title": m.title, "published": m.published}
    fields = {name: value for name, value in said.items() if value is not None}
    whole = Record(
        document.id, document.text, fields, _headings(document), _claims(document), _cells(document), _blocks(document)
    )
    kept = _fitting(whole)
    parts = {
        part: tuple(i for i in getattr(whole, part) if (layer, i.start, i.end) in kept or i.start == i.end)
        if layer in wanted
        else None
        for layer, part in PARTS.items()
    }
    return Record(whole.id, whole.text, fields, parts["headings"], parts["claims"], parts["cells"], parts["blocks"])


def _fitting(record: Record) -> set[tuple[str, int, int]]:
    """The places of everything that would be taken in again; of two that overlap, the first."""
    page = Page(record.text)
    found = [r for r in regions(record) if misfit(page, r, r.start, r.end, vouched=True) is None]
    while clashes := collisions(found):
        later = {id(b) for _, b in clashes}
        found = [r for r in found if id(r) not in later]
    return {(r.layer, r.start, r.end) for r in found if _known(r)}


def _known(region: Region) -> bool:
    return region.layer != "cell" or region.attributes["id"] in known_cells()


def _headings(document: Document) -> tuple[Heading, ...]:
    found = sorted(document.headings, key=lambda h: (h.span.start, h.span.end))
    return tuple(Heading(h.span.start, h.span.end, min(h.level, _DEEPEST), h.kind) for h in found)


def _claims(document: Document) -> tuple[Claim, ...]:
    return tuple(
        Claim(
            c.span.start,
            c.span.end,
            c.kind,
            _number(c.value),
            c.unit,
            c.approx,
            c.scope,
            c.metrics,
            c.concepts,
        )
        for c in sorted(document.claims, key=lambda c: (c.span.start, c.span.end))
    )


def _cells(document: Document) -> tuple[Cell, ...]:
    """Cells with a place first, in text order, as records keep them."""
    known = known_cells()
    read = [c for t in document.tables for c in t.cells if c.status != "unread" and c.id in known]
    made = [Cell(c.id, _number(c.value), *((c.span.start, c.span.end) if c.span else (None, None))) for c in read]
    return tuple(sorted(made, key=order))


def _blocks(document: Document) -> tuple[Block, ...]:
    return tuple(Block(b.span.start, b.span.end, b.type) for b in document.blocks)


def _number(value: float | None) -> Number | None:
    return int(value) if value is not None and value == int(value) else value
