"""The parts that every report has: six sections, three tables. A scraper may have lost one, so none is called wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from extractor.checks.base import Case, Verdict, finding, say
from extractor.document import Finding, Message, Section
from models.form import old_sections


class Structure:
    """Each section and each table of the form, there or not."""

    kind: ClassVar[str] = "structure"
    sentences: ClassVar[dict[str, Message]] = {
        "section": Message("有“{name}”一章。", "The section “{name}” is there."),
        "no_section": Message(
            "未见“{name}”一章；可能是报告缺失，也可能是抓取时丢失。",
            "No section “{name}” was found; the report may lack it, or it was lost on the way.",
        ),
        "table": Message("有法定表格{name}。", "The statutory table {name} is there."),
        "no_table": Message(
            "未见法定表格{name}；可能是报告缺失，也可能是图片或抓取时丢失。",
            "No statutory table {name} was found; the report may lack it, or it was an image or lost on the way.",
        ),
    }

    def __call__(self, case: Case) -> Iterator[Finding]:
        sections = {s.kind: s for s in _walk(case.document.sections) if s.kind}
        wanted = case.form.sections if case.form else old_sections()
        for section in wanted:
            have = sections.get(section.kind)
            verdict = _verdict(have is not None, "section")
            where = [have.heading.span] if have and have.heading else []
            message = say(self.sentences[verdict.sentence], name=section.title)
            yield finding(self.kind, verdict, message, evidence=where)
        for table in case.form.tables if case.form else ():
            there = table in case.figures.tables
            verdict = _verdict(there, "table")
            yield finding(self.kind, verdict, say(self.sentences[verdict.sentence], name=table[1:]))


def _verdict(there: bool, what: str) -> Verdict:
    if there:
        return Verdict("match", what, f"the {what} was found")
    return Verdict("unverifiable", f"no_{what}", f"the {what} was not found; it may have been lost")


def _walk(sections: Iterable[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _walk(section.children)
