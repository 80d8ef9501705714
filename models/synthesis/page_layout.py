"""How a document's lines are laid out: separators and indents, one glued line, hard-wrapped PDF text with page numbers.

A document under construction carries ``region`` marks with a role: head, prose, table or tail. What layouts do
depends on the role: tables keep the line breaks of their own style.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_right

from models.synthesis.markup import Mark, Marked

# a line break inside a heading or word: outlives the layout of paragraphs, becomes "\n" at the end
INNER_BREAK = "\ue000"
_DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NO_LINE_START = "，。、；：）”》〉！？％%),;:"


def splice(base: Marked, inserts: list[tuple[int, Marked]]) -> Marked:
    """The text with marked texts put in at places of ``base``; all marks move along."""
    ordered = sorted(inserts, key=lambda x: x[0])
    out = base.substitute([(at, at, new.text) for at, new in ordered])
    shift = 0
    for at, new in ordered:
        start = at + shift
        out.marks += [Mark(m.start + start, m.end + start, m.kind, m.data) for m in new.marks]
        shift += len(new.text)
    return out


def roles(doc: Marked) -> list[tuple[int, int, str]]:
    """Start, end and role of every region in text order."""
    return [(m.start, m.end, m.data["role"]) for m in doc.of("region")]


def role_at(regions: list[tuple[int, int, str]], at: int) -> str | None:
    i = bisect_right([r[0] for r in regions], at) - 1
    return regions[i][2] if i >= 0 and at < regions[i][1] else None


def spread(doc: Marked, sep: str, indent: str, indent_headings: bool) -> Marked:
    """Paragraphs apart by ``sep`` and indented; the breaks between regions too."""
    flush = set() if indent_headings else {m.start for m in doc.of("block") if m.data["type"] == "heading"}
    regions = roles(doc)
    edits: list[tuple[int, int, str]] = []
    for start, end, role in regions:
        if role == "prose":
            opens = start == 0 or doc.text[start - 1] == "\n"  # else it is glued to the paragraph before
            edits += [(start, start, indent)] if indent and opens and start not in flush else []
            breaks = [i for i in range(start, end) if doc.text[i] == "\n"]
            edits += [(i, i + 1, sep + ("" if i + 1 in flush else indent)) for i in breaks]
    inside = [(s, e) for s, e, _ in regions]
    outside = _outside(inside, doc.text)
    edits += [(i, i + 1, sep) for i in outside]
    return doc.substitute(edits)


def _outside(spans: list[tuple[int, int]], text: str) -> list[int]:
    """Line breaks that stand in no region."""
    out: list[int] = []
    at = 0
    for start, end in [*spans, (len(text), len(text))]:
        out += [i for i in range(at, start) if text[i] == "\n"]
        at = max(at, end)
    return out


def run_together(doc: Marked, glue: str) -> Marked:
    """The whole report on one line; page head and tail keep their lines."""
    keep = [(s, e) for s, e, role in roles(doc) if role in ("head", "tail")]
    bounds = {e for s, e in keep} | {s - 1 for s, e in keep}
    edits = [
        (m.start(), m.end(), glue)
        for m in re.finditer(r"[\n\ue000]+", doc.text)
        if not any(s <= m.start() < e for s, e in keep) and m.start() not in bounds
    ]
    return doc.substitute(edits)


def wrap(rng: random.Random, doc: Marked) -> Marked:
    """Hard-wrapped prose with spaces around its numbers, as a PDF's text layer has it."""
    width = rng.randint(22, 36)
    spaced = rng.random() < 0.8
    doc = space_numbers(doc, [(s, e) for s, e, role in roles(doc) if role in ("prose", "head")]) if spaced else doc
    edits: list[tuple[int, int, str]] = []
    for start, end, role in roles(doc):
        if role == "prose":
            edits += _wrap_region(doc.text, start, end, width)
    return doc.substitute(edits)


def _wrap_region(text: str, start: int, end: int, width: int) -> list[tuple[int, int, str]]:
    edits: list[tuple[int, int, str]] = []
    at = start
    for line in text[start:end].split("\n"):
        cut = at + width
        stop = at + len(line)
        while cut < stop - 1:
            while cut > at and text[cut].isascii() and text[cut - 1].isascii():
                cut -= 1  # a number stays on its line
            while cut < stop - 1 and text[cut] in _NO_LINE_START:
                cut += 1
            if cut <= at or cut >= stop - 1:
                break
            gap = int(text[cut] == " ")  # the space at the break is lost
            edits.append((cut, cut + gap, "\n"))
            cut += gap
            at = cut
            cut += width
        at = stop + 1
    return edits


def space_numbers(doc: Marked, places: list[tuple[int, int]], before: bool = True, after: bool = True) -> Marked:
    """A space on either side of the numbers in ``places`` where they touch Chinese characters."""
    edits: list[tuple[int, int, str]] = []
    for start, end in places:
        for m in _DIGITS.finditer(doc.text, start, end):
            a, b = m.span()
            if before and a > start and "\u4e00" <= doc.text[a - 1] <= "\u9fff":
                edits.append((a, a, " "))
            if after and b < end and "\u4e00" <= doc.text[b] <= "\u9fff":
                edits.append((b, b, " "))
    return doc.substitute(edits)


def paginate(rng: random.Random, doc: Marked, height: int) -> Marked:
    """Page numbers alone on a line after every ``height`` lines, tables not spared."""
    shape = rng.choice(("{n}", "- {n} -", "-{n}-", "— {n} —", "P. {n}", "第{n}页", "{n}"))
    headings = [(m.start, m.end) for m in doc.of("heading")]
    breaks = [m.start() for m in re.finditer("\n", doc.text)]
    inserts: list[tuple[int, Marked]] = []
    number = 1
    for at in breaks[height::height]:
        if any(s < at < e for s, e in headings):
            continue
        page = Marked().add("\n").add(shape.format(n=number), "block", type="page_number")
        if rng.random() < 0.5:
            page.add("\n")
        inserts.append((at, page))
        number += 1
    return splice(doc, inserts)


def finish(doc: Marked) -> Marked:
    """Inner breaks become line breaks; the regions have served."""
    return Marked(doc.text.replace(INNER_BREAK, "\n"), [m for m in doc.marks if m.kind != "region"])
