"""Genre: is this text a yearly disclosure report at all? What is none is said to be none, with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extractor.document import Document, Message, Notice, Section
from models.text import simplify, squeezed

ENOUGH = 2
_BASIS = re.compile(r"政府信息公开条例|政府信息公开工作年度报告|信息公开年度报告")
_SUBJECT = re.compile(r"信息公开|政务公开|依申请公开")


class GenreStage:
    """Weighs what speaks for a report: title, sections of the form, statutory tables, the legal basis.

    A text that has too little of it keeps its blocks and warnings, but no sections, tables or claims: a page of
    navigation must never become a report in which everything is zero.
    """

    name = "genre"
    needs = ("metadata", "tables", "sections", "prose")
    makes = ("genre",)

    def __call__(self, document: Document) -> Document:
        if not document.text.strip():
            return _empty(document, "empty", "文本为空。", "The text is empty.")
        printed = [t for t in document.tables if any(c.status in ("read", "placed") for c in t.cells) or t.indicators]
        evidence = _evidence(document, len(printed))
        if evidence < ENOUGH:
            return _empty(
                document, "not_a_report",
                "该文本不是政府信息公开工作年度报告：未发现其标题、章节或法定表格。",
                "This is no yearly disclosure report: no title, section or statutory table of one was found.",
            )  # fmt: skip
        if document.tables and not printed and not _narrative(document):
            return _empty(
                document, "empty_template",
                "该文本是空白的报告格式：有表格标签而无任何数值，亦无正文。",
                "This is an empty template: the tables have labels but no value, and there is no narrative.",
            )  # fmt: skip
        return document


def _evidence(document: Document, printed: int) -> int:
    kinds = {s.kind for s in _walk(document.sections) if s.level == 1 and s.kind}
    head = squeezed(document.text, 0, 3000)
    titled = document.metadata.title is not None
    subject = bool(_SUBJECT.search(simplify(document.text[:40000])))
    if not subject:
        return min(printed, 2) * 2
    return (
        2 * titled * (len(kinds) > 0 or bool(document.prose))
        + min(len(kinds), 3)
        + 2 * printed
        + bool(_BASIS.search(head))
    )


def _walk(sections: Iterable[Section]) -> Iterable[Section]:
    for section in sections:
        yield section
        yield from _walk(section.children)


def _narrative(document: Document) -> bool:
    """Is there more prose than headings?"""
    return sum(b.span.end - b.span.start for b in document.blocks if b.type in ("paragraph", "item")) > 60


def _empty(document: Document, code: str, zh: str, en: str) -> Document:
    notice = Notice(code, Message(zh, en))
    return document.having(
        headings=(), sections=(), tables=(), prose=(), labels=(), notices=(*document.notices, notice),
    )  # fmt: skip
