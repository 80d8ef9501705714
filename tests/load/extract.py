"""How many reports a running service reads, and how long each waits: clients that ask again at once.

    nianbao serve &
    python -m tests.load.extract --clients 20 --seconds 60

A 503 is waited out as its Retry-After says and counted apart. Prints reports a second, p50, p95, answers by status, and
how the memory of the processes given by --pid (and their children) went, which is to stay flat.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections import Counter
from pathlib import Path

from httpx import AsyncClient, Limits

from models.synthesis.report import synthesize

_REPORTS = 200


async def load(address: str, clients: int, seconds: float, pid: int | None) -> None:
    """Ask for so long, from so many sides, and print the figures."""
    texts = [synthesize(5, index).text.encode() for index in range(_REPORTS)]
    times: list[float] = []
    answers: Counter[int] = Counter()
    memory: list[float] = []
    end = time.monotonic() + seconds

    async def ask(client: AsyncClient, first: int) -> None:
        number = first
        while time.monotonic() < end:
            number += clients
            begun = time.perf_counter()
            answer = await client.post("/v1/extract", content=texts[number % _REPORTS])
            answers[answer.status_code] += 1
            if answer.status_code == 503:
                await asyncio.sleep(float(answer.headers["retry-after"]))
            else:
                times.append(time.perf_counter() - begun)

    async def watch() -> None:
        while pid is not None and time.monotonic() < end:
            memory.append(resident(pid))
            await asyncio.sleep(seconds / 12)

    limits = Limits(max_connections=clients)
    async with AsyncClient(base_url=address, timeout=120, limits=limits) as client, asyncio.TaskGroup() as group:
        group.create_task(watch())
        for first in range(clients):
            group.create_task(ask(client, first))
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    print(f"{len(times) / seconds:.1f} reports/s   p50 {cuts[9] * 1000:.0f} ms   p95 {cuts[18] * 1000:.0f} ms")
    print(f"answers by status: {dict(answers)}")
    if memory:
        print("MB: " + " ".join(f"{value:.0f}" for value in memory))


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pid", type=int)
    asked = parser.parse_args()
    asyncio.run(load(asked.address, asked.clients, asked.seconds, asked.pid))


if __name__ == "__main__":
    main()
