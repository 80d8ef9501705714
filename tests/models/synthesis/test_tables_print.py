"""What cells print, and what documents do to labels, heads and rows."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from models.form import load_form
from models.synthesis.facts import Facts
from models.synthesis.tables import (
    BLANKS,
    STYLES,
    Damage,
    NumberLook,
    PrintedCell,
    TableOptions,
    draw_blanks,
    draw_damage,
    print_cells,
    print_number,
    table_ids,
    write_table,
)


def small_facts(form_id: str) -> Facts:
    """Five requests: four of natural persons, one of a company; one refused to protect a third party."""
    form = load_form(form_id)
    values = dict.fromkeys(form.cell_ids(), 0.0)
    rows = {"new": (4, 1, 5), "granted": (2, 1, 3), "denied.third_party": (1, 0, 1), "result_total": (3, 1, 4)}
    for row, (natural, business, total) in {**rows, "carried_out": (1, 0, 1)}.items():
        values |= {f"t3.{row}.natural": natural, f"t3.{row}.business": business, f"t3.{row}.total": total}
    return Facts(form, 2021, "云溪区水务局", "云溪区", "bureau", "全区", "我局", values)


FACTS = {"2019": small_facts("2019"), "2021": small_facts("2021")}


def written(damage: Damage, table: str = "t3", style: str = "R-keep", form: str = "2021", seed: int = 1) -> str:
    return write_table(Random(seed), FACTS[form], table, STYLES[style], TableOptions(damage=damage)).text


def test_zeros_are_mostly_printed() -> None:
    drawn = Counter(draw_blanks(Random(f"blanks:{i}")) for i in range(4000))
    assert set(drawn) == set(BLANKS)
    assert 0.79 < drawn["zeros"] / 4000 < 0.87
    assert 0.07 < (drawn["blanks"] + drawn["natural"]) / 4000 < 0.13


@pytest.mark.parametrize(
    ("blanks", "texts"),
    [
        ("zeros", ["4", "1", "0", "0", "0", "0", "5"]),
        ("blanks", ["4", "1", "", "", "", "", "5"]),
        ("natural", ["4", "1", "", "", "", "", "5"]),
        ("totals", ["", "", "", "", "", "", "5"]),
        ("slash", ["4", "1", "/", "/", "/", "/", "5"]),
        ("dash", ["4", "1", "-", "-", "-", "-", "5"]),
        ("underscore", ["4", "1", "_", "_", "_", "_", "5"]),
        ("empty", ["", "", "", "", "", "", ""]),
    ],
)
def test_zeros_are_printed_by_the_habit_of_the_document(blanks: str, texts: list[str]) -> None:
    facts = FACTS["2021"]
    cells = print_cells(facts, table_ids(facts, "t3"), blanks, NumberLook(), {})  # type: ignore[arg-type]
    row = [cells[c] for c in table_ids(facts, "t3") if c.startswith("t3.new.")]
    assert [c.text for c in row] == texts
    assert all((c.value is None) == (c.text in ("", "/", "-", "_")) for c in row)


@pytest.mark.parametrize(
    ("value", "cell", "look", "text"),
    [
        (5, "t2.licensing.delta", NumberLook("sign"), "+5"),
        (-4, "t2.licensing.delta", NumberLook("word"), "减4"),
        (0, "t2.licensing.delta", NumberLook("word"), "未增未减"),
        (-3, "t2.licensing.delta", NumberLook("plain"), "-3"),
        (523.15, "t2.fees.amount", NumberLook(unit=True), "523.15万元"),
        (31, "t2.procurement.count", NumberLook(unit=True), "31批次"),
        (47.1, "t2.fees.amount", NumberLook(two_decimals=True), "47.10"),
        (149.673874, "t2.fees.amount", NumberLook(), "149.673874"),
        (10087, "t2.coercion.processed", NumberLook(thousands=True), "10,087"),
        (120, "t3.new.total", NumberLook(wide=True), "１２０"),
    ],
)
def test_numbers_are_written_as_reports_write_them(value: float, cell: str, look: NumberLook, text: str) -> None:
    assert print_number(value, cell, look) == text


def test_white_space_inside_a_cell_is_no_part_of_its_mark() -> None:
    options = TableOptions(look=NumberLook(lead="\u00a0"))
    text = write_table(Random(1), FACTS["2021"], "t3", STYLES["T"], options)
    assert "\t\u00a04\t" in text.text
    assert {text.text[m.start : m.end] for m in text.of("cell")} == {"0", "1", "2", "3", "4", "5"}


def test_a_planted_cell_is_printed_as_the_caller_says() -> None:
    cells = {"t3.new.total": PrintedCell("7", 7), "t3.new.social": PrintedCell("无", None)}
    text = write_table(Random(1), FACTS["2021"], "t3", STYLES["C"], TableOptions(cells=cells))
    marks = {m.data["id"]: m for m in text.of("cell")}
    assert marks["t3.new.total"].data == {"id": "t3.new.total", "value": 7, "status": "read"}
    assert marks["t3.new.social"].data == {"id": "t3.new.social", "value": None, "status": "blank"}
    assert text.text[marks["t3.new.social"].start] == "无"


def test_a_missing_row_is_gone_and_its_cells_are_lost() -> None:
    facts = FACTS["2021"]
    text = write_table(Random(4), facts, "t3", STYLES["R-keep"], TableOptions(damage=Damage(rows_missing=1)))
    lost = [m for m in text.of("cell") if m.data["status"] == "lost"]
    assert len(lost) == 7
    assert all(m.data["uncertain"] and m.start == m.end for m in lost)
    assert len(text.text.split("\n")) == len(written(Damage()).split("\n")) - 1


def test_a_doubled_row_stands_twice_and_is_marked_once() -> None:
    text = written(Damage(rows_doubled=1))
    lines = Counter(text.split("\n"))
    assert sorted(lines.values())[-2:] == [1, 2]


def test_swapped_rows_keep_their_numbers_and_labels() -> None:
    plain, swapped = (written(d, style="L-drop").split() for d in (Damage(), Damage(rows_swapped=1)))
    assert plain != swapped
    assert sorted(plain) == sorted(swapped)


def test_a_group_without_labels_keeps_its_numbers() -> None:
    text = written(Damage(group_dropped="denied"))
    assert "属于国家秘密" not in text
    assert text.count("\n") == written(Damage()).count("\n")
    assert "\n1 | 0 | 0 | 0 | 0 | 0 | 1 |" in text  # 保护第三方合法权益


def test_a_subtotal_column_stands_before_the_total() -> None:
    text = written(Damage(subtotal=True), style="T")
    assert "其他\t小计" in text
    assert "申请数量\t\t\t4\t1\t0\t0\t0\t0\t1\t5" in text


@pytest.mark.parametrize("style", ["G-rows", "L-drop", "L-dedup"])
def test_styles_that_lose_places_take_no_further_column(style: str) -> None:
    assert "小计" not in written(Damage(subtotal=True), style=style)


def test_the_further_row_of_one_province_has_no_cells() -> None:
    text = write_table(
        Random(1), FACTS["2019"], "t2", STYLES["T"], TableOptions(damage=Damage(extra_row=True, explained="rows"))
    )
    assert "其他主动公开文件" in text.text
    assert "规范性文件（按制发机关统计" in text.text
    assert len(text.of("cell")) == len(table_ids(FACTS["2019"], "t2"))


def test_a_page_number_cuts_the_table_and_the_heads_come_again() -> None:
    seen = [written(Damage(cut="page_header"), seed=s) for s in range(12)]
    assert any(t.count("申请人情况") > 1 for t in seen)
    text = write_table(Random(1), FACTS["2021"], "t3", STYLES["C"], TableOptions(damage=Damage(cut="page")))
    assert "page_number" in {m.data["type"] for m in text.of("block")}


def test_a_blank_line_can_cut_the_table() -> None:
    assert "\n\n" in written(Damage(cut="blank_line"))


@pytest.mark.parametrize(
    ("damage", "table", "form", "expected"),
    [
        (Damage(half_brackets=True), "t3", "2021", "(三)不予公开"),
        (Damage(half_brackets=True, half_commas=True), "t3", "2021", "(区分处理的,只计这一情形,不计其他情形)"),
        (Damage(numbering="、"), "t3", "2021", "1、属于国家秘密"),
        (Damage(quotes="《》"), "t3", "2021", "危及《三安全一稳定》"),
        (Damage(article="short"), "t2", "2021", "第二十条（一）项"),
        (Damage(article="nbsp"), "t2", "2021", "第二十条\u00a0\u00a0第（一）项"),
        (Damage(head="space"), "t2", "2019", "本年新 制作数量"),
        (Damage(head="cut"), "t2", "2019", "| 本年新 |"),
        (Damage(organisations="wide"), "t3", "2021", "商 业 企 业"),
        (Damage(organisations="space"), "t3", "2021", "科研 机构"),
        (Damage(organisations="two_rows"), "t3", "2021", "企业 | 机构 | 组织 | 机构 |"),
        (Damage(note="open"), "t3", "2021", "本列数据的勾稽关系为"),
        (Damage(note="other_word"), "t3", "2021", "钩稽关系"),
        (Damage(truncated=1.0), "t3", "2021", "4.保护第三方合法权"),
        (Damage(wrapped=1.0), "t3", "2021", " "),
        (Damage(explained="all"), "t2", "2021", "（当年作出决定的件数）"),
    ],
)
def test_labels_and_heads_are_damaged_as_asked(damage: Damage, table: str, form: str, expected: str) -> None:
    assert any(expected in written(damage, table, form=form, seed=s) for s in range(6))


def test_the_note_can_be_missing() -> None:
    assert "勾稽" not in written(Damage(note="missing"))
    assert "勾稽" in written(Damage())


def test_captions_and_footnotes_have_their_own_types() -> None:
    damage = Damage(caption=True, footnote=True)
    for style in ("R-keep", "L-blank", "PDF-rows", "hoisted"):
        text = write_table(Random(2), FACTS["2021"], "t4", STYLES[style], TableOptions(damage=damage))
        types = [m.data["type"] for m in text.of("block")]
        assert types[0] == "caption"
        assert types[-1] == "note"


def test_most_documents_have_mild_damage() -> None:
    drawn = [draw_damage(Random(f"damage:{i}")) for i in range(2000)]
    assert sum(d.rows_missing for d in drawn) < 100
    assert sum(d.cut == "none" for d in drawn) > 1600
    assert 0.3 < sum(d.half_brackets for d in drawn) / 2000 < 0.6
