"""What counts as right, each on a case small enough to see."""

from __future__ import annotations

from typing import Any

import pytest

from extractor.correctness import judged

Json = dict[str, Any]


def claim(value: float, *metrics: str, start: int = 0, **more: Any) -> Json:
    place = {"id": "c1", "start": start, "end": start + 2, "surface": "xx"}
    return place | {"kind": "count", "value": value, "metrics": list(metrics), "confidence": 0.9} | more


def finding(status: str, *cells: str, kind: str = "claim_vs_table", start: int = 0) -> Json:
    evidence = [{"start": start, "end": start + 2}]
    return {"id": "f1", "kind": kind, "status": status, "cells": list(cells), "evidence": evidence, "confidence": 0.9}


def table(**values: float | None) -> Json:
    return {"cells": [{"id": k, "value": v, "status": "read", "confidence": 0.9} for k, v in values.items()]}


def verdicts(gold: Json, result: Json, part: str) -> list[bool]:
    return [j.right for j in judged(gold, result) if j.part == part]


def test_a_cell_is_right_with_the_value_that_is_annotated_and_open_ones_are_not_judged() -> None:
    gold = {"cells": {"a": 1, "b": None, "c": 3}, "uncertain_cells": ["c"]}
    assert verdicts(gold, {"tables": [table(a=1, b=0, c=9)]}, "cells") == [True, False]


def test_a_number_in_a_cell_that_the_report_has_not_is_wrong_and_a_blank_there_is_not_judged() -> None:
    assert verdicts({"cells": {}}, {"tables": [table(a=4, b=None, c=0)]}, "cells") == [False]


def test_a_cell_that_was_not_read_is_not_judged() -> None:
    unread = {"id": "a", "value": None, "status": "unread", "confidence": 0.0}
    assert verdicts({"cells": {"a": 1}}, {"tables": [{"cells": [unread]}]}, "cells") == []


@pytest.mark.parametrize(
    ("found", "right"),
    [
        (claim(3, "a"), True),
        (claim(3, "b"), True),
        (claim(3), False),
        (claim(4, "a"), False),
        (claim(3, "a", start=1), False),
        (claim(3, "a", kind="money"), False),
        (claim(3, "a", start=50), False),
    ],
)
def test_a_claim_is_right_with_place_kind_value_and_cells(found: Json, right: bool) -> None:
    gold = {"claims": [claim(3, "a", alt_metrics=[["b"]])]}
    assert verdicts(gold, {"claims": [found]}, "claims") == [right]


def test_an_optional_claim_is_not_judged() -> None:
    assert verdicts({"claims": [claim(3, optional=True)]}, {"claims": [claim(4)]}, "claims") == []


def test_the_cells_that_a_claim_of_another_year_would_have_are_not_judged() -> None:
    assert verdicts({"claims": [claim(3, "a", scope="other_year")]}, {"claims": [claim(3)]}, "claims") == [True]


def test_a_match_is_right_where_both_sides_were_read_right() -> None:
    gold = {"cells": {"a": 3}, "claims": [claim(3, "a")], "findings": []}
    for value, right in ((3, True), (4, False)):
        result = {"tables": [table(a=value)], "claims": [claim(3, "a")], "findings": [finding("match", "a")]}
        assert verdicts(gold, result, "findings") == [right]


def test_a_match_with_a_cell_that_the_claim_is_not_about_is_wrong() -> None:
    gold = {"cells": {"a": 3, "b": 3}, "claims": [claim(3, "a")], "findings": []}
    result = {"tables": [table(a=3, b=3)], "claims": [claim(3, "b")], "findings": [finding("match", "b")]}
    assert verdicts(gold, result, "findings") == [False]


def test_a_mismatch_is_right_about_a_fault_and_not_judged_about_a_doubtful_one() -> None:
    result = {"findings": [finding("mismatch", "a")]}
    assert verdicts({"findings": [{"cells": ["a"]}]}, result, "findings") == [True]
    assert verdicts({"findings": []}, result, "findings") == [False]
    assert verdicts({"findings": [], "doubtful": [{"cells": ["a"]}]}, result, "findings") == []


def test_not_deciding_is_wrong_only_where_it_hides_a_fault() -> None:
    gold = {"findings": [{"cells": ["a"]}]}
    open_one = finding("unverifiable", "a")
    assert verdicts(gold, {"findings": [open_one]}, "findings") == [False]
    assert verdicts(gold, {"findings": [open_one, finding("mismatch", "a")]}, "findings") == [True, True]
    assert verdicts({"findings": []}, {"findings": [open_one]}, "findings") == [True]


def test_a_section_is_there_where_a_heading_of_its_kind_is() -> None:
    result = {
        "sections": [{"level": 1, "kind": "disclosure", "heading": {"start": 9, "text": "x"}, "children": []}],
        "findings": [finding("match", kind="structure", start=9)],
    }
    for kind, right in (("disclosure", True), ("requests", False)):
        gold = {"findings": [], "headings": [{"start": 10, "level": 1, "text": "x", "kind": kind}]}
        assert verdicts(gold, result, "findings") == [right]
