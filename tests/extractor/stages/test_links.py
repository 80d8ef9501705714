"""From concepts to cells: the form's mapping, readings that the numbers prove, the rules' second opinion."""

import pytest

from extractor.document import Document
from extractor.stages.claims import ClaimStage
from extractor.stages.links import LinkStage
from tests.extractor.checks.marked_report import cells_of, report, requests_table

BOTH = "t3.new.total+t3.carried_in.total"


def linked(document: Document) -> list[tuple[str, ...]]:
    return [c.metrics for c in LinkStage()(ClaimStage()(document)).claims]


def test_a_concept_is_linked_to_the_cells_of_the_report_s_own_form() -> None:
    assert linked(report("其他处理{3|other}件。", form="2021")) == [("t3.other.*.total",)]
    assert linked(report("其他处理{3|other}件。", form="2019", year=2019)) == [("t3.other.total",)]


def test_a_quantity_that_the_form_does_not_have_is_linked_to_nothing() -> None:
    assert linked(report("废止规章{1|regulations_repealed}部。", form="2019", year=2020)) == [()]


def test_without_a_table_2_the_year_decides_on_the_form() -> None:
    assert linked(report("其他处理{3|other}件。", form=None, year=2020)) == [("t3.other.total",)]
    assert linked(report("其他处理{3|other}件。", form=None, year=2024)) == [("t3.other.*.total",)]


def test_reports_before_2019_have_no_cells_to_link_to() -> None:
    assert linked(report("受理申请{3|requests_new}件。", form="pre2019", year=2017)) == [()]


def test_one_number_may_claim_several_cells() -> None:
    assert linked(report("收到并办结申请{4|requests_new,results}件。")) == [("t3.new.total", "t3.result_total.total")]


def test_accepted_applications_are_new_and_carried_in_where_the_table_proves_it() -> None:
    table = requests_table(new=60, carried_in=4, granted=64)
    assert linked(report("受理申请{64|requests_new}件。", table)) == [(BOTH,)]
    assert linked(report("受理申请{60|requests_new}件。", table)) == [("t3.new.total",)]
    assert linked(report("受理申请{60|requests_handled}件。", table)) == [("t3.new.total",)]


def test_a_number_that_no_reading_explains_keeps_its_first_link() -> None:
    table = requests_table(new=60, carried_in=4, granted=64)
    assert linked(report("受理申请{59|requests_new}件。", table)) == [("t3.new.total",)]


def test_newly_received_is_never_read_as_new_and_carried_in() -> None:
    table = requests_table(new=60, carried_in=4, granted=64)
    assert linked(report("新收申请{64|requests_new}件。", table)) == [("t3.new.total",)]


CHAIN = "受理申请{30|requests_new}件，予以公开{20|granted}件，不予公开{6|denied}件，结转下年{%d|carried_out}件。"


def test_without_a_table_a_chain_that_adds_up_with_those_carried_over_proves_it() -> None:
    assert linked(report(CHAIN % 4))[0] == (BOTH,)
    assert linked(report(CHAIN % 3))[0] == ("t3.new.total",)


def test_applicants_of_new_and_carried_in_are_linked_to_both_rows() -> None:
    cells = {"new.natural": 40, "carried_in.natural": 2, "new.business": 5, "new.social": 1, "carried_in.business": 3}
    table = cells_of("2021", "t3", {**cells, "new.total": 46, "carried_in.total": 5})
    document = report(
        "收办申请{51|requests_handled}件，自然人{42|new_natural}件，法人或其他组织{9|new_organisations}件。", table
    )
    found = linked(document)
    assert found[:2] == [(BOTH,), ("t3.new.natural+t3.carried_in.natural",)]
    assert len(found[2][0].split("+")) == 10


def test_an_unsure_link_that_the_words_forbid_is_dropped() -> None:
    marked = "全年受理网友诉求类申请{88|requests_new|%s}件。"
    assert linked(report(marked % "0.52")) == [()]
    assert linked(report(marked % "0.97")) == [("t3.new.total",)]


def test_an_unsure_link_that_the_words_support_is_kept() -> None:
    stage = LinkStage()
    (claim,) = stage(ClaimStage()(report("全年收到政府信息公开申请{8|requests_new|0.55}件。"))).claims
    assert claim.metrics == ("t3.new.total",)
    assert claim.confidence == 0.55


def test_an_unsure_link_without_support_loses_confidence() -> None:
    (claim,) = LinkStage()(ClaimStage()(report("其余{8|carried_out|0.55}件待定。"))).claims
    assert claim.confidence < 0.55


@pytest.mark.parametrize("scope", ["other_org", "other_year"])
def test_claims_of_others_are_linked_to_what_they_would_claim(scope: str) -> None:
    table = requests_table(new=60, carried_in=4, granted=64)
    assert linked(report("县林业局受理申请{64|requests_new|SCOPE}件。".replace("SCOPE", scope), table)) == [
        ("t3.new.total",)
    ]
