"""``nianbao calibrate``: make the table of confidences anew, and say what it is worth on fresh reports."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from extractor import batch
from extractor.calibrate import LOT, Measured, Sample, calibrate, collect, measure, written
from extractor.pipeline import load

_DONE = 0


def run(n: int, seed: int, out: Path | None, jobs: int | None) -> int:
    """Fit to ``n`` reports of ``seed``, measure on 2/5 as many of the next seed, write. Returns the exit code."""
    processes = batch.cores() if jobs is None else jobs
    fresh = max(1, n * 2 // 5)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        taken = _collected(bar, seed, n, processes)
        others = _collected(bar, seed + 1, fresh, processes)
    made = calibrate(taken)
    measured = measure(made, others)
    path = out or Path(str(resources.files("extractor"))) / "lexicon" / "confidence.yaml"
    versions = ", ".join(f"{name} {version}" for name, version in load().versions)
    path.write_text(written(made, _header(n, seed, fresh, versions, measured)), encoding="utf-8")
    console = Console(highlight=False, soft_wrap=True)
    for one in measured:
        console.print(_table(one))
    console.print(f"{path}: fitted to {n} reports of seed {seed}, measured on {fresh} of seed {seed + 1}", markup=False)
    return _DONE


def _collected(bar: Progress, seed: int, n: int, processes: int) -> list[Sample]:
    task = bar.add_task(f"seed {seed}", total=n)
    out: list[Sample] = []
    for lot in collect(seed, n, processes):
        out += lot
        bar.advance(task, LOT)
    return out


def _header(n: int, seed: int, fresh: int, versions: str, measured: Sequence[Measured]) -> list[str]:
    """What made the file, and expected calibration errors before and after."""
    told = (f"{m.part} {m.errors[0]:.4f} -> {m.errors[1]:.4f} (n={sum(b.n for b in m.after)})" for m in measured)
    return [
        "Confidences: from the raw score of an item of a group to its chance of being right, as knots [score, chance].",
        f"Made by: nianbao calibrate --n {n} --seed {seed}",
        f"Models: {versions}",
        f"Expected calibration error on {fresh} reports of seed {seed + 1}, raw -> calibrated:",
        *(f"  {line}" for line in told),
    ]


def _table(measured: Measured) -> Table:
    before, after = measured.errors
    table = Table("from", "confidence", "accuracy", "n", title=f"{measured.part}: ECE {before:.4f} → {after:.4f}")
    for row in measured.after:
        table.add_row(f"{row.low:.2f}", f"{row.mean:.4f}", f"{row.accuracy:.4f}", str(row.n))
    return table
