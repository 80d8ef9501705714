"""Is everything still there that the service said it had?

    python -m tests.load.kill --writes 500 --kills 25
    python -m tests.load.kill --writes 500 --kills 500     # as many kills as writes: most of an hour

People upload reports, decide on findings, correct cells and claims and bring whole files of reports (jobs), all at the
same time. At a random moment the service and all its processes are killed (SIGKILL) and started again on the same
folder, until there were so many writes and so many kills. What was acknowledged since the start before is looked for
after each start, all of it at the end; then the jobs must end by themselves with every report stored, and the database
file must be whole: SQLite's own check, no row without its owner, counts that agree with the rows they count.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from httpx import AsyncClient, TransportError

from models.synthesis.report import synthesize
from tests.browser.running import kill, started
from tests.load.figures import Figure, show

_SEED, _REPORTS, _WRITERS, _BULK = 9, 40, 4, 3
_ALIVE = (0.3, 2.5)
_JOB_SECONDS = 300.0
NDJSON = {"content-type": "application/x-ndjson"}


@dataclass(frozen=True, slots=True)
class Write:
    """What was acknowledged: its kind, where it is to be found, and the words by which it is known there."""

    kind: str
    path: str
    words: str


@dataclass(slots=True)
class Told:
    """Everything that was acknowledged, in order; jobs with the names of their reports."""

    writes: list[Write] = field(default_factory=list)
    jobs: dict[str, set[str]] = field(default_factory=dict)
    refused: Counter[int] = field(default_factory=Counter)
    lost: list[Write] = field(default_factory=list)


class Writer:
    """One person at work: stores a report, then decides and corrects; now and then brings several at once."""

    def __init__(self, client: AsyncClient, told: Told, chance: random.Random) -> None:
        self._client = client
        self._told = told
        self._chance = chance

    async def work(self) -> None:
        """Until the service is gone."""
        while True:
            await (self._bring_several() if self._chance.random() < 0.2 else self._bring_one())

    def _text(self) -> tuple[str, str]:
        """A report that nobody brought before, and its name."""
        name = f"r{self._chance.getrandbits(64):x}"
        return name, f"{synthesize(_SEED, self._chance.randrange(_REPORTS)).text}\n{name}\n"

    async def _bring_one(self) -> None:
        name, text = self._text()
        made = await self._send("POST", "/v1/documents", {"text": text, "id": name})
        place = f"/v1/documents/{made['id']}"
        self._acknowledged("report", place, name)
        findings, cells, claims = [
            (await self._client.get(f"{place}/{part}")).json() for part in ("findings", "cells", "claims")
        ]
        for finding in self._chance.sample(findings, min(2, len(findings))):
            await self._change(f"/v1/findings/{finding['id']}", {"decision": "confirmed"}, "review", "/reviews")
        for cell in self._chance.sample(cells, min(1, len(cells))):
            await self._change(f"{place}/cells/{cell['id']}", {"value": 7}, "cell", "", f"{place}/annotations")
        for claim in self._chance.sample(claims, min(1, len(claims))):
            await self._change(
                f"{place}/claims/{claim['id']}", {"is_claim": False}, "claim", "", f"{place}/annotations"
            )

    async def _change(self, path: str, body: dict[str, Any], kind: str, below: str, elsewhere: str = "") -> None:
        note = f"n{self._chance.getrandbits(64):x}"
        await self._send("PATCH", path, {**body, "note": note})
        self._acknowledged(kind, elsewhere or path + below, note)

    async def _bring_several(self) -> None:
        texts = dict(self._text() for _ in range(_BULK))
        lines = "".join(_line(text, name) for name, text in texts.items())
        answer = await self._client.post("/v1/documents", content=lines.encode(), headers=NDJSON)
        if answer.status_code != 202:
            self._told.refused[answer.status_code] += 1
            return
        id = answer.json()["id"]
        self._told.jobs[id] = set(texts)
        self._acknowledged("job", f"/v1/jobs/{id}", id)

    async def _send(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        while True:
            answer = await self._client.request(method, path, json=body)
            if answer.is_success:
                return dict(answer.json())
            self._told.refused[answer.status_code] += 1
            await asyncio.sleep(0.2)

    def _acknowledged(self, kind: str, path: str, words: str) -> None:
        self._told.writes.append(Write(kind, path, words))


def _line(text: str, name: str) -> str:
    return json.dumps({"text": text, "id": name}) + "\n"


async def lost(client: AsyncClient, writes: Sequence[Write]) -> list[Write]:
    """Those that the service knows nothing of any more."""
    answers: dict[str, str] = {}
    for write in writes:
        if write.path not in answers:
            answer = await client.get(write.path)
            answers[write.path] = answer.text if answer.is_success else ""
    return [write for write in writes if f'"{write.words}"' not in answers[write.path]]


async def one_life(folder: Path, told: Told, seen: int, chance: random.Random) -> None:
    """Start, look for what was acknowledged in the life before, work until the service is killed."""
    with started(folder) as (process, address):
        async with AsyncClient(base_url=address, timeout=60) as client:
            told.lost += await lost(client, told.writes[seen:])
            people = [Writer(client, told, random.Random(chance.random())) for _ in range(_WRITERS)]
            tasks = [asyncio.create_task(person.work()) for person in people]
            await asyncio.sleep(chance.uniform(*_ALIVE))
            await asyncio.to_thread(kill, process)
            for task in tasks:
                with suppress(TransportError):
                    await task


async def last_life(folder: Path, told: Told) -> int:
    """Look for everything, and see that every job ends with all its reports stored. Returns how many are missing."""
    with started(folder) as (_, address):
        async with AsyncClient(base_url=address, timeout=60) as client:
            told.lost = await lost(client, told.writes)
            end = time.monotonic() + _JOB_SECONDS
            for id in told.jobs:
                while (await client.get(f"/v1/jobs/{id}")).json()["status"] != "done" and time.monotonic() < end:
                    await asyncio.sleep(0.2)
            stored: set[str] = set()
            page = "/v1/documents?limit=200"
            while page:
                answer = (await client.get(page)).json()
                stored |= {document["name"] for document in answer["items"]}
                page = f"/v1/documents?limit=200&cursor={answer['next']}" if answer["next"] else ""
    return len(set().union(*told.jobs.values()) - stored)


def harm(file: Path) -> list[str]:
    """What is wrong with the database file; nothing where it is whole."""
    with closing(sqlite3.connect(file)) as database:
        found = [str(row[0]) for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
        found += [f"a row of {row[0]} without its owner" for row in database.execute("PRAGMA foreign_key_check")]
        counts = {
            "documents without an extraction": """SELECT count(*) FROM documents d
                LEFT JOIN extractions e ON e.pk = d.extraction_pk WHERE e.pk IS NULL""",
            "documents whose counts are not those of their findings": """SELECT count(*) FROM documents d WHERE
                d.mismatches <> (SELECT count(*) FROM findings f
                WHERE f.extraction_pk = d.extraction_pk AND f.status = 'mismatch')""",
        }
        for name, query in counts.items():
            [(count,)] = database.execute(query)
            found += [f"{count} {name}"] if count else []
        try:
            database.execute("INSERT INTO documents_text(documents_text, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            found.append(f"the index of the search is not that of the texts ({error})")
    return found


async def measure(writes: int, kills: int, seed: str) -> list[Figure]:
    """Live and be killed until there is enough of both."""
    told, chance = Told(), random.Random(seed)
    killed = seen = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        while killed < kills or len(told.writes) < writes:
            before, seen = seen, len(told.writes)
            await one_life(folder, told, before, chance)
            killed += 1
        early = len(told.lost)
        missing = await last_life(folder, told)
        wrong = harm(folder / "nianbao.db")
    gone = max(early, len(told.lost))
    kinds = Counter(write.kind for write in told.writes)
    broken = {status: count for status, count in told.refused.items() if status != 503}
    return [
        Figure("kills", str(killed), f"≥ {kills}", killed >= kills),
        Figure("writes acknowledged", str(len(told.writes)), f"≥ {writes}", len(told.writes) >= writes),
        Figure("of these", ", ".join(f"{kind}: {count}" for kind, count in sorted(kinds.items()))),
        Figure("acknowledged writes lost", str(gone), "0", gone == 0),
        Figure("reports of acknowledged jobs that were never stored", str(missing), "0", missing == 0),
        Figure("harm to the database", "; ".join(wrong) or "none", "none", not wrong),
        Figure("refused, other than 503", str(broken or 0), "0", not broken),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--writes", type=int, default=500)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--seed", default="kill -9")
    asked = parser.parse_args(arguments)
    return show("killed while people write", asyncio.run(measure(asked.writes, asked.kills, asked.seed)))


if __name__ == "__main__":
    sys.exit(main())
