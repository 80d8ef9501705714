"""Shares and rates, the same quantity told twice, sections that are missing."""

import pytest

from extractor.document import Heading, Section, Span
from extractor.stages.reconcile import ReconcileStage
from tests.extractor.checks.marked_report import examined, report, requests_table, statuses

PARTS = "办结{64|results}件，其中公开{27|granted}件，占{%s||ratio}%%；不予公开{37|denied}件，占{57.81||ratio}%%。"


@pytest.mark.parametrize("share", ["42.19", "42.18", "42.2", "42"])
def test_a_share_holds_rounded_or_cut_off(share: str) -> None:
    assert statuses(examined(PARTS % share), "ratio") == ["match", "match"]


def test_a_share_that_is_far_off_is_a_mismatch() -> None:
    assert statuses(examined(PARTS % "52.19"), "ratio") == ["mismatch", "match"]


def test_a_share_that_is_a_little_off_is_not_decided() -> None:
    assert statuses(examined(PARTS % "42.69"), "ratio") == ["unverifiable", "match"]


def test_a_share_of_an_unknown_whole_is_not_decided() -> None:
    assert statuses(examined("网站来件{18}件，占{72||ratio}%。"), "ratio") == ["unverifiable"]


def test_a_rate_of_completion_follows_from_the_numbers_before_it() -> None:
    marked = "收到申请{20|requests_new}件，办结{%d|results}件，办结率{100||ratio}%%。"
    assert statuses(examined(marked % 20), "ratio") == ["match"]
    assert statuses(examined(marked % 18), "ratio") == ["unverifiable"]


def test_a_rate_without_numbers_is_no_share() -> None:
    assert statuses(examined("群众满意率为{100||ratio}%。"), "ratio") == []


TWICE = "全年收到复议{2|review}件。做好应诉。全年收到复议{%d|review}件。"


def test_the_same_quantity_told_twice_must_be_the_same() -> None:
    assert statuses(examined(TWICE % 2), "claim_vs_claim") == ["match"]
    assert statuses(examined(TWICE % 3), "claim_vs_claim") == ["mismatch"]


def test_other_words_for_a_quantity_may_count_otherwise() -> None:
    marked = "全年收到复议{2|review}件。做好应诉。另有被申请行政复议{3|review}起。"
    assert statuses(examined(marked), "claim_vs_claim") == ["unverifiable"]


def test_a_quantity_with_two_readings_is_never_called_wrong_for_being_told_twice() -> None:
    marked = "全年受理申请{20|requests_new}件。做好答复。全年受理申请{22|requests_new}件。"
    assert statuses(examined(marked), "claim_vs_claim") == ["unverifiable"]


def test_other_years_and_bodies_do_not_contradict_the_own_number() -> None:
    marked = "全市收到复议{9|review|other_org}件，上年{4|review|other_year}件，我局{2|review}件。"
    assert statuses(examined(marked), "claim_vs_claim") == []


def test_a_missing_section_is_unverifiable_and_a_present_one_a_match() -> None:
    heading = Heading(Span(0, 6), 1, "一", "总体情况", "overview", 0.9, "")
    section = Section(Span(0, 6), 1, "一", "总体情况", "overview", heading)
    document = report("一、总体情况", requests_table(new=1, granted=1)).having(sections=(section,))
    found = [f for f in ReconcileStage()(document).findings if f.kind == "structure"]
    assert [f.status for f in found].count("match") == 2
    assert {f.status for f in found} == {"match", "unverifiable"}
    assert {f.severity for f in found} == {"info"}


def test_reports_before_2019_are_held_against_their_own_sections() -> None:
    found = [f for f in examined("", form="pre2019", year=2016).findings if f.kind == "structure"]
    assert any("统计表" in f.message.zh for f in found)
