"""Labels as a file has them, before they are believed: regions with names and quotes, and what the file remembers.

A region is one label on one stretch of the text, the same for every format. Tools keep labels, but not all that a
label can say; what a format cannot carry in a label stands in its ``memory``, by the place it was at on export.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.annotations.record import CLAIM_KINDS, LAYERS, Cell, Claim, Heading, Json, Layer, Record
from models.layout.labels import BLOCK_TYPES

VERSION = 1
KEY = "nianbao"  # under which tools keep the sidecar for us


@dataclass(frozen=True, slots=True)
class Region:
    """``name``: a claim's kind, a block's type, "heading" or "cell". ``quote`` is what the file says stands there."""

    layer: Layer
    name: str
    start: int
    end: int
    attributes: Mapping[str, Any] = field(default_factory=dict)
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a file says of one text. ``where`` names the place in the file.

    ``layers``: those that were annotated; None where the file does not say, and labels alone tell. ``expressed``:
    the attributes of each layer that the labels themselves carry: there, what is absent was taken away on purpose.
    ``loose``: cells that no label can hold (blank, or without a place). ``extra_counted``: places in ``extra`` are
    counted as those of the labels are.
    """

    where: str
    id: str
    text: str
    regions: tuple[Region, ...]
    fields: Mapping[str, Any] = field(default_factory=dict)
    layers: tuple[Layer, ...] | None = None
    loose: tuple[Json, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    memory: tuple[Region, ...] = ()
    expressed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    extra_counted: bool = False


def regions(record: Record) -> list[Region]:
    """Everything of a record that covers characters, layer by layer in text order."""
    text = record.text
    out = [
        Region("heading", "heading", h.start, h.end, _heading(h), text[h.start : h.end]) for h in record.headings or ()
    ]
    out += [Region("claim", c.kind, c.start, c.end, _claim(c), text[c.start : c.end]) for c in record.claims or ()]
    for cell in record.cells or ():
        if cell.start is not None and cell.end is not None and cell.start < cell.end:
            out.append(Region("cell", "cell", cell.start, cell.end, _cell(cell), text[cell.start : cell.end]))
    return out + [Region("block", b.type, b.start, b.end, {}, text[b.start : b.end]) for b in record.blocks or ()]


def loose(record: Record) -> list[Json]:
    """The cells that cover no character, as plain data."""
    out: list[Json] = []
    for cell in record.cells or ():
        if cell.start is None or cell.start == cell.end:
            place = {} if cell.start is None else {"start": cell.start, "end": cell.end}
            out.append({**_cell(cell), **place})
    return out


def sidecar(record: Record, expressed: Mapping[str, frozenset[str]] | None = None) -> Json:
    """What goes beside the labels so that nothing is lost: it comes back with the file as its memory.

    Every label with its quote; or, for a format that keeps quotes and ``expressed`` attributes by itself, only those
    labels of which more is to be said.
    """
    listed = regions(record)
    if expressed is not None:
        listed = [r for r in listed if set(r.attributes) - expressed.get(r.layer, frozenset())]
    return {
        "version": VERSION,
        "id": record.id,
        "layers": list(record.layers()),
        "fields": dict(record.fields),
        "loose": loose(record),
        "extra": dict(record.extra),
        "regions": [[r.layer, r.name, r.start, r.end, r.quote, dict(r.attributes)] for r in listed],
    }


def recalled(where: str, text: str, labels: Iterable[Region], side: Any, **more: Any) -> Draft:
    """A draft from labels and the sidecar that came back with them (None, or anything else, where there is none).

    Raises TypeError, KeyError or ValueError for a text that is none and for a sidecar that was tampered with.
    """
    if not isinstance(text, str):
        raise TypeError(f"{where}: the text is {type(text).__name__}")
    if not isinstance(side, Mapping) or side.get("version") != VERSION:
        return Draft(where, str(more.pop("id", "")), text, tuple(labels), **more)
    memory = tuple(Region(layer, name, a, b, said, quote) for layer, name, a, b, quote, said in side["regions"])
    layers = tuple(layer for layer in LAYERS if layer in side["layers"])
    fields = {**side["fields"], **more.pop("fields", {})}
    more.pop("id", None)
    return Draft(
        where, str(side["id"]), text, tuple(labels), fields, layers, tuple(side["loose"]), side["extra"], memory, **more
    )


def named(label: str) -> tuple[Layer, str, Json] | None:
    """What a label's name means: ``claim=count``, ``heading=2``, ``cell=t3.new.total``, ``block=title``; or bare names.

    A bare kind of claim, type of block, "heading" or "cell" is taken too, in any case, as other projects write them.
    """
    layer, sign, name = label.strip().partition("=")
    layer, bare = layer.strip().lower(), name.strip()
    if not sign:
        if layer in CLAIM_KINDS:
            return "claim", layer, {}
        if layer in ("heading", "cell"):
            return ("heading", "heading", {}) if layer == "heading" else ("cell", "cell", {})
        return ("block", layer, {}) if layer in BLOCK_TYPES else None
    if layer == "claim" and bare in CLAIM_KINDS:
        return "claim", bare, {}
    if layer == "block" and bare in BLOCK_TYPES:
        return "block", bare, {}
    if layer == "heading" and bare.isdecimal():
        return "heading", "heading", {"level": int(bare)}
    return ("cell", "cell", {"id": bare}) if layer == "cell" and bare else None


def label_of(region: Region) -> str:
    """The name under which a region goes into a tool that knows names only."""
    said = {"heading": region.attributes.get("level"), "cell": region.attributes.get("id")}
    return f"{region.layer}={said.get(region.layer, region.name)}"


def _heading(heading: Heading) -> Json:
    out: Json = {"level": heading.level}
    if heading.kind is not None:
        out["kind"] = heading.kind
    if heading.optional:
        out["optional"] = True
    return {**out, **heading.extra}


def _claim(claim: Claim) -> Json:
    out: Json = {
        "value": claim.value,
        "unit": claim.unit,
        "approx": claim.approx,
        "scope": claim.scope,
        "metrics": list(claim.metrics),
    }
    if claim.concepts is not None:
        out["concepts"] = list(claim.concepts)
    return {**out, **claim.extra}


def _cell(cell: Cell) -> Json:
    return {"id": cell.id, "value": cell.value, **({"uncertain": True} if cell.uncertain else {})}
