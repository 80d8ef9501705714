"""Gold from marks: what each mark becomes in the annotation."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from models.synthesis.facts import Facts
from models.synthesis.gold import blocks, build_gold, claim, solid
from models.synthesis.markup import Mark, Marked
from models.synthesis.numbers import draw_facts


def facts(single: bool = False) -> Facts:
    drawn = draw_facts(random.Random(1), "2021", 2023)
    return replace(drawn, single_other=single)


def gold_of(text: str, surface: str, single: bool = False, **data: Any) -> dict[str, Any]:
    at = text.index(surface)
    base = {"kind": "count", "value": 3.0, "unit": "件", "approx": False, "scope": "own", "concepts": []}
    return claim(Mark(at, at + len(surface), "claim", {**base, **data}), text, facts(single))


def test_concepts_become_the_metrics_of_the_form() -> None:
    made = gold_of("新收申请3件", "3", concepts=["requests_new"])
    assert made["metrics"] == ["t3.new.total"]
    assert made["value"] == 3
    assert "alt_metrics" not in made


def test_handled_requests_may_be_read_with_those_carried_in() -> None:
    made = gold_of("全年受理申请3件", "3", concepts=["requests_new"])
    assert made["alt_metrics"] == [["t3.new.total+t3.carried_in.total"]]


def test_a_concept_that_the_form_has_not_links_to_nothing() -> None:
    assert gold_of("许可事项3项", "3", concepts=["licensing_items"])["metrics"] == []


def test_a_single_row_of_other_handling_may_be_named_by_its_own_id() -> None:
    made = gold_of("其他处理3件", "3", single=True, concepts=["other"])
    assert made["alt_metrics"] == [["t3.other.total"]]


def test_a_block_takes_the_type_that_covers_most_of_it() -> None:
    doc = Marked("一、概述 全年平稳\n-1-\n结束")
    doc.mark(0, 4, "block", type="heading")
    doc.mark(4, 14, "block", type="paragraph")
    doc.mark(10, 13, "block", type="page_number")
    assert [b["type"] for b in blocks(doc)] == ["paragraph", "page_number"]


def test_a_title_over_lines_is_given_without_white_space_and_pinyin() -> None:
    assert solid("某區(qū)水務局\n2023 年　年報") == "某區水務局2023年年報"


def test_blank_and_unsure_cells_are_told_apart() -> None:
    doc = Marked("规章\n0\n\n")
    doc.mark(3, 4, "cell", id="t2.regulations.made", value=0.0)
    doc.mark(5, 5, "cell", id="t2.regulations.repealed", value=None)
    doc.mark(6, 6, "cell", id="t2.regulations.valid", value=2.0, uncertain=True)
    gold = build_gold("x", doc, facts(), [], [])
    assert gold["cells"] == {"t2.regulations.made": 0, "t2.regulations.repealed": None, "t2.regulations.valid": 2}
    assert gold["uncertain_cells"] == ["t2.regulations.valid"]
    assert gold["cell_spans"]["t2.regulations.made"] == [3, 4]
    assert gold["format"] == "2021"


def test_what_a_page_does_not_print_is_left_out() -> None:
    gold = build_gold("x", Marked("正文"), facts(), [], [])
    assert not {"title", "issuer", "year"} & set(gold)
    assert gold["format"] is None
    assert gold["published"] is None
