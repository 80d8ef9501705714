"""What is no such report is said to be none, with the reason, and never becomes a report of zeros."""

from extractor.document import Block, Cell, Document, Heading, Metadata, Prose, Section, Span, Table
from extractor.stages.genre import GenreStage


def section(text: str, title: str, kind: str | None) -> Section:
    at = text.index(title)
    head = Heading(Span(at, at + len(title)), 1, "一", title, kind, 1.0, "layout")
    return Section(Span(at, len(text)), 1, "一", title, kind, head)


def codes(document: Document) -> list[str]:
    return [n.code for n in GenreStage()(document).notices]


def test_navigation_alone_is_no_report() -> None:
    text = "首页\n政务公开\n信息公开指南\n信息公开年报\n联系我们"
    assert codes(Document(text, blocks=(Block(Span(0, 2), 0, 0, "noise", 0.9),))) == ["not_a_report"]


def test_white_space_alone_is_said_to_be_empty() -> None:
    assert codes(Document(" \n\t\n")) == ["empty"]


def test_a_title_and_a_section_of_the_form_make_a_report() -> None:
    text = "云溪县水务局2022年政府信息公开工作年度报告\n总体情况\n"
    doc = Document(
        text, metadata=Metadata(title=text.split("\n")[0], year=2022), sections=(section(text, "总体情况", "overview"),)
    )
    assert codes(doc) == []


def test_a_printed_table_makes_a_report_even_without_title_or_headings() -> None:
    cell = Cell("t3.new.total", 3, "3", Span(0, 1), "read", 1.0)
    text = "3 政府信息公开申请"
    assert codes(Document(text, tables=(Table("t3", "2021", Span(0, 1), (cell,)),))) == []


def test_a_form_without_values_or_narrative_is_an_empty_template() -> None:
    text = "政府信息公开工作年度报告（格式）\n总体情况\n二、主动公开政府信息情况"
    blank = Cell("t2.regulations.made", None, "", None, "blank", 0.5)
    doc = Document(
        text,
        metadata=Metadata(title="政府信息公开工作年度报告"),
        sections=(section(text, "总体情况", "overview"),),
        tables=(Table("t2", "2021", Span(0, 1), (blank,)),),
        prose=(Prose(Span(0, 5)),),
    )
    found = GenreStage()(doc)
    assert [n.code for n in found.notices] == ["empty_template"]
    assert not found.tables


def test_a_report_on_another_subject_is_none() -> None:
    text = "云溪县水务局2022年法治政府建设情况\n一、总体情况\n行政复议3件。"
    doc = Document(text, sections=(section(text, "总体情况", "overview"),), prose=(Prose(Span(0, len(text))),))
    assert codes(doc) == ["not_a_report"]
