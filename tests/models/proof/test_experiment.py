"""The experiment, whole and tiny: what it makes, and that what is done is not done again."""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from models import registry
from models.annotations.check import wrong
from models.annotations.dataset import Dataset
from models.gate.items import Item
from models.proof import experiment
from models.proof.__main__ import FIGURE, TABLE, write
from models.proof.families import FAMILIES, RATE, ordinary, showing
from models.proof.measure import Tally, on_family
from models.proof.plan import WITH_FAMILY, Plan, Run
from models.proof.show import Curve, Point, figure, table

FINE = {"epochs": 1, "replay": 6, "held_out": 4, "folds": 0}


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plan:
    monkeypatch.setenv(registry.ROOT_VARIABLE, str(tmp_path / "models"))
    start = {task: registry.current(task) for task in registry.TASKS}
    scratch = {"claims": {"reports": 8, "epochs": 1}, "layout": {"reports": 8, "epochs": 1}}
    return Plan(tmp_path, start, (1,), (2, 4), 2, 1, scratch, {"claims": FINE, "layout": FINE})  # type: ignore[arg-type]


def test_one_command_makes_table_and_figure_and_does_nothing_twice(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(plan, jobs=1)
    made = {p: p.stat().st_mtime_ns for p in plan.folder.rglob("*.json")}
    printed = capsys.readouterr().out
    for task in registry.TASKS:
        assert (plan.models / task / WITH_FAMILY / registry.RECORD).is_file()
        for count in plan.counts:
            data = Dataset(plan.data(Run(task, 1, count)))
            assert len(data.entries) == count
            assert wrong(data) == []
            if any(e.split == "train" for e in data.entries):
                said = json.loads(plan.scores(task, f"s1-n{count:02d}").read_text("utf-8"))
                assert said["family"]["wanted"] > 10
                assert said["hold_out"]["everything"]["count"] > 1000
    assert printed.strip() == (plan.folder / TABLE).read_text("utf-8").strip()
    assert printed.count("\n| ") == 2 * (1 + 2 + 1 + 1)
    ET.fromstring((plan.folder / FIGURE).read_text("utf-8"))
    monkeypatch.setattr(experiment, "measure", lambda *_: None)
    write(plan, jobs=1)
    assert {p: p.stat().st_mtime_ns for p in plan.folder.rglob("*.json")} == made


def test_the_same_first_reports_are_annotated_whatever_their_number(plan: Plan) -> None:
    few, many = (experiment.dataset(plan, Run("layout", 1, n)) for n in (2, 4))
    assert {e.text for e in few.entries} < {e.text for e in many.entries}
    other = experiment.dataset(plan, Run("layout", 2, 2))
    assert not {e.text for e in other.entries} & {e.text for e in many.entries}


@pytest.mark.parametrize("task", registry.TASKS)
def test_ordinary_synthesis_with_the_family_has_it_as_often_as_a_style(task: registry.Task) -> None:
    shown = sum(any(m.kind == "withheld" for m in ordinary(task, 3, i).marks) for i in range(200))
    assert 0.2 * RATE < shown / 200 < 3 * RATE
    made, places = showing(task, 3, 0)
    assert places
    assert {m.data["family"] for m in made.marks if m.kind == "withheld"} == {FAMILIES[task]}


@pytest.mark.parametrize("task", registry.TASKS)
def test_every_annotation_of_a_family_passes_the_import(plan: Plan, task: registry.Task) -> None:
    assert len(experiment.dataset(plan, Run(task, 9, 25)).entries) == 25


def test_a_score_counts_right_items_of_all() -> None:
    tally = Tally()
    tally.add(frozenset({1, 2, 3}), frozenset({2, 3, 4}))
    tally.add(frozenset({Item("count", 0, 1)}), frozenset())
    assert tally.to_json() == {"f1": round(4 / 7, 5), "wanted": 4, "said": 3, "right": 2}


def test_the_shipped_versions_do_not_know_the_families(plan: Plan) -> None:
    from models.gate.items import read_by

    for task in registry.TASKS:
        (score,) = on_family(read_by(task, [plan.start[task]]), 6, task)
        assert score.to_json()["f1"] < 0.6


def curve(family: float) -> Curve:
    point = Point(10, (7, 8, 6), (family, family, family), (0.99, 0.99, 0.99), ((0.1, "note"),) * 3)
    return Curve("layout", 0.4, 0.99, 0.9, (point,))


def test_the_distance_is_measured_from_the_version_that_knows_nothing_to_the_one_that_knows() -> None:
    assert curve(0.8).closed(0.8) == pytest.approx(0.8)
    assert "| 10 | 6–8 | 0.800 (0.800 to 0.800) | 80% | 0.9900 | 0.10 points (note) |" in table([curve(0.8)])
    assert "80% of the distance" in figure([curve(0.8)])


def test_where_nothing_can_be_learned_no_version_is_made(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(experiment, "dataset", lambda plan, run: Dataset(plan.folder / "empty"))
    assert "none of its reports" in experiment.learn(plan, Run("claims", 1, 2))
    assert not (plan.models / "claims").exists()
    assert os.environ[registry.ROOT_VARIABLE] == str(plan.models)
