"""From annotated reports to what the two models train on, the same forms that synthesis gives them.

What is held back (sentences that belong to another split) is left out: the layout model gets no type for such blocks,
the claims model does not read them.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.annotations.record import Claim, Record
from models.claims import data as claims
from models.form import FORM_IDS, load_form
from models.layout import data as layout
from models.synthesis.markup import Mark

Spans = Sequence[tuple[int, int]]


def layout_sample(record: Record, held_back: Spans = ()) -> layout.Sample | None:
    """The types of a record's blocks; None where nobody annotated them."""
    if record.blocks is None:
        return None
    kept = [b for b in record.blocks if not _touches(b.start, b.end, held_back)]
    return layout.Sample(record.text, tuple((b.start, b.end, b.type) for b in kept))


def claims_sample(
    record: Record, held_back: Spans = (), blocks: Sequence[tuple[int, int, str]] = ()
) -> claims.Sample | None:
    """Headings, cells and claims as marks; None where claims or headings were annotated by nobody.

    ``blocks`` (start, end, type) stand in for those of a record without any, such as the layout model's own answer.
    """
    if record.claims is None or record.headings is None:
        return None
    typed = [(b.start, b.end, b.type) for b in record.blocks] if record.blocks is not None else list(blocks)
    if record.cells is None:  # nobody said where the cells of glued rows are: they are not read
        typed = [one for one in typed if one[2] != "row"]
    marks = [Mark(a, b, "block", {"type": t}) for a, b, t in typed if not _touches(a, b, held_back)]
    marks += [Mark(h.start, h.end, "heading", {"level": h.level, "kind": h.kind}) for h in record.headings]
    for cell in record.cells or ():
        if cell.start is not None and cell.end is not None:
            marks.append(Mark(cell.start, cell.end, "cell", {"id": cell.id, "value": cell.value}))
    form = record.fields.get("format")
    for claim in record.claims:
        said = {"kind": claim.kind, "approx": claim.approx, "scope": claim.scope, "concepts": about(claim, form)}
        marks.append(Mark(claim.start, claim.end, "claim", said))
    year, issuer = record.fields.get("year"), record.fields.get("issuer")
    return claims.Sample(
        record.text, tuple(marks), year if isinstance(year, int) else None, issuer if isinstance(issuer, str) else None
    )


def about(claim: Claim, form: str | int | None) -> tuple[str, ...]:
    """The concepts that a claim is about: those it names, else those whose cells in this form are its metrics."""
    if claim.concepts is not None:
        return claim.concepts
    ids = [str(form)] if form in FORM_IDS else list(reversed(FORM_IDS))
    found = [next((c for i in ids if (c := load_form(i).concept_of(m)) is not None), None) for m in claim.metrics]
    return tuple(dict.fromkeys(c for c in found if c is not None))


def _touches(start: int, end: int, spans: Spans) -> bool:
    return any(a < end and start < b for a, b in spans)
