"""Does the memory of a service stay where it is?

    python -m tests.load.memory --requests 10000

Starts a service of its own and sends requests of every kind: most have a report read, one in twenty stores one, one
in twenty lists, searches or exports. The first tenth is warm-up: models load what they load late, SQLite fills its
caches. From then on every sample of the memory, of all processes together, is compared with the first.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from httpx import AsyncClient

from extractor.batch import cores
from models.synthesis.report import synthesize
from tests.browser.running import started
from tests.load.figures import Figure, show

SWING = 0.1
_SEED, _REPORTS, _SAMPLES, _CLIENTS = 7, 200, 20, 8
_LISTS = (
    "/v1/documents", "/v1/documents?q=行政规范性文件", "/v1/findings?status=mismatch", "/v1/statistics",
    "/v1/exports/findings.xlsx?status=mismatch&year=2021", "/v1/exports/tables.csv?year=2022",
)  # fmt: skip


async def ask(address: str, requests: int, pid: int) -> tuple[Counter[int], list[float]]:
    """Answers by status, and the memory in MB after the warm-up and at every twentieth of the rest."""
    texts = [synthesize(_SEED, index).text for index in range(_REPORTS)]
    answers: Counter[int] = Counter()
    warm = requests // 10
    step = max(1, (requests - warm) // _SAMPLES)
    memory: list[float] = []

    async with AsyncClient(base_url=address, timeout=120) as client:

        async def one(number: int) -> None:
            text = texts[number % _REPORTS]
            if number % 10:
                answer = await client.post("/v1/extract", content=text.encode())
            elif number % 20:
                answer = await client.post("/v1/documents", json={"text": f"{text}\n第{number}份"})
            else:
                answer = await client.get(_LISTS[number // 20 % len(_LISTS)])
            answers[answer.status_code] += 1

        async def side(numbers: Iterator[int]) -> None:
            for number in numbers:
                await one(number)

        done = 0
        for upto in (warm, *range(warm + step, requests + 1, step)):
            numbers = iter(range(done, upto))
            async with asyncio.TaskGroup() as group:
                for _ in range(_CLIENTS):
                    group.create_task(side(numbers))
            done = upto
            memory.append(resident(pid))
    return answers, memory


def resident(pid: int) -> float:
    """Memory of a process and all below it, in MB (each page counted by its share)."""
    total = 0.0
    todo = [pid]
    while todo:
        folder = Path(f"/proc/{todo.pop()}")
        try:
            lines = (folder / "smaps_rollup").read_text().splitlines()
            todo += [int(child) for task in folder.glob("task/*/children") for child in task.read_text().split()]
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return total


def measure(requests: int, processes: int) -> list[Figure]:
    """Start a service, ask, compare."""
    settings = {"NIANBAO_PROCESSES": str(processes), "NIANBAO_EXPORT_ROWS": "1000000"}
    with tempfile.TemporaryDirectory() as data, started(Path(data), **settings) as (process, address):
        answers, memory = asyncio.run(ask(address, requests, process.pid))
    first = memory[0]
    swing = max(abs(value / first - 1) for value in memory)
    failed = {status: count for status, count in answers.items() if status not in (200, 201, 503)}
    return [
        Figure("answers by status", ", ".join(f"{status}: {count}" for status, count in sorted(answers.items()))),
        Figure("errors", str(failed or 0), "0", not failed),
        Figure("MB after the warm-up, at the end", f"{first:.0f}, {memory[-1]:.0f}"),
        Figure("MB, lowest and highest after the warm-up", f"{min(memory):.0f}, {max(memory):.0f}"),
        Figure("furthest from the first", f"{swing:.1%}", f"≤ {SWING:.0%}", swing <= SWING),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=cores())
    asked = parser.parse_args(arguments)
    title = f"{asked.requests} requests, {asked.processes} reading processes"
    return show(title, measure(asked.requests, asked.processes))


if __name__ == "__main__":
    sys.exit(main())
