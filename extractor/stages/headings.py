"""Headings and the section tree: title lines (layout model), run-in titles (token classifier), the form's own titles.

A row label of a table looks exactly like a heading (四、结转下年度继续办理): places that the table reader matched to
the form's labels are never headings. Levels follow the numbering; a title without number is a heading where it names
a section of the form (level 1) or where the layout model is sure of it (level 2).
"""

from __future__ import annotations

import bisect
import re
from dataclasses import replace

from extractor.checks.wording import page
from extractor.document import Document, Heading, Span
from extractor.numbering import Numbering, numbering
from extractor.section_tree import section_tree, without_contents
from extractor.titles import numbered_titles, section_kind
from models.claims.spans import TagSpan
from models.text import View, normalise, simplify, squeezed

SURE_LINE = 0.5
SURE_UNNUMBERED = 0.8
SURE_RUN_IN = 0.5
LONGEST = 48
REACH = 6
TORN = 4
_STOPS = "。.．:：;；,，、 \t\r\n\x0b\x0c\x85\u2028\u2029"
_END = re.compile(r"[。;；!！?？\n]|[:：](?!$)")
_LISTED = re.compile(r"\s?[;；]")
_PAUSES = ("，", ",", "、")
_NAMED = re.compile(r"[\u4e00-\u9fff]{0,2}(?:组成|构成|等)")  # titles that a sentence names; the mark may be short
_LIST_ITEM = re.compile(r"[一二三四五六七八九十]{1,2}(?:是|要)|第[一二三四五六七八九十]{1,2}(?:是|要|[,，、])")
_CAPTION = re.compile(r"[图表附]\s?表?[\d一二三四]")


class HeadingStage:
    """Makes ``headings`` in text order and ``sections``, the tree of them."""

    name = "headings"
    needs = ("blocks", "tables", "prose")
    makes = ("headings", "sections")

    def __call__(self, document: Document) -> Document:
        found = _in_lines(document) + _run_in(document) + _by_form(document)
        taken = _Taken(document.labels)
        kept = [h for h in sorted(found, key=lambda h: (-h.score, h.span.start)) if taken.add(h.span)]
        in_order = without_contents(sorted(kept, key=lambda h: h.span.start), document.text)
        headings, sections = section_tree(in_order, len(document.text))
        return document.having(headings=headings, sections=sections)


class _Taken:
    """Places that are spoken for: one heading a place, none on a table's label."""

    def __init__(self, labels: tuple[Span, ...]) -> None:
        self._labels = sorted((s.start, s.end) for s in labels)
        self._starts = [a for a, _ in self._labels]
        self._headings: list[tuple[int, int]] = []

    def add(self, span: Span) -> bool:
        """True, and the place is taken, where it was free."""
        if self._on_label(span):
            return False
        at = bisect.bisect_left(self._headings, (span.start, span.end))
        near = self._headings[max(0, at - 1) : at + 1]
        if any(a < span.end and span.start < b for a, b in near):
            return False
        self._headings.insert(at, (span.start, span.end))
        return True

    def _on_label(self, span: Span) -> bool:
        i = bisect.bisect_right(self._starts, span.start) - 1
        near = self._labels[max(0, i) : i + 3]
        return any(min(b, span.end) - max(a, span.start) > (span.end - span.start) // 2 for a, b in near)


def _heading(view: View, start: int, end: int, score: float, why: str) -> Heading | None:
    """The heading that stands at ``[start, end)`` of a view, without the stop that ends it."""
    words = view.text[start:end]
    start += len(words) - len(words.lstrip())
    end = start + len(view.text[start:end].rstrip(_STOPS))
    words = view.text[start:end]
    number = numbering(words)
    title = words[number.length :] if number else words
    if not 2 <= len(title) <= 2 * LONGEST or _LIST_ITEM.match(words) or _CAPTION.match(words):
        return None
    kind, likeness = section_kind(title.replace(" ", ""))
    level = _level(number, kind, score, likeness)
    if level is None:
        return None
    a, b = view.span(start, end)
    ordinal = number.ordinal if number else ""
    return Heading(Span(a, b), level, ordinal, title.strip(), kind if level == 1 else None, round(score, 4), why)


def _level(number: Numbering | None, kind: str | None, score: float, likeness: float) -> int | None:
    if number:
        return number.level
    if kind and likeness > 90:
        return 1
    return 2 if score >= SURE_UNNUMBERED else None


def _in_lines(document: Document) -> list[Heading]:
    """Blocks that the layout model calls headings; one torn over two lines is joined."""
    out: list[Heading] = []
    blocks = document.blocks
    for i, block in enumerate(blocks):
        if block.type != "heading" or block.score < SURE_LINE or (i and _continues(document, i)):
            continue
        end = block.span.end
        follows = i + 1 < len(blocks) and blocks[i + 1].type == "heading" and _continues(document, i + 1)
        if follows:
            end = blocks[i + 1].span.end
        view = normalise(document.text, block.span.start, end)
        stop = _END.search(view.text) if not follows else None
        cut = stop.start() if stop else len(view.text)
        heading = _heading(view, 0, cut, block.score, "layout")
        if heading and (heading.ordinal or heading.kind or _stands_alone(document, i)):
            out.append(heading)
    return out


def _stands_alone(document: Document, i: int) -> bool:
    """Is a line without number a title? Not where it leads into a list (``:``) or goes on the sentence above it."""
    blocks, text = document.blocks, document.text
    if text[blocks[i].span.end - 1] in ":：":
        return False
    above = blocks[i - 1] if i else None
    return above is None or above.type not in ("paragraph", "item") or text[above.span.end - 1] in "。.！？!?；;：:”）)"


def _continues(document: Document, i: int) -> bool:
    """Does heading block ``i`` go on the heading line before it? (no number of its own, and together a title)"""
    before, block = document.blocks[i - 1], document.blocks[i]
    if before.type != "heading" or block.line - before.line > 2:
        return False
    words = squeezed(document.text, block.span.start, block.span.end)
    if numbering(words) or section_kind(words)[1] > 90:
        return False
    joined = squeezed(document.text, before.span.start, block.span.end)
    number = numbering(joined)
    if number is None:
        return False
    alone = squeezed(document.text, before.span.start, before.span.end)[number.length :]
    return not alone or section_kind(joined[number.length :])[1] > section_kind(alone)[1]


def _run_in(document: Document) -> list[Heading]:
    """Headings that open a paragraph, as the token classifier marked them; items of a list are none."""
    out: list[Heading] = []
    for tag in _whole(document):
        start = _opening(document.text, tag.start)
        end = min(tag.end, tag.start + 2 * LONGEST)
        if start is None:
            continue
        view = normalise(document.text, start, end)
        named = document.text[start - 1 : start] in _PAUSES and _NAMED.match(document.text, end)
        heading = _heading(view, 0, len(view.text), tag.score * 0.99, "claims-tagger")
        if heading and (heading.ordinal or heading.kind) and not named and not _LISTED.match(document.text, end):
            out.append(heading)
    return out


def _whole(document: Document) -> list[TagSpan]:
    """The headings that were marked; one that the tagger tore is put together, up to the next numbering."""
    out: list[TagSpan] = []
    for tag in (t for p in document.prose for t in p.tagged if t.kind == "heading" and t.score >= SURE_RUN_IN):
        gap = document.text[out[-1].end : tag.start] if out else ""
        torn = out and tag.start - out[-1].end <= TORN and not _END.search(gap)
        if torn and not numbering(simplify(document.text[tag.start - len(gap) : tag.start + REACH])):
            out[-1] = replace(out[-1], end=tag.end, score=max(out[-1].score, tag.score))
        else:
            out.append(tag)
    return out


def _opening(text: str, start: int) -> int | None:
    """Where a heading marked at ``start`` opens: at its numbering, which may begin up to six characters before the
    mark; or at the start of a line or sentence. None in the middle of a sentence: no heading stands there."""
    here = min(start, REACH)
    near = simplify(text[start - here : start + REACH])
    for i in range(here + 1):
        number = numbering(near[i:])
        if number and i + number.length >= here:
            return start - here + i
    before = near[:here].rstrip(" \t")
    return start if not before or before[-1] in "。\n\r|!?" else None


def _by_form(document: Document) -> list[Heading]:
    """Numbered section titles that stand in running text or in glue, where neither model marked them."""
    out: list[Heading] = []
    view = page(document.text).view
    for m in numbered_titles().finditer(view.text):
        before, after = view.text[max(0, m.start() - REACH) : m.start()].rstrip(" "), view.text[m.end() : m.end() + 1]
        opens = not before or before[-1] in "。\n!！?？|)）" or before[-1].isdigit()
        if opens and after not in tuple("、,，;；和及等与"):
            heading = _heading(view, m.start(), m.end(), 0.5, "form title")
            out += [heading] if heading else []
    return out
