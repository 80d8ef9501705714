"""How many reports a service reads, and how long each waits, beside what the batch runner does with the same reports.

    python -m tests.load.extract --clients 20 --seconds 60

Starts a service of its own and asks from so many sides at once, each side again as soon as it is answered. A 503 is
waited out as its Retry-After says and counted apart. The batch runner is measured before and after, because a machine's
own speed changes from minute to minute; the mean of both counts.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from httpx import AsyncClient, Limits

from extractor.batch import cores
from extractor.bench import throughput
from models.synthesis.report import synthesize
from tests.browser.running import started
from tests.load.figures import Figure, percentile, show

SLOWEST, SHARE = 1.5, 0.7
_SEED = 5


@dataclass(slots=True)
class Asked:
    """What became of the requests: seconds of those that were served, answers by status, 503 that did not say when."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    silent: int = 0

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds

    @property
    def errors(self) -> dict[int, int]:
        """Answers that are neither served nor a 503 with Retry-After."""
        wrong = {status: count for status, count in self.answers.items() if status not in (200, 503)}
        return wrong | ({503: self.silent} if self.silent else {})


async def load(address: str, texts: Sequence[bytes], clients: int, seconds: float) -> Asked:
    """Ask for so long, from so many sides."""
    made = Asked()
    begun = time.perf_counter()

    async def ask(client: AsyncClient, number: int) -> None:
        while time.perf_counter() - begun < seconds:
            number += clients
            asked = time.perf_counter()
            answer = await client.post("/v1/extract", content=texts[number % len(texts)])
            made.answers[answer.status_code] += 1
            if answer.status_code == 200:
                made.times.append(time.perf_counter() - asked)
            elif answer.status_code == 503:
                made.silent += "retry-after" not in answer.headers
                await asyncio.sleep(float(answer.headers.get("retry-after", 1)))

    limits = Limits(max_connections=clients)
    async with AsyncClient(base_url=address, timeout=120, limits=limits) as client, asyncio.TaskGroup() as group:
        for first in range(clients):
            group.create_task(ask(client, first))
    made.seconds = time.perf_counter() - begun
    return made


def batch(texts: Sequence[bytes], processes: int) -> float:
    """Reports a second with the batch runner."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.txt" for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_bytes(text)
        return throughput(paths, processes, lambda: None).per_second


def measure(clients: int, seconds: float, reports: int, processes: int) -> list[Figure]:
    """Batch, service, batch."""
    texts = [synthesize(_SEED, index).text.encode() for index in range(reports)]
    first = batch(texts, processes)
    with tempfile.TemporaryDirectory() as data, started(Path(data), NIANBAO_PROCESSES=str(processes)) as (_, address):
        made = asyncio.run(load(address, texts, clients, seconds))
    second = batch(texts, processes)
    share = made.per_second / ((first + second) / 2)
    p50, p95 = (percentile(made.times, percent) for percent in (50, 95))
    return [
        Figure("answers by status", ", ".join(f"{status}: {count}" for status, count in sorted(made.answers.items()))),
        Figure("errors other than 503 with Retry-After", str(made.errors or 0), "0", not made.errors),
        Figure("p50 of those served", f"{p50:.2f} s"),
        Figure("p95 of those served", f"{p95:.2f} s", f"≤ {SLOWEST} s", p95 <= SLOWEST),
        Figure("reports a second, batch before and after", f"{first:.1f}, {second:.1f}"),
        Figure("reports a second, service", f"{made.per_second:.1f}"),
        Figure("service against batch", f"{share:.0%}", f"≥ {SHARE:.0%}", share >= SHARE),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--reports", type=int, default=400, help="different reports, and how many the batch reads")
    parser.add_argument("--processes", type=int, default=cores())
    asked = parser.parse_args(arguments)
    title = f"{asked.clients} clients for {asked.seconds:g} s, {asked.processes} reading processes"
    return show(title, measure(asked.clients, asked.seconds, asked.reports, asked.processes))


if __name__ == "__main__":
    sys.exit(main())
