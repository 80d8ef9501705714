"""Reports that were left out in turn: evidence for a handful of annotated reports, which have hardly a test part."""

from __future__ import annotations

from typing import Any

from models import registry
from models.annotations.dataset import Dataset, Incoming
from models.gate import judge as gate
from models.gate.items import Compared, Item
from models.gate.left_out import NAME, folds, noted, of
from tests.models.claims.small_reports import in_other_words
from tests.models.gate.conftest import World, annotated, frozen


def test_each_report_is_left_out_once() -> None:
    assert folds(7, 3) == [[0, 3, 6], [1, 4], [2, 5]]
    assert folds(2, 3) == [[0], [1]]
    assert folds(1, 3) == folds(5, 0) == folds(5, 1) == []


def read(number: int, better: bool) -> Compared:
    there = frozenset({Item("count", 0, 1), Item("count", 2, 3)})
    return Compared(f"r{number}", "", "1，2。", (0, 2), there, frozenset(), there if better else frozenset())


def test_what_is_noted_is_what_the_gate_hears_of_the_version_it_was_trained_from() -> None:
    told = noted("digest", [read(i, better=True) for i in range(8)])
    record: dict[str, Any] = {"start": {"version": "3"}, "left_out": told}
    weighed = of(record, "3")
    assert weighed is not None
    facts, verdicts, changes = weighed
    assert (facts.name, facts.digest, facts.documents) == (NAME, "digest", 8)
    assert {v.verdict for v in verdicts if v.label == "count"} == {"rose"}
    assert {(c.what, c.part) for c in changes} == {("found", NAME)}
    assert of(record, "2") is None
    assert of({"start": {"version": "3"}}, "3") is None
    assert noted("digest", []) is None


def test_a_run_notes_how_it_reads_reports_that_it_did_not_learn_from(world: World) -> None:
    record = world.finetune("layout", "u1", recipe={"folds": 2})
    assert record["left_out"]["facts"]["documents"] == record["learned_from"]
    assert world.finetune("layout", "u2", recipe={"folds": 0})["left_out"] is None


def test_a_handful_of_reports_in_new_words_makes_a_version_that_may_serve(world: World) -> None:
    data = Dataset(world.root / "few")
    data.add([Incoming(annotated(i, in_other_words), "test") for i in range(100, 108)])
    record = world.finetune("claims", "u1", data=data, recipe={"folds": 2})
    assert record["words"]
    assert record["left_out"]["facts"]["documents"] == sum(e.split != "test" for e in data.entries)
    judgement = gate.judge("claims", "u1", data=data, frozen=frozen("claims"))
    assert judgement.verdict == "better"
    assert any(NAME in reason for reason in judgement.reasons)
    gate.note(judgement)
    known = gate.judged("claims", "u1", data, frozen("claims"))
    assert known is not None
    gate.promote("claims", "u1", known)
    assert registry.current("claims") == "u1"
