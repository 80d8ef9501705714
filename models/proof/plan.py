"""What the experiment consists of, and where its parts lie in the user's folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.registry import Task

WITH_FAMILY = "with-family"
Recipes = dict[Task, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Run:
    """Fine-tuning on the first ``reports`` annotated reports of a seed."""

    task: Task
    seed: int
    reports: int

    @property
    def version(self) -> str:
        return f"s{self.seed}-n{self.reports:02d}"


@dataclass(frozen=True, slots=True)
class Plan:
    """``start``: the version of each task that knows nothing of the family. ``tests``: fresh reports that show the
    family; ``per_style``: reports of the hold-out of each table style. ``scratch`` and ``recipes`` change what the
    training from scratch and the fine-tuning do by default: here nothing is left out for the gate to hear of."""

    folder: Path
    start: dict[Task, str]
    seeds: tuple[int, ...] = (1, 2, 3)
    counts: tuple[int, ...] = (3, 5, 10, 20)
    tests: int = 60
    per_style: int = 40
    scratch: Recipes = field(default_factory=dict)
    recipes: Recipes = field(default_factory=lambda: {"layout": {"folds": 0}, "claims": {"folds": 0}})

    @property
    def models(self) -> Path:
        return self.folder / "models"

    @property
    def replay(self) -> Path:
        return self.folder / "synthesis"

    def data(self, run: Run) -> Path:
        return self.folder / "data" / run.task / run.version

    def scores(self, task: Task, version: str) -> Path:
        return self.folder / "scores" / task / f"{version}.json"

    def runs(self) -> Iterator[Run]:
        """Every run, the longest first."""
        for reports in sorted(self.counts, reverse=True):
            for task in self.start:
                for seed in self.seeds:
                    yield Run(task, seed, reports)
