"""What is a table, what is none, and what stays unread."""

from __future__ import annotations

import random

import pytest

from extractor.document import Block, Span
from extractor.tables.read import TablesRead, read_tables
from models.form import load_form

APPLICANTS = "申请人情况 | 自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 总计 |\n"
HEADS = "结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 | "


def requests(values: dict[str, list[str]], sep: str = " | ", end: str = " |\n") -> str:
    rows = [r for r in load_form("2021").tables["t3"].rows if r.id in values]
    return APPLICANTS + "".join(sep.join([r.text, *values[r.id]]) + end for r in rows)


def zeros(**rows: str) -> dict[str, list[str]]:
    out = {r.id: ["0"] * 7 for r in load_form("2021").tables["t3"].rows}
    return out | {k.replace("__", "."): v.split() for k, v in rows.items()}


def value(read: TablesRead, cell: str) -> float | None:
    table = read.table(cell.split(".")[0])
    assert table is not None
    found = table.cell(cell)
    assert found is not None
    return found.value


def status(read: TablesRead, cell: str) -> str:
    table = read.table(cell.split(".")[0])
    assert table is not None
    found = table.cell(cell)
    assert found is not None
    return found.status


def test_navigation_words_are_no_table() -> None:
    read = read_tables("首页\n规章\n行政规范性文件\n行政许可\n行政处罚\n行政强制\n政府信息公开\n行政复议\n")
    assert read.tables == ()
    assert read.format is None


def test_a_narrative_of_results_is_no_table() -> None:
    text = (
        "全年新收申请31件，上年结转2件。其中予以公开12件，部分公开5件，不予公开3件，无法提供8件，不予处理2件，其他处理1件，"
        "结转下年度继续办理2件。行政复议3件，结果维持2件，结果纠正1件；行政诉讼0件。"
    )
    assert read_tables(text).tables == ()


def test_an_absent_table_is_not_all_zero() -> None:
    text = "二、主动公开政府信息情况\n见附件\n三、收到和处理政府信息公开申请情况\n" + requests(zeros())
    read = read_tables(text)
    assert [t.id for t in read.tables] == ["t3"]


def test_a_template_without_numbers_has_only_blank_cells() -> None:
    labels = [r.text for r in load_form("2021").tables["t3"].rows]
    read = read_tables(APPLICANTS + "\n".join(labels) + "\n")
    table = read.table("t3")
    assert table is not None
    assert {c.value for c in table.cells} == {None}


def test_a_wrong_total_is_read_as_printed_with_less_confidence() -> None:
    read = read_tables(requests(zeros(new="12 3 0 0 0 0 16", carried_out="12 3 0 0 0 0 15")))
    assert value(read, "t3.new.total") == 16
    table = read.table("t3")
    assert table is not None
    wrong, right = table.cell("t3.new.total"), table.cell("t3.carried_out.total")
    assert wrong is not None
    assert right is not None
    assert wrong.confidence < right.confidence


def test_a_row_that_is_missing_is_unread() -> None:
    rows = zeros(new="2 0 0 0 0 0 2")
    del rows["denied.third_party"]
    read = read_tables(requests(rows))
    assert status(read, "t3.denied.third_party.total") == "unread"
    assert value(read, "t3.denied.internal_affairs.total") == 0


def test_a_row_printed_twice_counts_once() -> None:
    text = requests(zeros(granted="4 0 0 0 0 0 4"))
    line = next(x for x in text.split("\n") if "予以公开" in x)
    assert value(read_tables(text.replace(line, f"{line}\n{line}")), "t3.granted.total") == 4


def test_rows_out_of_order_are_found_by_their_labels() -> None:
    lines = requests(zeros(granted="4 0 0 0 0 0 4", partial="1 0 0 0 0 0 1")).split("\n")
    i = next(i for i, x in enumerate(lines) if "予以公开" in x)
    lines[i], lines[i + 1] = lines[i + 1], lines[i]
    read = read_tables("\n".join(lines))
    assert (value(read, "t3.granted.total"), value(read, "t3.partial.total")) == (4, 1)


def test_dropped_blanks_leave_open_which_applicant_it_was() -> None:
    rows = {r: (["0"] if v[-1] == "0" else v) for r, v in zeros().items()}
    rows["new"] = ["3", "5", "8"]
    read = read_tables(requests(rows))
    assert value(read, "t3.new.total") == 8
    assert status(read, "t3.new.natural") == "unread"


def test_one_row_of_other_handling_under_the_2021_form_has_its_own_cells() -> None:
    rows = {k: v for k, v in zeros().items() if not k.startswith("other.")}
    text = requests(rows).replace("（七）总计", "（六）其他处理 | 2 | 0 | 0 | 0 | 0 | 0 | 2 |\n（七）总计")
    read = read_tables(text)
    assert value(read, "t3.other.total") == 2
    table = read.table("t3")
    assert table is not None
    assert table.cell("t3.other.other.total") is None


def test_an_extra_column_is_left_out() -> None:
    values = zeros(new="5 2 0 0 1 0 3 8", granted="4 1 0 0 0 0 1 5")
    text = requests({k: v if len(v) == 8 else ["0"] * 8 for k, v in values.items()})
    read = read_tables(text.replace("其他 | 总计", "其他 | 小计 | 总计"))
    assert (value(read, "t3.new.total"), value(read, "t3.new.other_org")) == (8, 0)


def test_a_page_number_in_a_table_is_no_value() -> None:
    text = requests(zeros(granted="4 0 0 0 0 0 4"), "\n\n", "\n\n").replace("1.属于国家", "- 5 -\n\n1.属于国家")
    read = read_tables(text.replace("2.其他法律", "第 6 页\n\n2.其他法律"))
    assert value(read, "t3.granted.total") == 4
    assert value(read, "t3.denied.state_secret.total") == 0


def test_misspelt_and_cut_labels_are_still_their_rows() -> None:
    text = requests(zeros(carried_out="3 0 0 0 0 0 3", rejected__repeat="1 0 0 0 0 0 1"))
    text = text.replace("四、结转下年度继续办理", "四、结转下年继续办").replace("2.重复申请", "2.重复申情")
    read = read_tables(text)
    assert (value(read, "t3.carried_out.total"), value(read, "t3.rejected.repeat.total")) == (3, 1)


def test_glued_digits_with_one_reading_are_split_and_others_stay_unread() -> None:
    text = (
        "第二十条第（一）项信息内容本年制发件数本年废止件数现行有效件数规章000行政规范性文件12345第二十条第（五）项信息内容"
        "本年处理决定数量行政许可87第二十条第（六）项信息内容本年处理决定数量行政处罚5行政强制0第二十条第（八）项信息内容"
        "本年收费金额（单位：万元）行政事业性收费0"
    )
    read = read_tables(text)
    assert value(read, "t2.regulations.valid") == 0
    assert value(read, "t2.licensing.processed") == 87
    table = read.table("t2")
    assert table is not None
    cell = table.cell("t2.normative.made")
    assert cell is not None
    assert (cell.status, cell.value) == ("unread", None)
    assert "could be" in cell.why
    assert [n.code for n in read.notices] == ["cells_unread"]


def test_fifteen_glued_digits_are_the_fifteen_outcomes() -> None:
    text = (
        "行政复议行政诉讼未经复议直接起诉复议后起诉"
        + "结果维持结果纠正其他结果尚未审结总计" * 3
        + "120030000010001五、"
    )
    read = read_tables(text)
    assert value(read, "t4.review.total") == 3
    assert value(read, "t4.litigation_after_review.maintain") == 1


def test_heads_torn_in_columns_do_not_hide_the_outcomes() -> None:
    head = (
        "行政复议 行政诉讼\n未经复议直接起诉 复议后起诉\n"
        + "结 结 其 尚 总\n果 果 他 未 计\n维 纠 结 审\n持 正 果 结\n" * 3
    )
    read = read_tables(head + "1 0 0 2 3 0 0 0 0 0 0 0 0 0 0\n五、存在的主要问题\n")
    assert (value(read, "t4.review.pending"), value(read, "t4.review.total")) == (2, 3)


def test_the_2019_block_in_a_2021_table_keeps_its_own_columns() -> None:
    text = (
        "第二十条第（一）项\n信息内容\t本年新制作数量\t本年新公开数量\t对外公开总数量\n规章\t0\t0\t0\n规范性文件\t4\t4\t31\n"
        "第二十条第（五）项\n信息内容\t本年处理决定数量\n行政许可\t56\n第二十条第（六）项\n信息内容\t本年处理决定数量\n"
        "行政处罚\t7\n行政强制\t0\n第二十条第（八）项\n信息内容\t本年收费金额（单位：万元）\n行政事业性收费\t2.5\n"
    )
    read = read_tables(text)
    assert value(read, "t2.normative.total_public") == 31
    assert value(read, "t2.licensing.processed") == 56
    assert value(read, "t2.fees.amount") == 2.5


def test_a_row_the_form_does_not_have_gives_its_numbers_to_no_one() -> None:
    text = (
        "第二十条第（一）项\n信息内容\t本年新制作数量\t本年新公开数量\t对外公开总数量\n规章\t0\t0\t0\n规范性文件\t4\t4\t31\n"
        "其他主动公开文件\t90\t88\t640\n第二十条第（五）项\n信息内容\t上一年项目数量\t本年增/减\t处理决定数量\n行政许可\t5\t0\t6\n"
    )
    read = read_tables(text)
    assert value(read, "t2.normative.total_public") == 31
    assert value(read, "t2.licensing.processed") == 6


def test_a_page_number_block_of_the_layout_holds_no_value() -> None:
    text = requests(zeros(granted="4 0 0 0 0 0 4"), "\n\n", "\n\n").replace("1.属于国家", "7\n\n1.属于国家")
    at = text.index("7\n\n1.属于")
    block = Block(Span(at, at + 1), 0, 0, "page_number", 0.99)
    table = read_tables(text, (block,)).table("t3")
    assert table is not None
    assert all(c.span is None or c.span.start != at for c in table.cells)
    assert all(c.status == "read" for c in table.cells)


@pytest.mark.parametrize("seed", range(12))
def test_random_edits_never_break_the_reader_or_move_a_span_off_its_text(seed: int) -> None:
    rng = random.Random(f"edits:{seed}")
    text = requests(zeros(new="12 3 0 0 0 0 15", granted="9 2 0 0 0 0 11"), "\n\n", "\n\n") + HEADS * 3 + "\n0 1 0 0 1"
    for _ in range(40):
        at = rng.randrange(len(text))
        text = rng.choice((text[:at] + text[at + 1 :], text[:at] + rng.choice("0|\n\t件。—") + text[at:]))
    for table in read_tables(text).tables:
        for cell in table.cells:
            if cell.span is not None:
                assert cell.raw.strip()
                assert 0 <= cell.span.start < cell.span.end <= len(text)


@pytest.mark.parametrize("piece", ["0|", "（", "1\n", "规章000", "行政复议", "-", "一、本年新收政府信息公开申请数量1"])
def test_time_grows_no_faster_than_the_text_allows(piece: str) -> None:
    read = read_tables(piece * 3000)
    assert len(read.tables) <= 3


@pytest.mark.parametrize("text", ["", "\n", "0", "\x00\x01\x02", "总计", "（" * 50])
def test_texts_without_tables_have_none(text: str) -> None:
    assert read_tables(text).tables == ()


def test_a_wrong_total_among_outcomes_stays_where_a_number_stands_in_front_of_the_heads() -> None:
    row = "0 | 0 | 0 | 0 | 3 | " + "0 | " * 10
    read = read_tables(
        f"行政复议0，\n行政诉讼0\n行政复议 | 行政诉讼 |\n未经复议直接起诉 | 复议后起诉 |\n"
        f"{HEADS * 3}\n{row}\n五、存在的问题\n"
    )
    assert (value(read, "t4.review.total"), value(read, "t4.litigation_direct.maintain")) == (3, 0)


def test_pipes_that_pad_the_heads_are_no_empty_outcomes() -> None:
    heads = "行政复议 |\n行政诉讼 |\n未经复议直接起诉 |\n复议后起诉 |\n" + HEADS.replace(" | ", " |\n") * 3
    read = read_tables(heads + "|||||\n" + "|\n" * 5 + "4 |\n|\n1 |\n7 |\n12 |\n" + "|\n" * 5 + "\n五、存在的问题\n")
    assert value(read, "t4.litigation_direct.maintain") == 4
    assert value(read, "t4.litigation_direct.total") == 12
