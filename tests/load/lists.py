"""How long list and filter pages take over many stored reports.

    python -m tests.load.lists --reports 10000 --database sqlite:///many.db

Fills the store (once: a store that has as many is taken as it is) with synthetic reports. A few dozen are read by the
models; the others are these with another year, issuer and last line, so that filling takes minutes and not an hour.
Then starts a service on it and asks every kind of page in turn.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from httpx import AsyncClient
from sqlalchemy import func, select

from extractor.pipeline import load
from extractor.reading import read_text
from extractor.result import dump, payload
from models.synthesis.report import synthesize
from service.store.database import Database
from service.store.recording import canonical, document_id, save
from service.store.tables import DocumentRow, FindingRow
from tests.browser.running import started
from tests.load.figures import Figure, percentile, show

SLOWEST = 200
_READ = 40
_BATCH = 100
PAGES = (
    "/v1/documents", "/v1/documents?status=open", "/v1/documents?year=2019", "/v1/documents?issuer=第77局",
    "/v1/documents?q=行政规范性文件", "/v1/documents?q=第4321份",
    "/v1/documents?q=没有这样的一句话", "/v1/documents?q=公开",
    "/v1/documents?year=2021&status=open&q=政府信息公开申请", "/v1/findings?status=mismatch",
    "/v1/findings?status=mismatch&year=2020", "/v1/findings?status=mismatch&decision=open&issuer=第77局",
    "/v1/findings?status=unverifiable&kind=claim_vs_table", "/v1/findings?year=2022", "/v1/statistics",
)  # fmt: skip


def fill(database: Database, wanted: int) -> tuple[int, int]:
    """Store reports until there are as many as wanted. Returns how many there are, and their findings."""
    database.migrate()
    with database.reading() as session:
        there = session.scalar(select(func.count()).select_from(DocumentRow)) or 0
    if there < wanted:
        _fill(database, there, wanted)
    with database.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) or 0 for table in (DocumentRow, FindingRow)]
    database.close()
    return counts[0], counts[1]


def _fill(database: Database, there: int, wanted: int) -> None:
    extractor, chance = load(), random.Random("lists")
    texts = [synthesize(11, index).text for index in range(_READ)]
    read = [(text, payload(extractor(text, ""), None)) for text in texts]
    for start in range(there, wanted, _BATCH):
        with database.writing() as session:
            for number in range(start, min(start + _BATCH, wanted)):
                text, result = read[number % _READ]
                report = canonical(read_text(f"{text}\n第{number}份"))
                facts = {"id": document_id(report), "year": chance.randint(2008, 2025), "sha256": report.sha256}
                facts["issuer"] = f"澄岚县第{number % 500}局"
                body = dump({**result, "document": {**result["document"], **facts}})
                save(session, replace(report), f"r{number}", body)


async def ask(address: str, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each page; every second time it is the page behind it."""
    times: dict[str, list[float]] = {}
    async with AsyncClient(base_url=address, timeout=60) as client:
        for page in PAGES:
            cursor = None
            for _ in range(rounds):
                wanted = f"{page}{'&' if '?' in page else '?'}cursor={cursor}" if cursor else page
                begun = time.perf_counter()
                answer = await client.get(wanted)
                times.setdefault(page, []).append((time.perf_counter() - begun) * 1000)
                answer.raise_for_status()
                cursor = None if cursor else json.loads(answer.content).get("next")
    return times


def measure(reports: int, rounds: int, database: str) -> list[Figure]:
    """Fill, start a service on it, ask."""
    with tempfile.TemporaryDirectory() as folder:
        url = database or f"sqlite:///{folder}/nianbao.db"
        begun = time.perf_counter()
        stored, findings = fill(Database(url), reports)
        filled = time.perf_counter() - begun
        with started(Path(folder), NIANBAO_DATABASE=url) as (_, address):
            times = asyncio.run(ask(address, rounds))
    everything = [one for of_page in times.values() for one in of_page]
    return [
        Figure(
            "reports and findings stored", f"{stored}, {findings} ({filled:.0f} s)", f"≥ {reports}", stored >= reports
        ),
        *(_bounded(f"`{page}`", of_page) for page, of_page in times.items()),
        _bounded("all", everything),
    ]


def _bounded(name: str, times: list[float]) -> Figure:
    p50, p95 = percentile(times, 50), percentile(times, 95)
    return Figure(f"{name}: p50, p95", f"{p50:.0f}, {p95:.0f} ms", f"≤ {SLOWEST} ms", p95 <= SLOWEST)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--database", default="", help="a URL; without it a file that is deleted at the end")
    asked = parser.parse_args(arguments)
    return show("lists and filters", measure(asked.reports, asked.rounds, asked.database))


if __name__ == "__main__":
    sys.exit(main())
