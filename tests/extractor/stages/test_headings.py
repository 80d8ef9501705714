"""Headings and the section tree."""

from collections.abc import Sequence

import pytest

from extractor.document import Block, Document, Prose, Section, Span
from extractor.numbering import numbering
from extractor.stages.headings import HeadingStage
from models.claims.spans import TagSpan
from models.grid import segment


def document(text: str, types: dict[str, str], run_in: Sequence[str] = (), labels: Sequence[str] = ()) -> Document:
    """Blocks are paragraphs but for those whose text ``types`` names."""
    blocks = tuple(
        Block(Span(b.start, b.end), b.line, b.column, types.get(text[b.start : b.end], "paragraph"), 0.95)
        for b in segment(text)
    )
    tags = tuple(TagSpan(text.index(r), text.index(r) + len(r), "heading", 0.9) for r in run_in)
    places = tuple(Span(text.rindex(x), text.rindex(x) + len(x)) for x in labels)
    return Document(text, blocks=blocks, prose=(Prose(Span(0, len(text)), tags),), labels=places)


def headings(doc: Document) -> list[tuple[int, str, str | None]]:
    found = HeadingStage()(doc).headings
    return [(h.level, h.span.of(doc.text), h.kind) for h in found]


def test_title_lines_get_their_level_from_their_numbering() -> None:
    lines = ["一、总体情况", "（一）主动公开情况", "1.健全制度", "（1）明确分工"]
    found = headings(document("\n".join(lines), dict.fromkeys(lines, "heading")))
    assert found == [
        (1, "一、总体情况", "overview"),
        (2, "（一）主动公开情况", None),
        (3, "1.健全制度", None),
        (4, "（1）明确分工", None),
    ]


def test_a_run_in_heading_ends_before_its_stop() -> None:
    text = "（二）依申请公开方面。全年收到申请3件。"
    assert headings(document(text, {}, run_in=["（二）依申请公开方面。"])) == [(2, "（二）依申请公开方面", None)]


def test_a_row_of_a_table_is_no_heading() -> None:
    text = "四、结转下年度继续办理\n0\n四、政府信息公开行政复议、行政诉讼情况"
    doc = document(text, dict.fromkeys(text.split("\n"), "heading"), labels=["四、结转下年度继续办理"])
    assert headings(doc) == [(1, "四、政府信息公开行政复议、行政诉讼情况", "disputes")]


def test_a_title_torn_over_two_lines_is_one_heading() -> None:
    text = "三、收到和处理政府信息公开申请\n情况\n正文在此。"
    doc = document(text, {"三、收到和处理政府信息公开申请": "heading", "情况": "heading"})
    assert headings(doc) == [(1, "三、收到和处理政府信息公开申请\n情况", "requests")]


def test_a_title_without_number_counts_where_it_names_a_section() -> None:
    assert headings(document("总体情况\n正文。", {"总体情况": "heading"})) == [(1, "总体情况", "overview")]


def test_titles_listed_in_an_introduction_are_no_headings() -> None:
    text = "本报告包括一、总体情况；二、主动公开政府信息情况；三、收到和处理政府信息公开申请情况。"
    assert headings(document(text, {}, run_in=["一、总体情况"])) == []


def test_a_section_title_inside_glued_text_is_found_by_the_form() -> None:
    text = "工作扎实推进。二、主动公开政府信息情况第二十条第（一）项"
    assert headings(document(text, {})) == [(1, "二、主动公开政府信息情况", "disclosure")]


def test_list_items_are_no_headings() -> None:
    assert headings(document("一是加强领导", {"一是加强领导": "heading"})) == []


def test_sections_nest_by_level_and_end_where_the_next_begins() -> None:
    text = "一、总体情况\n（一）主动公开\n（二）监督保障\n二、主动公开政府信息情况\n"
    doc = HeadingStage()(document(text, dict.fromkeys(text.split("\n"), "heading")))

    def shape(sections: Sequence[Section]) -> list[object]:
        return [(s.title, doc.text[s.span.start : s.span.end].count("\n"), shape(s.children)) for s in sections]

    assert shape(doc.sections) == [
        ("总体情况", 3, [("主动公开", 1, []), ("监督保障", 1, [])]),
        ("主动公开政府信息情况", 1, []),
    ]


@pytest.mark.parametrize(
    ("text", "level", "ordinal"),
    [
        ("一、总", 1, "一"),
        ("一.总", 1, "一"),
        ("(二)(一)主", 2, "二"),
        ("一)主动", 2, "一"),
        ("3、加", 3, "3"),
        ("(1) 主", 4, "1"),
    ],
)
def test_numbering_is_read_in_all_its_shapes(text: str, level: int, ordinal: str) -> None:
    found = numbering(text)
    assert found is not None
    assert (found.level, found.ordinal) == (level, ordinal)


@pytest.mark.parametrize("text", ["1.5万元", "一是加强", "三审三校", "2023年", "十分重视"])
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert numbering(text) is None


@pytest.mark.parametrize("marked", ["强化平台建设", "）强化平台建设", "（二）强化平台建设"])
def test_a_mark_that_misses_the_numbering_is_moved_to_it(marked: str) -> None:
    text = "全年平稳。（二）强化平台建设。抓好日常维护。"
    assert headings(document(text, {}, run_in=[marked])) == [(2, "（二）强化平台建设", None)]


def test_a_mark_in_the_middle_of_a_sentence_is_no_heading() -> None:
    assert headings(document("我局持续强化平台建设。抓好维护。", {}, run_in=["强化平台建设"])) == []


def test_a_doubled_numeral_keeps_both_its_parts() -> None:
    text = "全年平稳。（二）（一）主动公开。抓好日常维护。"
    assert headings(document(text, {}, run_in=["（一）主动公开"])) == [(2, "（二）（一）主动公开", None)]


def test_headings_that_touch_each_other_are_both_kept() -> None:
    text = "全年平稳。1.抓好重点工作（1）推进预算公开。按时公布。"
    found = headings(document(text, {}, run_in=["1.抓好重点工作", "（1）推进预算公开"]))
    assert [h[1] for h in found] == ["1.抓好重点工作", "（1）推进预算公开"]


def test_a_heading_that_the_tagger_tore_is_put_together() -> None:
    text = "全年平稳。（一）着力加强公开解读工作。按时公布。"
    assert headings(document(text, {}, run_in=["（一）着力加", "公开解读工作"])) == [
        (2, "（一）着力加强公开解读工作", None)
    ]


def test_a_line_without_number_that_leads_into_a_list_or_goes_on_a_sentence_is_no_heading() -> None:
    assert headings(document("正文。\n整改打算：\n（一）加强学习", {"整改打算：": "heading"})) == []
    assert headings(document("着力提高工作规范\n化水平与效率\n正文。", {"化水平与效率": "heading"})) == []
    assert headings(document("正文。\n平台建设情况\n正文。", {"平台建设情况": "heading"})) == [
        (2, "平台建设情况", None)
    ]


def test_a_numeral_with_a_comma_numbers_a_section_title_too() -> None:
    assert headings(document("一,总体情况\n正文。", {"一,总体情况": "heading"})) == [(1, "一,总体情况", "overview")]
