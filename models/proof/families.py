"""The two families that ordinary synthesis never writes: reports that have them, for training, for teaching, for tests.

``cards`` is a table style with labels of its own (layout model); ``register`` is a manner of stating requests (token
classifier). See ``models.synthesis.report.Options.shows``.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from models.claims import data as claims
from models.gate.items import Case
from models.layout import data as layout
from models.registry import Task
from models.synthesis.report import Options, Synthetic, synthesize

FAMILIES: dict[Task, str] = {"layout": "cards", "claims": "register"}
RATE = 0.05  # of the reports that the model trained with the family in reads: as many as have a common style
TEACHING_SEED = 6_000_011  # added to a run's seed: the reports that stand in for those a person annotates
TEST_SEED = 7_000_003

Places = tuple[tuple[int, int], ...]


def ordinary(task: Task, seed: int, index: int) -> Synthetic:
    """A report of ordinary synthesis, except that a few show the task's family."""
    shown = random.Random(f"withheld:{seed}:{index}").random() < RATE
    return synthesize(seed, index, Options(shows=(FAMILIES[task],) if shown else ()))


def claims_source(seed: int, index: int) -> claims.Sample:
    """What the token classifier trained with its family in reads."""
    return claims.of_report(ordinary("claims", seed, index))


def layout_source(seed: int, index: int) -> layout.Sample:
    """As ``claims_source``, for the layout model."""
    return layout.of_report(ordinary("layout", seed, index))


def showing(task: Task, seed: int, index: int) -> tuple[Synthetic, Places]:
    """The report ``index`` of those that show the task's family, and the places where it does."""
    for turn in range(100):
        made = synthesize(seed, index * 100 + turn, Options(shows=(FAMILIES[task],)))
        places = tuple((m.start, m.end) for m in made.marks if m.kind == "withheld" and m.start < m.end)
        if places:
            return made, places
    raise AssertionError("in a hundred reports none shows the family")


def annotation(task: Task, seed: int, index: int) -> dict[str, Any]:
    """Such a report with its annotation in the project's own format (one line of JSONL as plain data)."""
    made, _ = showing(task, seed, index)
    concepts = {(m.start, m.end): list(m.data["concepts"]) for m in made.marks if m.kind == "claim"}
    said = {**made.gold, "text": made.text}
    said["claims"] = [c | {"concepts": concepts[c["start"], c["end"]]} for c in made.gold["claims"]]
    return said


def fresh(task: Task, count: int) -> Iterator[tuple[Case, Places]]:
    """Reports that no version has seen and that show the family, and the places where they do."""
    for index in range(count):
        made, places = showing(task, TEST_SEED, index)
        sample = claims.of_report(made) if task == "claims" else layout.of_report(made)
        yield Case(made.id, FAMILIES[task], sample), places
