"""Genre: is this text a yearly disclosure report at all? What is none is said to be none, with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from extractor.document import Document, Message, Notice, Section
from extractor.lexicon import lexicon
from models.text import normalise, squeezed

ENOUGH = 2
HEAD = 3000
FAR = 40_000  # characters within which the subject of a report is named
MIN_STOPS = 3
MIN_PARAGRAPHS, MIN_SENTENCE, MIN_SENTENCES = 60, 20, 150
MIN_TITLE, MAX_TITLE = 8, 70
_BASIS = re.compile(r"政府信息公开条例|政府信息公开工作年度报告|信息公开年度报告")
_SUBJECT = re.compile(r"信息公开|政务公开|依申请公开")
_FULL_STOP = re.compile("[。；;]")
_STOP = re.compile("[，。；,;]")
_NONE = Message(
    "该文本不是政府信息公开工作年度报告：未发现其标题、章节或法定表格。",
    "This is no yearly disclosure report: no title, section or statutory table of one was found.",
)
_BLANK_FORM = Message(
    "该文本是空白的报告格式：有表格标签而无任何数值，亦无正文。",
    "This is an empty template: the tables have labels but no value, and there is no narrative.",
)


@dataclass(frozen=True, slots=True)
class Family:
    """Documents of another kind, told by a line of their head (``lexicon/genres.yaml``)."""

    id: str
    reason: Message
    of: tuple[str, ...]
    also: tuple[str, ...]
    never: tuple[str, ...]
    lines: int
    sections: int

    def names(self, line: str) -> bool:
        """Whether a line of the head names such a document."""
        return (
            any(w in line for w in self.of)
            and any(w in line for w in self.also)
            and not any(w in line for w in self.never)
        )


@cache
def families() -> tuple[Family, ...]:
    """The families of the lexicon, in its order."""
    return tuple(
        Family(f["id"], Message(f["zh"], f["en"]), tuple(f["of"]), tuple(f["and"]), tuple(f["not"]), f["lines"],
               f["sections"])
        for f in lexicon("genres")["families"]
    )  # fmt: skip


class GenreStage:
    """Weighs what speaks for a report: title, sections of the form, statutory tables, the legal basis.

    A text that has too little of it, or whose head names a document of another family and that prints no statutory
    table, keeps its blocks and warnings, but no sections, tables or claims: a page of navigation must never become a
    report in which everything is zero.
    """

    name = "genre"
    needs = ("metadata", "tables", "sections", "prose")
    makes = ("genre",)

    def __call__(self, document: Document) -> Document:
        if not document.text.strip():
            return _empty(document, "empty", Message("文本为空。", "The text is empty."))
        printed = [t for t in document.tables if any(c.status in ("read", "placed") for c in t.cells) or t.indicators]
        kinds = {s.kind for s in _walk(document.sections) if s.level == 1 and s.kind}
        if not printed:
            other = _other_family(document, len(kinds))
            if other is not None:
                return _empty(document, "not_a_report", other.reason)
        if _evidence(document, kinds, len(printed)) < ENOUGH or not (printed or kinds or _has_sentences(document)):
            return _empty(document, "not_a_report", _NONE)
        if document.tables and not printed and not _narrative(document):
            return _empty(document, "empty_template", _BLANK_FORM)
        return document


def _other_family(document: Document, kinds: int) -> Family | None:
    """The family that a line of the head names, unless the text has the sections of a report."""
    lines = _head_lines(document.text)
    return next((f for f in families() if kinds < f.sections and any(map(f.names, lines[: 2 * f.lines]))), None)


def _head_lines(text: str) -> list[str]:
    """The first lines that may be a title, each also with the next, since titles break. No title has a sentence."""
    lines = ["".join(line.split()) for line in normalise(text, 0, HEAD).text.split("\n")]
    long = [line[:MAX_TITLE] for line in lines if len(line) >= MIN_TITLE and not _STOP.search(line)]
    return [t for one, two in pairwise([*long, ""]) for t in (one, (one + two)[:MAX_TITLE])]


def _evidence(document: Document, kinds: Iterable[str | None], printed: int) -> int:
    titled = document.metadata.title is not None
    sections = len(set(kinds))
    if not _SUBJECT.search(squeezed(document.text, 0, FAR)):
        return min(printed, 2) * 2
    return (
        2 * titled * (sections > 0 or bool(document.prose))
        + min(sections, 3)
        + 2 * printed
        + bool(_BASIS.search(squeezed(document.text, 0, HEAD)))
    )


def _has_sentences(document: Document) -> bool:
    """Navigation and lists of links have hardly a comma or full stop."""
    return len(_STOP.findall(document.text)) >= MIN_STOPS


def _walk(sections: Iterable[Section]) -> Iterable[Section]:
    for section in sections:
        yield section
        yield from _walk(section.children)


def _narrative(document: Document) -> bool:
    """Is there more prose than headings and notes on how to fill in the form?"""
    if sum(b.span.end - b.span.start for b in document.blocks if b.type in ("paragraph", "item")) > MIN_PARAGRAPHS:
        return True
    # a report on one line has no block of its own for its prose
    labels = sorted((s.start, s.end) for s in document.labels)
    rest, at = [], 0
    for start, end in labels:
        rest.append(document.text[at : max(at, start)])
        at = max(at, end)
    pieces = [p.rsplit("\n", 1)[-1] for p in _FULL_STOP.split("".join([*rest, document.text[at:]]))[:-1]]
    return sum(len(p) for p in pieces if len(p) >= MIN_SENTENCE) > MIN_SENTENCES


def _empty(document: Document, code: str, reason: Message) -> Document:
    return document.having(
        headings=(), sections=(), tables=(), prose=(), labels=(), notices=(*document.notices, Notice(code, reason)),
    )  # fmt: skip
