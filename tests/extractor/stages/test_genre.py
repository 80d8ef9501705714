"""What is no such report is said to be none, with the reason, and never becomes a report of zeros."""

import pytest

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


OTHERS = (
    "《云溪县水务局2022年政府信息公开工作年度报告》解读\n为便于公众了解，现就报告的编制背景、主要内容、下一步安排解读如下。",
    "一图读懂云溪县2022年政府信息公开\n工作年度报告\n点击查看大图，请放大。",
    "关于做好2022年度政府信息公开工作年度报告编制工作的通知\n各科室：请于1月10日前报送，逾期通报，数据要准确，没有的填0。",
    "云溪县司法局2022年法治政府建设年度报告\n全年审查文件31件，办理复议案件5件，应诉2件。依申请公开工作有序。",
    "云溪县2022年度行政执法统计年报\n依申请公开事项已公开，行政处罚12件，行政强制0件，许可31件。",
    "云溪师范学院2021—2022学年信息公开工作年度报告\n学校公开信息12条，受理信息公开申请0件，无收费，无举报。",
    "云溪县人民医院信息公开年度报告\n医院公开信息12条，受理信息公开申请0件，无收费，无举报。",
)


@pytest.mark.parametrize("text", OTHERS)
def test_a_document_of_another_family_is_none_and_says_which(text: str) -> None:
    doc = Document(text, metadata=Metadata(title=text.split("\n")[0]), prose=(Prose(Span(0, len(text))),))
    found = GenreStage()(doc)
    assert [n.code for n in found.notices] == ["not_a_report"]
    assert not found.prose
    assert found.notices[0].message.en != "This is no yearly disclosure report"


def test_links_alone_are_no_report_though_one_of_them_is_called_so() -> None:
    text = "首页\n政务公开\n云溪县政府信息公开年报\n规章\n行政许可\n联系我们\n" * 8
    doc = Document(text, metadata=Metadata(title="云溪县政府信息公开年报"), prose=(Prose(Span(0, 9)),))
    assert codes(doc) == ["not_a_report"]


def test_a_report_of_a_college_district_or_with_links_to_its_interpretation_stays_one() -> None:
    for head in (
        "云溪县大学城管理委员会2022年政府信息公开工作年度报告",
        "首页 > 政策解读 > 云溪县2022年政府信息公开工作年度报告",
        "相关链接：《云溪县2022年政府信息公开工作年度报告》解读",
    ):
        text = head + "\n一、总体情况\n全年公开信息12条，受理申请3件，均已答复。"
        doc = Document(
            text, metadata=Metadata(title=head, year=2022), sections=(section(text, "总体情况", "overview"),)
        )
        assert codes(doc) == []


def test_a_printed_table_outweighs_what_the_title_says() -> None:
    text = "云溪师范学院信息公开年度报告\n3 信息公开申请"
    cell = Cell("t3.new.total", 3, "3", Span(16, 17), "read", 1.0)
    assert codes(Document(text, tables=(Table("t3", "2021", Span(16, 17), (cell,)),))) == []


def test_a_report_on_one_line_with_empty_tables_is_no_template() -> None:
    prose = "全年围绕供水保障与防汛抗旱开展公开工作，及时更新目录，规范办理流程，畅通查询渠道。" * 6
    text = f"云溪县水务局2022年政府信息公开工作年度报告一、总体情况{prose}二、主动公开政府信息情况规章行政规范性文件"
    blank = Cell("t2.regulations.made", None, "", None, "blank", 0.5)
    doc = Document(
        text,
        metadata=Metadata(title=text[:20], year=2022),
        sections=(section(text, "总体情况", "overview"),),
        tables=(Table("t2", "2021", Span(len(text) - 9, len(text)), (blank,)),),
        prose=(Prose(Span(0, len(text))),),
    )
    assert codes(doc) == []
