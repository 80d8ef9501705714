"""Claims against cells: wording, units, other readings, and every reason not to decide."""

from dataclasses import replace

import pytest

from extractor.document import Document, Finding, Table
from extractor.stages.claims import ClaimStage
from extractor.stages.links import LinkStage
from extractor.stages.reconcile import ReconcileStage
from tests.extractor.checks.marked_report import cell, cells_of, examined, indicator_table, report, requests_table


def findings(document: Document) -> list[Finding]:
    return [f for f in document.findings if f.kind == "claim_vs_table"]


def only(marked: str, *tables: Table, **options: object) -> Finding:
    (found,) = findings(examined(marked, *tables, **options))
    return found


def status(marked: str, *tables: Table, **options: object) -> str:
    return only(marked, *tables, **options).status


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("收到申请{50余|requests_new}件。", "match"),
        ("收到申请{60余|requests_new}件。", "mismatch"),
        ("收到申请{40余|requests_new}件。", "mismatch"),
        ("收到申请近{60|requests_new}件。", "match"),
        ("收到申请近{57|requests_new}件。", "mismatch"),
        ("收到申请约{60|requests_new}件。", "match"),
        ("收到申请{50|requests_new}件以上。", "match"),
        ("收到申请超{58|requests_new}件。", "match"),
        ("收到申请超过{70|requests_new}件。", "mismatch"),
        ("收到申请不足{60|requests_new}件。", "match"),
        ("收到申请{58|requests_new|approx}件。", "match"),
    ],
)
def test_an_approximate_claim_holds_within_its_wording(marked: str, expected: str) -> None:
    assert status(marked, requests_table(new=58, granted=58)) == expected


def test_zero_agrees_with_a_blank_row_and_a_number_is_not_decided_against_one() -> None:
    blank = cells_of("2021", "t3", {}, default=None)
    assert status("{未收到申请|requests_new|zero}。", blank) == "match"
    found = only("收到申请{3|requests_new}件。", blank)
    assert (found.status, found.why) == ("unverifiable", "cell_blank")


def test_a_claim_of_none_against_a_printed_number_is_a_mismatch() -> None:
    assert status("{未收到申请|requests_new|zero}。", requests_table(new=3, granted=3)) == "mismatch"


def test_one_number_for_two_cells_gives_two_findings() -> None:
    table = requests_table(new=5, granted=4, carried_out=1)
    found = findings(examined("新收并办结{5|requests_new,results}件。", table))
    assert [f.status for f in found] == ["match", "match"]
    assert found[1].why.startswith("agrees under another reading")


def test_a_sum_over_rows_is_held_against_the_sum_of_their_cells() -> None:
    table = requests_table(new=9, granted=5, denied__third_party=1, denied__process_info=3)
    assert status("不予公开{4|denied}件。", table) == "match"
    assert status("不予公开{3|denied}件。", table) == "mismatch"


def test_a_single_row_of_other_handling_holds_the_metric_of_three() -> None:
    rows = {f"other.{c}": 2.0 for c in ("natural", "total")}
    table = cells_of("2021", "t3", rows)
    kept = replace(table, cells=tuple(c for c in table.cells if c.id.count(".") == 2 or ".other." not in c.id))
    assert status("其他处理{2|other}件。", kept) == "match"


def test_a_block_of_the_old_form_holds_the_metric_of_the_new_one() -> None:
    values = {"normative.new_made": 4.0, "normative.total_public": 30.0}
    table = cells_of("2019", "t2", values)
    assert status("制发行政规范性文件{4|normative_made}件。", table, form="2021") == "match"


def test_yuan_and_ten_thousand_yuan_are_compared_in_one_unit() -> None:
    table = cells_of("2021", "t2", {"fees.amount": 36.4})
    assert status("行政事业性收费{364000|fees_amount|money}元。", table) == "match"
    assert status("行政事业性收费{36.40|fees_amount|money}万元。", table) == "match"
    assert status("行政事业性收费{39.9|fees_amount|money}万元。", table) == "mismatch"
    in_yuan = cells_of("2021", "t2", {"fees.amount": 364000})
    assert status("行政事业性收费{36.4|fees_amount|money}万元。", in_yuan) == "match"


def test_a_rounded_number_agrees_with_what_it_rounds() -> None:
    table = cells_of("2021", "t2", {"licensing.processed": 11734})
    assert status("作出行政许可决定{1.17万|licensing}件。", table) == "match"
    assert status("作出行政许可决定{1.18万|licensing}件。", table) == "mismatch"


def test_an_admissible_other_reading_is_a_match_and_says_which() -> None:
    found = only("受理申请{12|results}件。", requests_table(new=10, carried_in=2, granted=11, carried_out=1))
    assert found.status == "match"
    assert found.expected == 12


def test_a_mismatch_names_the_other_readings_that_were_tried() -> None:
    found = only("受理申请{15|requests_new}件。", requests_table(new=10, carried_in=2, granted=11, carried_out=1))
    assert found.status == "mismatch"
    assert "12" in found.message.zh
    assert "12" in found.message.en


def test_newly_received_has_one_reading_only() -> None:
    table = requests_table(new=10, carried_in=2, granted=12)
    assert status("新收申请{12|requests_new}件。", table) == "mismatch"


@pytest.mark.parametrize("scope", ["other_org", "other_year"])
def test_a_claim_of_others_is_never_held_against_the_table(scope: str) -> None:
    document = examined(
        "县林业局收到申请{99|requests_new|SCOPE}件。".replace("SCOPE", scope), requests_table(new=3, granted=3)
    )
    assert findings(document) == []


TEN = requests_table(new=10, granted=10)


@pytest.mark.parametrize(
    ("marked", "why"),
    [
        ("收到申请{12|requests_new|0.5}件。", "claim_unsure"),
        ("收到申请{12|requests_new}均已答复。", "unit_lost"),
        ("20231月1日至今收到申请{12|requests_new}件。", "date_damaged"),
        ("2019年收到申请{12|requests_new}件。", "other_year"),
        ("上半年收到申请{12|requests_new}件。", "part_year"),
        ("全县收到申请{12|requests_new}件。", "wider"),
        ("主动公开信息条，收到申请{12|requests_new}件。", "number_lost"),
    ],
)
def test_a_difference_is_not_decided_where_the_words_are_doubtful(marked: str, why: str) -> None:
    found = only(marked, TEN)
    assert (found.status, found.why) == ("unverifiable", why)


def test_a_consolidated_report_speaks_for_its_whole_area() -> None:
    assert status("全县收到申请{12|requests_new}件。", TEN, issuer="青禾县人民政府") == "mismatch"


def with_cell(table: Table, cell_id: str, value: float | None, how: str, confidence: float = 0.99) -> Table:
    new = cell(cell_id, value, how, confidence)
    return replace(table, cells=tuple(new if c.id == cell_id else c for c in table.cells))


@pytest.mark.parametrize(
    ("value", "how", "confidence", "why"),
    [
        (None, "unread", 0.0, "cell_unread"),
        (10.0, "read", 0.5, "cell_unsure"),
        (None, "blank", 0.99, "total_blank"),
    ],
)
def test_a_cell_that_is_not_certain_decides_nothing(value: float | None, how: str, confidence: float, why: str) -> None:
    table = with_cell(TEN, "t3.new.total", value, how, confidence)
    found = only("收到申请{12|requests_new}件。", table)
    assert (found.status, found.why) == ("unverifiable", why)


def test_what_a_row_adds_up_to_is_known_where_its_columns_are_not() -> None:
    natural = with_cell(TEN, "t3.new.natural", 10.0, "placed")
    assert status("收到自然人申请{12|new_natural}件。", natural) == "unverifiable"
    assert status("收到申请{12|requests_new}件。", with_cell(TEN, "t3.new.total", 10.0, "placed")) == "mismatch"


def test_a_total_left_blank_agrees_by_its_row() -> None:
    table = with_cell(TEN, "t3.new.total", None, "blank")
    assert status("收到申请{10|requests_new}件。", table) == "match"


def test_information_published_about_licences_is_not_held_against_decisions() -> None:
    table = cells_of("2021", "t2", {"licensing.processed": 500})
    assert status("公开行政许可信息{60|licensing}条。", table) == "unverifiable"
    assert status("作出行政许可决定{60|licensing}件。", table) == "mismatch"


def test_documents_in_force_are_held_against_the_table_only_in_its_own_words() -> None:
    table = cells_of("2021", "t2", {"normative.valid": 40, "normative.made": 6})
    assert status("现行有效行政规范性文件{39|normative_valid}件。", table) == "mismatch"
    assert status("保留行政规范性文件{39|normative_valid}件。", table) == "unverifiable"
    assert status("现行有效行政规范性文件{34|normative_valid}件。", table) == "unverifiable"


def test_the_form_of_2019_has_no_cell_for_documents_in_force() -> None:
    table = cells_of("2019", "t2", {"normative.total_public": 40})
    assert status("现行有效规范性文件{39|normative_valid}件。", table, form="2019", year=2019) == "unverifiable"


def test_the_sum_of_both_blocks_of_lawsuits_is_the_number_of_lawsuits() -> None:
    table = cells_of("2021", "t4", {"litigation_direct.total": 2, "litigation_after_review.total": 1})
    assert status("行政诉讼{3|litigation}件。", table) == "match"
    assert status("行政诉讼{2|litigation}件。", table) == "mismatch"


def test_rules_keep_an_uncertain_link_from_becoming_a_mismatch() -> None:
    found = only("收到网友诉求类申请{30|requests_new|0.92}件。", TEN)
    assert (found.status, found.why) == ("unverifiable", "rules")


def test_a_report_before_2019_is_held_against_its_indicators() -> None:
    table = indicator_table(收到申请数=7.0, 行政复议数=0.0)
    options = {"form": "pre2019", "year": 2017}
    assert status("收到申请{7|requests_new}件。", table, **options) == "match"
    assert status("收到申请{8|requests_new}件。", table, **options) == "mismatch"
    assert status("{无复议|review|zero}。", table, **options) == "match"
    assert status("收到申请{8|requests_new}件。", indicator_table(收到申请数=None), **options) == "unverifiable"


def test_evidence_points_at_the_claim_and_the_printed_cells() -> None:
    document = report("收到申请{12|requests_new}件。\n10", TEN)
    at = document.text.index("10")
    here = replace(cell("t3.new.total", 10), span=type(document.prose[0].span)(at, at + 2))
    table = replace(TEN, cells=tuple(here if c.id == here.id else c for c in TEN.cells))
    document = document.having(tables=(table,))
    for stage in (ClaimStage(), LinkStage(), ReconcileStage()):
        document = stage(document)
    (found,) = findings(document)
    assert [s.of(document.text) for s in found.evidence] == ["12", "10"]
    assert found.cells == ("t3.new.total",)
