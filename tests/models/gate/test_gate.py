"""The gate: what is worse is refused, what is the same is not promoted, and reasons are kept."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from models import promotion, registry
from models.annotations.dataset import Dataset, Incoming
from models.annotations.record import Record
from models.gate import judge as gate
from models.gate.bootstrap import Counts, compare, holm
from models.gate.holdout import annotated as own_part
from models.gate.holdout import hold_out
from models.gate.items import Compared, Item
from models.gate.verdict import LabelVerdict, conclude, weigh
from tests.models.gate.conftest import World, annotated, frozen


def read(name: str, found: str, lost: str = "", invented: str = "", group: str = "one") -> Compared:
    """A report in which each letter is an item: both versions find those of neither word."""
    text = "abcdefgh"
    wanted = frozenset(Item("count", i, i + 1) for i in range(len(text)))

    def at(letters: str) -> frozenset[Item]:
        return frozenset(Item("count", text.index(c), text.index(c) + 1) for c in letters)

    new = (wanted - at(lost)) | frozenset(Item("zero", text.index(c), text.index(c) + 1) for c in invented)
    return Compared(name, group, text, (0, 4), wanted, wanted - at(found), new)


def test_gains_and_losses_are_listed_report_by_report() -> None:
    facts, _, changes = weigh("hold-out", "", [read("r1", "a"), read("r2", "", "b", "c")])
    assert [(c.document, c.what, c.label, c.quote) for c in changes] == [
        ("r1", "found", "count", "a"), ("r2", "lost", "count", "b"), ("r2", "invented", "zero", "c"),
    ]  # fmt: skip
    assert facts.changes == {"found": 1, "lost": 1, "invented": 1, "withdrawn": 0}


def test_a_loss_in_many_reports_is_beyond_noise_and_one_in_a_few_is_not() -> None:
    many = [read(f"r{i}", "", "a" if i % 3 == 0 else "") for i in range(60)]
    few = [read(f"r{i}", "a" if i == 1 else "", "a" if i == 0 else "") for i in range(60)]
    assert {v.verdict for v in weigh("own", "", many)[1]} == {"fell"}
    assert {v.verdict for v in weigh("own", "", few)[1]} == {"same"}


def test_few_reports_are_drawn_by_passage_and_many_by_report() -> None:
    assert weigh("own", "", [read(f"r{i}", "a") for i in range(6)])[0].unit == "passage"
    assert weigh("own", "", [read(f"r{i}", "a") for i in range(30)])[0].unit == "report"


def test_a_style_that_suffers_is_named() -> None:
    sick = [read(f"r{i}", "", "a", group="sick" if i % 4 == 0 else "well") for i in range(0, 160, 4)]
    well = [read(f"w{i}", "", group="well") for i in range(160)]
    labels = {v.label: v.verdict for v in weigh("hold-out", "", [*sick, *well])[1]}
    assert (labels["style sick"], labels["style well"]) == ("fell", "same")


def test_the_bootstrap_agrees_with_what_is_known_of_a_mean() -> None:
    rng = np.random.default_rng(3)
    wanted = np.full((400, 1), 10)
    old, new = rng.binomial(10, 0.8, (400, 1)), rng.binomial(10, 0.8, (400, 1))
    found = compare(Counts(wanted, (wanted, wanted), (old, new)))
    spread = (new - old).std() / 10 / np.sqrt(400)
    assert found.high[0] - found.low[0] == pytest.approx(2 * 1.96 * spread, rel=0.08)
    assert found.low[0] < (new - old).mean() / 10 < found.high[0]


def test_equals_are_seldom_told_apart_though_many_labels_are_tested() -> None:
    rng = np.random.default_rng(5)
    wrong = 0
    for _ in range(12):
        wanted = np.full((80, 40), 5)
        old, new = rng.binomial(5, 0.9, wanted.shape), rng.binomial(5, 0.9, wanted.shape)
        found = compare(Counts(wanted, (wanted, wanted), (old, new)), draws=2000)
        wrong += bool((np.minimum(found.fell, found.rose) < 0.05).any())
    assert wrong <= 4


def test_holms_bound_is_as_published() -> None:
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])


def verdict(**facts: Any) -> LabelVerdict:
    known = {"part": "hold-out", "label": "heading", "count": 900, "old": 0.9, "new": 0.9, "low": 0, "high": 0}
    return LabelVerdict(**{**known, "verdict": "same", **facts})


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        ([verdict()], "same"),
        ([verdict(), verdict(verdict="rose")], "better"),
        ([verdict(verdict="fell"), verdict(verdict="rose", part="own")], "worse"),
        ([verdict(new=0.8979), verdict(verdict="rose")], "worse"),
        ([verdict(new=0.8981), verdict(verdict="rose")], "better"),
        ([verdict(new=0.8979, count=60), verdict(verdict="rose")], "better"),
        ([verdict(new=0.8979, part="own"), verdict(verdict="rose")], "better"),
    ],
)
def test_nothing_may_fall_and_something_must_rise(labels: list[LabelVerdict], wanted: str) -> None:
    assert conclude(labels)[0] == wanted


def shuffled(record: Record) -> Record:
    """Labels that stand where labels may stand and are wrong: claims are other kinds' and nobody's, blocks have the
    type of the next one."""
    claims = tuple(
        dataclasses.replace(c, kind="money", scope="other_org", concepts=("penalty",), approx=not c.approx)
        for c in record.claims or ()
        if c.kind == "count"
    )
    blocks = record.blocks or ()
    types = [b.type for b in (*blocks[1:], *blocks[:1])]
    mixed = tuple(dataclasses.replace(b, type=t) for b, t in zip(blocks, types, strict=True))
    return dataclasses.replace(record, claims=claims, blocks=mixed, headings=())


@pytest.mark.parametrize("task", registry.TASKS)
def test_a_model_trained_on_wrong_labels_is_refused(world: World, task: registry.Task) -> None:
    poisoned = Dataset(world.root / "poisoned")
    poisoned.add([Incoming(shuffled(annotated(i)), "test") for i in range(16)])
    # One epoch, and too little synthesis to notice: else the run itself keeps the weights it started from.
    careless = {"rate": 2e-2, "share": 0.9, "replay": 12, "epochs": 1, "held_out": 1}
    world.finetune(task, "bad", data=poisoned, recipe=careless)
    judgement = gate.judge(task, "bad", data=world.data, frozen=frozen(task))
    assert judgement.verdict == "worse"
    assert any("fell beyond noise" in reason for reason in judgement.reasons)
    assert judgement.parts[0].changes["lost"] > 20
    with pytest.raises(gate.RefusedError):
        gate.promote(task, "bad", gate.note(judgement))
    assert registry.current(task) == "base"


@pytest.mark.parametrize("task", registry.TASKS)
def test_the_same_weights_are_the_same_and_only_a_reason_promotes_them(world: World, task: registry.Task) -> None:
    world.copy(task, "twin")
    judgement = gate.note(gate.judge(task, "twin", frozen=frozen(task)))
    assert judgement["verdict"] == "same"
    assert judgement["changes"] == ()
    with pytest.raises(gate.RefusedError):
        gate.promote(task, "twin", judgement)
    assert registry.current(task) == "base"
    gate.promote(task, "twin", judgement, "the other file is on a disk that fails")
    assert registry.current(task) == "twin"
    record = registry.read_record(registry.load(task))
    assert record["forced"][0]["reason"] == "the other file is on a disk that fails"
    assert record["forced"][0]["instead_of"] == "base"
    assert promotion.events(task)[-1].forced == "the other file is on a disk that fails"


def test_a_judgement_counts_until_another_version_serves(world: World) -> None:
    world.copy("layout", "twin")
    part = frozen("layout")
    assert gate.judged("layout", "twin", frozen=part) is None
    gate.note(gate.judge("layout", "twin", frozen=part))
    known = gate.judged("layout", "twin", frozen=part)
    assert known is not None
    assert known["verdict"] == "same"
    assert gate.judged("layout", "twin", world.data, frozen=part) is None
    promotion.promote("layout", "twin")
    assert gate.judged("layout", "base", frozen=part) is None


def test_the_hold_out_is_the_same_reports_again_and_again_and_has_every_style() -> None:
    part = hold_out("layout", per_style=1)
    cases = [part.make(i) for i in (0, 5, 0)]
    assert cases[0] == cases[2]
    assert cases[0] != cases[1]
    assert len({part.make(i).group for i in range(part.count)}) == part.count
    assert hold_out("layout", per_style=2).digest != part.digest


def test_a_datasets_own_part_is_its_test_part(world: World) -> None:
    part = own_part("claims", world.data)
    wanted = [e.id for e in world.data.entries if e.split == "test"]
    assert [case.id for case in part.cases()] == wanted
    assert wanted


def test_versions_are_compared_and_promoted_where_no_training_package_is_installed() -> None:
    code = "import sys, models.promotion, models.gate.judge, extractor.commands.models; "
    code += "print(sorted({'torch', 'transformers', 'onnx', 'accelerate'} & set(sys.modules)))"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout == "[]\n"
