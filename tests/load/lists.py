"""How long list and filter pages take over many stored reports.

    python -m tests.load.lists --reports 10000 --database sqlite:///many.db

Fills the store (once: a store that has as many is taken as it is) with synthetic reports. A few dozen are read by the
models; the others are these with another year, issuer and last line, so that filling takes minutes and not an hour.
Then asks every kind of page in turn through the whole application, and prints p50 and p95 in milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from httpx import ASGITransport, AsyncClient

from extractor.pipeline import load
from extractor.reading import read_text
from extractor.result import dump, payload
from models.synthesis.report import synthesize
from service.app import create_app
from service.reading.pool import Pool
from service.settings import Settings
from service.store.database import Database
from service.store.documents import statistics as count
from service.store.recording import canonical, document_id, save

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


def fill(database: Database, wanted: int) -> None:
    """Store reports until there are as many as wanted."""
    with database.reading() as session:
        there = sum(count(session).documents.values())
    if there >= wanted:
        return
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


async def ask(settings: Settings, rounds: int) -> None:
    """Print how long each page takes; every second time it is the page behind it."""
    app = create_app(settings, Pool(1))
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://localhost", timeout=60) as client,
    ):
        everything: list[float] = []
        for page in PAGES:
            times: list[float] = []
            cursor = None
            for _ in range(rounds):
                address = f"{page}{'&' if '?' in page else '?'}cursor={cursor}" if cursor else page
                begun = time.perf_counter()
                answer = await client.get(address)
                times.append((time.perf_counter() - begun) * 1000)
                answer.raise_for_status()
                cursor = None if cursor else json.loads(answer.content).get("next")
            everything += times
            print(f"{figures(times)}  {page}")
        print(f"{figures(everything)}  all")


def figures(times: list[float]) -> str:
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    return f"p50 {cuts[9]:7.1f} ms   p95 {cuts[18]:7.1f} ms   max {max(times):7.1f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--database", default="")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder), database=asked.database, log_level="WARNING")
        database = Database(settings.database_url)
        database.migrate()
        begun = time.perf_counter()
        fill(database, asked.reports)
        print(f"{asked.reports} reports stored, {time.perf_counter() - begun:.0f} s")
        database.close()
        asyncio.run(ask(settings, asked.rounds))


if __name__ == "__main__":
    main()
