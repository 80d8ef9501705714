"""The statistics table of reports before 2019: names, units and numbers in every flattening."""

from collections.abc import Iterable

import pytest

from extractor.document import Document, Indicator, Metadata, Span, Table
from extractor.stages.indicators import IndicatorStage
from models.synthesis.report import Options, synthesize

HEAD = "青泽县2016年政府信息公开工作年度报告\n2016年，全县收到申请9件。\n附件：政府信息公开情况统计表\n"
TAIL = "\n青泽县人民政府办公室\n2017年1月12日\n"
ONE = ("指标名称", "计量单位", "2016年度")
TWO = (*ONE, "历年累计")
ROWS = (
    ("主动公开文件数", "条", "412", "3120"),
    ("其中：1.政府网站公开数", "条", "400", "3000"),
    ("2.政府公报公开数", "条", "12", "120"),
    ("收到申请数", "件", "9", "47"),
    ("行政复议数", "件", "0", "0"),
)
NAMES = ["主动公开文件数", "政府网站公开数", "政府公报公开数", "收到申请数", "行政复议数"]


def read(table: str, year: int | None = 2016, tables: tuple[Table, ...] = ()) -> Document:
    return IndicatorStage()(Document(HEAD + table + TAIL, metadata=Metadata(year=year), tables=tables))


def found(document: Document) -> tuple[Indicator, ...]:
    table = document.table("x1")
    return table.indicators if table else ()


def values(document: Document) -> list[float | None]:
    return [i.value for i in found(document)]


def written(cell: str, row: str, rows: Iterable[tuple[str, ...]]) -> str:
    return row.join(cell.join(r) for r in rows)


@pytest.mark.parametrize(
    ("cell", "row"), [("\t", "\n"), (" | ", " |\n"), ("\n\n", "\n\n"), ("\n| ", "\n|\n"), (" ", "\n")]
)
def test_cells_are_read_however_they_are_parted(cell: str, row: str) -> None:
    document = read(written(cell, row, [TWO, *ROWS]))
    assert [i.name for i in found(document)] == NAMES
    assert values(document) == [412, 400, 12, 9, 0]
    assert [i.cumulative for i in found(document)] == [3120, 3000, 120, 47, 0]
    assert [i.span.of(document.text) for i in found(document)] == ["412", "400", "12", "9", "0"]


def test_rows_glued_on_one_line_give_back_the_numerals_of_their_lists() -> None:
    document = read(written("", "", [ONE, *(r[:3] for r in ROWS)]))
    assert [i.name for i in found(document)] == NAMES
    assert values(document) == [412, 400, 12, 9, 0]


def test_two_glued_columns_are_parted() -> None:
    document = read(written("", "", [TWO, *ROWS]))
    assert values(document) == [412, 400, 12, 9, 0]
    assert [i.cumulative for i in found(document)] == [3120, 3000, 120, 47, 0]
    assert [i.span.of(document.text) for i in found(document)] == ["412", "400", "12", "9", "0"]


def test_parts_that_add_up_decide_a_split_of_unusual_size() -> None:
    rows = [("收到申请数", "件", "3", "1234"), ("1.当面申请数", "件", "1", "234"), ("2.信函申请数", "件", "2", "1000")]
    document = read(written("", "", [TWO, *rows, ("行政复议数", "件", "0", "0")]))
    assert values(document) == [3, 1, 2, 0]


def test_the_cumulative_column_may_stand_first() -> None:
    rows = [("收到申请数", "件", "340", "12"), ("行政复议数", "件", "0", "0"), ("举报投诉数", "件", "25", "3")]
    document = read(written("", "", [("指标名称", "单位", "历年累计", "2016年度"), *rows]))
    assert [(i.value, i.cumulative) for i in found(document)] == [(12, 340), (0, 0), (3, 25)]
    assert found(document)[0].span.of(document.text) == "12"


def test_a_split_that_nothing_decides_is_left_unread_with_a_notice() -> None:
    rows = [("举报投诉数", "件", "1", "500"), ("收到申请数", "件", "1", "211"), ("行政复议数", "件", "0", "0")]
    document = read(written("", "", [("指标名称", "单位", "2016年度", "2015年度"), *rows]))
    assert values(document)[1] is None
    notice = next(n for n in document.notices if n.span and n.span.of(document.text) == "1211")
    assert notice.code == "indicator_unread"


def test_a_column_of_codes_is_no_value() -> None:
    rows = [(n, u, f"{i:02d}", a, b) for i, (n, u, a, b) in enumerate(ROWS, 1)]
    head = ("指标名称", "计量\n单位", "代码", "本期实际", "本年累计")
    assert values(read(written("\n| ", "\n|\n", [head, *rows]))) == [412, 400, 12, 9, 0]


def test_a_column_of_indices_is_no_value() -> None:
    rows = [(str(i), *r[:3]) for i, r in enumerate(ROWS, 1)]
    head = ("序号", "统计指标", "单位", "统计数")
    assert values(read(written("\t", "\n", [head, *rows]))) == [412, 400, 12, 9, 0]


def test_the_column_of_the_reports_year_is_the_value() -> None:
    document = read(written("\t", "\n", [("指标名称", "单位", "2015年", "2016年"), *ROWS]))
    assert values(document) == [3120, 3000, 120, 47, 0]
    assert all(i.cumulative is None for i in found(document))


def test_group_titles_and_remarks_are_no_part_of_a_name() -> None:
    table = (
        "统计指标\t单位\t统计数\n一、主动公开情况\t——\t\n（一）主动公开政府信息数\n（各渠道重复发布的只计1条）\t条\t88\n"
        "二、依申请公开情况\t——\t\n（一）收到申请数\t件\t5\n四、行政复议数量\t件\t1"
    )
    document = read(table)
    assert [(i.name, i.value) for i in found(document)] == [
        ("主动公开政府信息数", 88), ("收到申请数", 5), ("行政复议数量", 1),
    ]  # fmt: skip
    assert any("二、依申请公开情况" in s.of(document.text) for s in document.labels)


def test_a_name_that_the_return_does_not_know_is_kept_as_printed() -> None:
    rows = [*(r[:3] for r in ROWS), ("政务热线受理总数", "个", "31")]
    assert found(read(written("\t", "\n", [ONE, *rows])))[-1].name == "政务热线受理总数"


def test_a_damaged_name_is_known_and_its_opposite_is_not_taken_for_it() -> None:
    rows = [("政府网站公槓数", "条", "4"), ("同意公开答复数", "件", "3"), ("不同意公开答复数", "件", "2")]
    assert [i.name for i in found(read(written("", "", [ONE, *rows])))] == [
        "政府网站公开数", "同意公开答复数", "不同意公开答复数",
    ]  # fmt: skip


def test_blank_cells_stay_blank() -> None:
    rows = [*(r[:3] for r in ROWS), ("行政诉讼数", "件", ""), ("举报投诉数", "件", "—")]
    assert values(read(written("\t", "\n", [ONE, *rows])))[-2:] == [None, None]


def test_an_empty_cell_before_a_number_is_seen_in_tabs_and_unsure_in_lines() -> None:
    rows = [*ROWS, ("行政诉讼数", "件", "", "6")]
    last = found(read(written("\t", "\n", [TWO, *rows])))[-1]
    assert (last.value, last.cumulative) == (None, 6)
    lines = read("\n".join(c for r in [TWO, *rows] for c in r if c))
    assert found(lines)[-1].value is None
    assert [n.code for n in lines.notices] == ["indicator_unread"]


def test_the_names_show_a_table_without_heads_and_without_units() -> None:
    assert values(read("\n".join(f"{n}\t{v}" for n, _, v, _ in ROWS))) == [412, 400, 12, 9, 0]


def test_a_table_makes_the_format_pre2019_and_drops_tables_read_inside_it() -> None:
    text = written("\t", "\n", [ONE, *(r[:3] for r in ROWS)])
    inside = Table("t4", "2021", Span(len(HEAD) + 40, len(HEAD) + 60))
    document = read(text, None, (inside,))
    assert document.metadata.format == "pre2019"
    assert [t.id for t in document.tables] == ["x1"]


def test_an_old_year_makes_the_format_without_a_table() -> None:
    document = read("无附件。", 2014)
    assert (document.metadata.format, document.tables) == ("pre2019", ())


def test_a_date_of_publication_before_2019_stands_in_for_the_year() -> None:
    metadata = Metadata(published="2015-03-02")
    assert IndicatorStage()(Document("报告如下。", metadata=metadata)).metadata.format == "pre2019"


def test_later_reports_and_reports_with_statutory_tables_are_left_alone() -> None:
    text = written("\t", "\n", [ONE, *(r[:3] for r in ROWS)])
    assert read(text, 2021).metadata.format is None
    assert found(read(text, 2021)) == ()
    assert found(read(text, None, (Table("t3", "2021", Span(0, 5)),))) == ()


@pytest.mark.parametrize(
    "text",
    [
        "政府信息公开指南\n政府信息公开情况统计表\n统计数据\n政府公报 3 4 5\n依申请公开\n",
        "全年收到申请12件，办结10件，行政复议数为2件，行政诉讼数为1件，主动公开数120条。",
        "指标名称\n| 计量单位\n| 代码\n| 本期实际\n|\n申请总数\n| 条\n| 01\n|\n|\n行政复议数\n| 件\n| 02\n|\n|\n"
        "行政诉讼数\n| 件\n| 03\n|\n|\n行政申诉数\n| 件\n| 04\n|\n|\n",
        "微博发布信息\t条\t12\n粉丝总数\t人\t300\n短视频数\t个\t4\n直播场次数\t场\t1\n",
        "",
    ],
)
def test_navigation_prose_templates_and_other_tables_have_no_indicators(text: str) -> None:
    assert found(IndicatorStage()(Document(text))) == ()


def test_synthetic_old_reports_are_read_whole() -> None:
    for index in range(8):
        made = synthesize(21, index, Options(form="pre2019", fault_rate=0.0))
        document = IndicatorStage()(Document(made.text, metadata=Metadata(year=made.gold["year"])))
        got = [(i.name, i.unit, i.value, i.span.start, i.span.end) for i in found(document)]
        want = [(i["name"], i["unit"], i["value"], i["start"], i["end"]) for i in made.gold["indicators"]]
        assert got == want
        assert document.metadata.format == "pre2019"
