"""How fast, how much memory: measured with the batch runner, as users run it.

Worker processes are warmed up first, so that throughput is that of a long run; start-up is measured on its own, as the
time that ``nianbao extract`` of one report takes from start to end.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractor import batch

WARM = 8


@dataclass(frozen=True, slots=True)
class Throughput:
    """Of one number of processes: reports per second over all, latency of one report in milliseconds, memory in MB."""

    processes: int
    reports: int
    unread: int
    per_second: float
    p50_ms: float
    p95_ms: float
    peak_mb: float


def throughput(paths: Sequence[Path], processes: int, on_report: Callable[[], None]) -> Throughput:
    """Extract every file in a pool of this many processes. Raises ValueError where there is no file."""
    if not paths:
        raise ValueError("no reports to measure with; name a folder that has *.txt files")
    sources = [batch.Source(p.stem, p.name, p) for p in paths]
    warm = [sources[i % len(sources)] for i in range(WARM * processes)]
    measured: list[batch.Outcome[bytes]] = []
    for number, outcome in enumerate(batch.run([*warm, *sources], batch.as_json, processes)):
        if number >= len(warm):
            measured.append(outcome)
            on_report()
    seconds = max(o.ended for o in measured) - min(o.begun for o in measured)
    each = sorted((o.ended - o.begun) * 1000 for o in measured)
    return Throughput(
        processes,
        len(measured),
        sum(o.failure is not None for o in measured),
        round(len(measured) / seconds, 1),
        round(statistics.median(each), 1),
        round(each[int(0.95 * (len(each) - 1))], 1),
        round(max(o.peak_mb for o in measured), 1),
    )


def seconds_of(arguments: Sequence[str], times: int = 3) -> float:
    """The median time that ``nianbao ARGUMENTS`` takes in a process of its own, start and end included."""
    taken: list[float] = []
    for _ in range(times):
        begun = time.perf_counter()
        command = [sys.executable, "-m", "extractor.cli", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        taken.append(time.perf_counter() - begun)
    return round(statistics.median(taken), 2)
