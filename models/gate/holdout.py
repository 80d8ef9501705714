"""The frozen hold-out: synthetic reports that nothing is ever trained on, every style of table alike."""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources
from pathlib import Path

from models.annotations.dataset import Dataset
from models.claims import data as claims
from models.finetune import annotated_claims, annotated_layout
from models.gate.items import Case
from models.layout import data as layout
from models.registry import Task

SEED = 5_000_011  # of the hold-out alone
PER_STYLE = 40


@dataclass(frozen=True, slots=True)
class Part:
    """Reports to compare on: how many, and what makes the one of a number (again and again the same)."""

    name: str
    count: int
    make: Callable[[int], Case]
    digest: str

    def cases(self, processes: int = 1) -> Iterator[Case]:
        """All of them in order."""
        if processes < 2 or self.count < 100:
            yield from map(self.make, range(self.count))
            return
        with ProcessPoolExecutor(processes - 1, multiprocessing.get_context("spawn")) as pool:
            yield from pool.map(self.make, range(self.count), chunksize=16)


def hold_out(task: Task, per_style: int = PER_STYLE) -> Part:
    """The part ``hold-out``: the same reports for ever, as long as the synthesis that writes them stays the same."""
    from models.synthesis.tables import STYLES

    digest = hashlib.sha256(f"{SEED}:{per_style}:{list(STYLES)}:{_writer()}".encode()).hexdigest()
    return Part("hold-out", per_style * len(STYLES), partial(_synthetic, task), digest)


@cache
def _writer() -> str:
    """The digest of what writes the reports: with another the hold-out is another."""
    root = Path(str(resources.files("models").joinpath("synthesis")))
    files = sorted(p for p in root.rglob("*") if p.suffix in (".py", ".yaml"))
    return hashlib.sha256(b"".join(hashlib.sha256(p.read_bytes()).digest() for p in files)).hexdigest()


def _synthetic(task: Task, index: int) -> Case:
    from models.synthesis.report import Options, synthesize
    from models.synthesis.tables import STYLES

    style = list(STYLES)[index % len(STYLES)]
    report = synthesize(SEED, index, Options(style=style))
    return Case(report.id, style, claims.of_report(report) if task == "claims" else layout.of_report(report))


def annotated(task: Task, data: Dataset) -> Part:
    """The part ``own``: the test part of a dataset, as far as it is annotated for this model."""
    test = annotated_claims(data, "test") if task == "claims" else annotated_layout(data, "test")
    cases = [Case(e.id, e.origin, sample) for e, sample in zip(test.entries, test.samples, strict=True)]
    return Part("own", len(cases), cases.__getitem__, test.digest())
