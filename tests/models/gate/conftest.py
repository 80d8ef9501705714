"""A small world: models trained for seconds on tiny reports, and a dataset of annotated ones in other words."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from models import promotion, registry
from models.annotations.dataset import Dataset, Incoming
from models.annotations.record import Block, Claim, Heading, Record
from models.claims import finetune as claims
from models.claims.data import Sample
from models.claims.train import train_claims
from models.gate.holdout import Part
from models.gate.items import Case
from models.layout import data as layout_data
from models.layout.finetune import finetune_layout
from models.layout.finetune import recipe as layout_recipe
from models.layout.train import train_layout
from models.registry import Task
from tests.models.claims.small_reports import sample

REPORTS = 16
RECIPE: dict[str, Any] = {"epochs": 2, "replay": 24, "held_out": 12, "share": 0.4, "rate": 2e-3}


def layout_sample(seed: int, index: int) -> layout_data.Sample:
    """A tiny report for the layout model."""
    made = sample(seed, index)
    places = sorted((m.start, m.end, str(m.data["type"])) for m in made.marks if m.kind == "block")
    return layout_data.Sample(made.text, tuple(places))


def annotated(number: int, change: Callable[[Sample], Sample] = lambda s: s) -> Record:
    """A tiny report as a person would annotate it; every sentence names the report, so that none stands in two."""
    made = change(sample(77, number))
    text = made.text
    marks = [m for m in made.marks if m.kind != "cell"]
    of = {kind: [m for m in marks if m.kind == kind] for kind in ("block", "heading", "claim")}
    claims = tuple(
        Claim(m.start, m.end, m.data["kind"], _value(text[m.start : m.end]), approx=m.data["approx"],
              scope=m.data["scope"], concepts=tuple(m.data["concepts"]))
        for m in of["claim"]
    )  # fmt: skip
    return Record(
        f"report-{number}", text, {"year": made.year, "issuer": made.issuer},
        headings=tuple(Heading(m.start, m.end, 1) for m in of["heading"]),
        claims=claims,
        blocks=tuple(Block(m.start, m.end, m.data["type"]) for m in of["block"]),
    )  # fmt: skip


def _value(surface: str) -> int:
    return int(surface) if surface.isdigit() else 0


def frozen(task: Task) -> Part:
    """A hold-out of tiny reports."""
    make = sample if task == "claims" else layout_sample
    return Part("hold-out", 40, lambda i: Case(f"tiny-{i}", "tiny", make(5_000_011, i)), "tiny")


@dataclass(frozen=True)
class World:
    """``root`` is the folder of models, with ``base`` of both tasks in it, which serve."""

    root: Path
    data: Dataset

    def finetune(self, task: Task, version: str, **options: Any) -> dict[str, Any]:
        """Fine-tune ``base`` for a moment."""
        out = self.root / task / version
        changes = RECIPE | options.pop("recipe", {})
        data = options.pop("data", self.data)
        if task == "claims":
            how = claims.recipe("base", **changes)
            return claims.finetune_claims(out, data, how, source=sample, processes=1, **options)
        how = layout_recipe("base", **changes)
        return finetune_layout(out, data, how, source=layout_sample, processes=1, **options)

    def copy(self, task: Task, version: str) -> None:
        """A version with the same weights as ``base``."""
        shutil.copytree(self.root / task / "base", self.root / task / version)


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("world")
    train_claims(root / "claims" / "base", reports=80, epochs=5, source=sample, processes=1, budget=1024)
    train_layout(root / "layout" / "base", reports=200, epochs=5, source=layout_sample, processes=1)
    Dataset(root / "data").add([Incoming(annotated(i), "test") for i in range(REPORTS)])
    return root


@pytest.fixture
def world(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The small world, its own for each test."""
    shutil.copytree(trained, tmp_path / "world")
    monkeypatch.setenv(registry.ROOT_VARIABLE, str(tmp_path / "world"))
    for task in registry.TASKS:
        promotion.promote(task, "base")
    return World(tmp_path / "world", Dataset(tmp_path / "world" / "data"))
