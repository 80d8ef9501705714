"""``nianbao bench``: what ``extractor.bench`` measures, on a corpus that is stated."""

from __future__ import annotations

import platform
import tempfile
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from extractor import batch, bench

_DONE, _USAGE = 0, 2


def run(n: int, seed: int, corpus: Path | None) -> int:
    """Measure and print. Returns the exit code."""
    if corpus is not None:
        return _measured(sorted(corpus.glob("*.txt")), f"{corpus}/*.txt")
    from models.synthesis.corpus import write_corpus

    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Path(folder), n, seed)
        return _measured(sorted((Path(folder) / "text").glob("*.txt")), f"synthesis, n={n}, seed={seed}")


def _measured(paths: list[Path], stated: str) -> int:
    console = Console(highlight=False, soft_wrap=True)
    if not paths:
        console.print(f"no *.txt in {stated}", markup=False)
        return _USAGE
    size = sum(p.stat().st_size for p in paths) / len(paths) / 1024
    machine = f"{platform.machine()}, {batch.cores()} cores, Python {platform.python_version()}"
    console.print(f"corpus: {stated}: {len(paths)} reports of {size:.1f} KB on average", markup=False)
    console.print(f"machine: {machine}", markup=False)
    console.print(_table(paths))
    console.print(f"start-up: nianbao --help {bench.seconds_of(['--help'])} s")
    console.print(f"start-up: nianbao extract of one report {bench.seconds_of(['extract', str(paths[0])])} s")
    return _DONE


def _table(paths: list[Path]) -> Table:
    table = Table("processes", "reports/s", "p50 ms", "p95 ms", "peak MB a process", "not read")
    with Progress(console=Console(stderr=True), transient=True) as bar:
        for processes in (1, 2):
            task = bar.add_task(f"{processes} process(es)", total=len(paths))
            t = bench.throughput(paths, processes, lambda task=task: bar.advance(task))  # type: ignore[misc]
            cells = (t.processes, t.per_second, t.p50_ms, t.p95_ms, t.peak_mb, t.unread)
            table.add_row(*(str(c) for c in cells))
    return table
