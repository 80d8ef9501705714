"""The words as data: every list is loaded, every concept named is one that claims can be about."""

import re

import pytest

from extractor.checks.readings import expression
from extractor.checks.wording import bounds, find_number, page, step_of, unit_after
from extractor.lexicon import lexicon, words
from extractor.patterns import classes, opinion, rule_of
from extractor.stages.claims import ClaimStage
from models.form import concepts, load_form
from tests.extractor.checks.marked_report import report


def test_longer_words_are_tried_before_shorter_ones() -> None:
    units = words("amounts", "units")
    assert units.index("条次") < units.index("条")


def test_every_concept_of_the_lexicon_is_one_that_claims_can_be_about() -> None:
    known = set(concepts())
    entries = lexicon("alternatives")
    named = set(entries) | {n for e in entries.values() for n in (*e.get("read_as", ()), *e.get("relink", ()))}
    rules = lexicon("evidence")
    named |= {r["also"] for r in rules["shared"]} | {r[k] for r in rules["swaps"] for k in ("of", "into")}
    named |= {f"review.{k}" for k in rules["follows"]}
    named |= set(lexicon("doubts")["exact"]) | set(lexicon("doubts")["published_concepts"])
    assert {n for n in named if not re.match(r"t\d\.", n)} <= known


def test_every_expression_of_the_lexicon_fits_a_form() -> None:
    forms = [load_form("2019"), load_form("2021")]
    for entry in lexicon("alternatives").values():
        for name in entry.get("read_as", ()):
            assert any(expression(form, name) for form in forms), name


def test_every_class_that_a_rule_names_has_phrases() -> None:
    data = lexicon("rules")
    used = {c for rule in data["concepts"].values() for key in ("needs", "bars") for c in rule.get(key, ())}
    assert used <= set(data["phrases"])


def test_every_concept_has_a_rule() -> None:
    assert [c for c in concepts() if not rule_of(c)] == []


@pytest.mark.parametrize(
    ("surface", "value", "step"),
    [
        ("50", 50, 10),
        ("2300", 2300, 100),
        ("1.7万", 17000, 1000),
        ("21", 21, 1),
        ("3万", 30000, 10000),
        ("三十", 30, 10),
    ],
)
def test_the_step_is_that_of_the_last_printed_digit(surface: str, value: float, step: float) -> None:
    assert step_of(surface, value) == pytest.approx(step)


def test_bounds_of_an_unknown_approximation_are_wide() -> None:
    assert bounds(None, "50", 50).hold(45)
    assert not bounds(None, "50", 50).hold(90)


def test_a_number_is_found_whole_around_the_marked_place() -> None:
    text = "共计5,310件"
    assert find_number(text, 4, 5) == (2, 7)
    assert find_number("没有数字", 0, 4) is None
    assert find_number("上报21,3件", 5, 6) == (5, 6)


def test_a_measure_word_is_read_past_spaces_and_approximations() -> None:
    assert unit_after("20 余 件次，", 2)[0] == "件次"
    assert unit_after("20主持", 2)[0] == ""


def test_phrases_are_found_in_torn_words() -> None:
    assert {"request", "receive"} <= classes("收\n到依申 请公开")


def test_a_zero_claim_without_a_negation_is_forbidden() -> None:
    document = ClaimStage()(report("{收到申请|requests_new|zero|0.5}。"))
    assert opinion(page(document.text), document.claims[0]).forbidden == {"requests_new"}


def test_the_rules_support_what_the_words_say() -> None:
    document = ClaimStage()(report("我局收到政府信息公开申请{7|requests_new}件。"))
    assert opinion(page(document.text), document.claims[0]).supported == {"requests_new"}
