"""Jobs: many reports at once, everything read again, large exports; cancelled, interrupted, gone on with."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest
from httpx import AsyncClient

from service.settings import Settings
from service.store import jobs
from service.store.database import Database
from service.store.tables import JobItemRow, now
from tests.service.speaking import Serve, code

pytestmark = pytest.mark.anyio
NDJSON = {"content-type": "application/x-ndjson"}
ENDED = ("done", "failed", "cancelled")


def bulk(text: str, count: int) -> bytes:
    """So many different short reports, a line each."""
    head = text[:600]
    return "".join(json.dumps({"text": f"{head}\n第{n}份", "id": f"r{n}"}) + "\n" for n in range(count)).encode()


async def ended(client: AsyncClient, id: str) -> dict[str, Any]:
    """The job, once it has come to its end."""
    with anyio.fail_after(60):
        while True:
            job: dict[str, Any] = (await client.get(f"/v1/jobs/{id}")).json()
            if job["status"] in ENDED:
                return job
            await anyio.sleep(0.05)


async def names(client: AsyncClient) -> list[str]:
    return [d["name"] for d in (await client.get("/v1/documents?limit=200")).json()["items"]]


async def test_many_reports_in_one_request_are_stored_by_a_job(client: AsyncClient, example_text: str) -> None:
    lines = bulk(example_text, 3) + b'{"text": 3}\n\n{"text": " "}\nnonsense\n' + bulk(example_text, 1)
    accepted = await client.post("/v1/documents", content=lines, headers=NDJSON)
    assert accepted.status_code == 202
    job = accepted.json()
    assert accepted.headers["location"] == f"/v1/jobs/{job['id']}"
    assert (job["kind"], job["total"]) == ("import", 7)
    over = await ended(client, job["id"])
    assert (over["status"], over["done"], over["failed"]) == ("done", 7, 3)
    assert sorted(await names(client)) == ["r0", "r1", "r2"]
    failed = (await client.get(f"/v1/jobs/{job['id']}/failures")).json()
    assert [(f["line"], f["code"]) for f in failed] == [(4, "invalid_request"), (5, "empty"), (6, "invalid_json")]
    assert [j["id"] for j in (await client.get("/v1/jobs")).json()["items"]] == [job["id"]]
    assert code(await client.get(f"/v1/jobs/{job['id']}/result")) == (409, "conflict")


async def test_several_files_are_a_job(client: AsyncClient, example_text: str) -> None:
    sent = [
        ("file", ("甲.txt", example_text.encode("gb18030"))),
        ("file", ("乙.pdf", b"%PDF-1.4")),
        ("file", ("丙.txt", example_text.replace("2023", "2022").encode())),
    ]
    accepted = await client.post("/v1/documents", files=sent)
    assert accepted.status_code == 202
    over = await ended(client, accepted.json()["id"])
    assert (over["done"], over["failed"]) == (3, 1)
    assert await names(client) == ["丙.txt", "甲.txt"]


async def test_a_bulk_request_sent_again_with_its_key_is_one_job(client: AsyncClient, example_text: str) -> None:
    headers = NDJSON | {"Idempotency-Key": "bulk-1"}
    first = await client.post("/v1/documents", content=bulk(example_text, 2), headers=headers)
    again = await client.post("/v1/documents", content=bulk(example_text, 2), headers=headers)
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    other = await client.post("/v1/documents", content=bulk(example_text, 3), headers=headers)
    assert code(other) == (422, "idempotency_mismatch")
    assert len((await client.get("/v1/jobs")).json()["items"]) == 1


async def test_a_cancelled_job_stops_and_keeps_what_it_has_done(client: AsyncClient, example_text: str) -> None:
    accepted = await client.post("/v1/documents", content=bulk(example_text, 150), headers=NDJSON)
    place = f"/v1/jobs/{accepted.json()['id']}"
    with anyio.fail_after(30):
        while (await client.get(place)).json()["done"] == 0:
            await anyio.sleep(0.02)
    assert (await client.delete(place)).json()["status"] == "cancelling"
    over = await ended(client, accepted.json()["id"])
    assert over["status"] == "cancelled"
    assert 0 < over["done"] < 150
    assert len(await names(client)) == over["done"]
    assert code(await client.delete(place)) == (409, "conflict")


async def test_a_job_goes_on_after_a_restart_where_it_was(serve: Serve, example_text: str) -> None:
    async with serve() as client:
        accepted = await client.post("/v1/documents", content=bulk(example_text, 40), headers=NDJSON)
        id = accepted.json()["id"]
        with anyio.fail_after(30):
            while (await client.get(f"/v1/jobs/{id}")).json()["done"] == 0:
                await anyio.sleep(0.02)
    async with serve() as client:
        over = await ended(client, id)
        assert (over["status"], over["done"], over["failed"]) == ("done", 40, 0)
        assert sorted(await names(client)) == sorted(f"r{n}" for n in range(40))


async def test_a_job_whose_worker_died_is_taken_over(serve: Serve, example_text: str, tmp_path: Path) -> None:
    database = Database(Settings(data=tmp_path).database_url)
    database.migrate()
    with database.writing() as session:
        row = jobs.create(session, "import", {"form": "ndjson"}, "running")
        row.owner, row.beat_at, row.total = "dead", now() - 2 * jobs.LEASE, 1
        jobs.add_items(session, row, [(1, "", bulk(example_text, 1).strip())])
        alive = jobs.create(session, "import", {"form": "ndjson"}, "running")
        alive.owner = "elsewhere"
        broken = jobs.create(session, "import", {"form": "ndjson"}, "receiving")
        broken.created_at = now() - timedelta(hours=2)
        dead_id, alive_id, broken_id = row.id, alive.id, broken.id
    database.close()
    async with serve() as client:
        assert (await ended(client, dead_id))["status"] == "done"
        assert await names(client) == ["r0"]
        assert (await client.get(f"/v1/jobs/{alive_id}")).json()["status"] == "running"
        assert code(await client.get(f"/v1/jobs/{broken_id}")) == (404, "not_found")


async def test_texts_are_dropped_from_a_job_once_they_are_stored(
    serve: Serve, example_text: str, tmp_path: Path
) -> None:
    async with serve() as client:
        accepted = await client.post("/v1/documents", content=bulk(example_text, 2), headers=NDJSON)
        await ended(client, accepted.json()["id"])
    with Database(Settings(data=tmp_path).database_url).reading() as session:
        assert {item.content for item in session.query(JobItemRow)} == {None}


async def test_an_upload_that_breaks_off_leaves_no_job(serve: Serve, example_text: str) -> None:
    async with serve(max_bulk_bytes=200_000) as client:
        answer = await client.post("/v1/documents", content=bulk(example_text, 400), headers=NDJSON)
        assert code(answer) == (413, "too_large")
        assert (await client.get("/v1/jobs")).json()["items"] == []


async def test_an_export_by_a_job_is_the_one_that_is_answered_at_once(client: AsyncClient, example_text: str) -> None:
    await client.post("/v1/documents", json={"text": example_text})
    for what in ("findings", "cells", "tables"):
        accepted = await client.post("/v1/jobs", json={"kind": "export", "what": what, "format": "csv", "year": 2023})
        assert accepted.status_code == 202
        over = await ended(client, accepted.json()["id"])
        assert over["done"] == over["total"] > 0
        made = await client.get(over["result"])
        assert made.headers["content-type"] == "text/csv; charset=utf-8"
        assert made.content == (await client.get(f"/v1/exports/{what}.csv")).content


FILTERS: list[tuple[str, dict[str, Any]]] = [
    ("findings", {"status": "mismatch"}),
    ("findings", {"decision": "confirmed"}),
    ("findings", {"finding_kind": "table_arithmetic", "status": "match"}),
    ("findings", {"severity": "error", "issuer": "澄岚"}),
    ("cells", {"status": "reviewed"}),
    ("tables", {"q": "第1份"}),
    ("annotations", {"year": 2023}),
]


@pytest.mark.parametrize(("what", "filters"), FILTERS, ids=[f"{what}-{'-'.join(f)}" for what, f in FILTERS])
async def test_a_job_exports_what_the_same_filters_answer_at_once(
    client: AsyncClient, example_text: str, what: str, filters: dict[str, Any]
) -> None:
    first = (await client.post("/v1/documents", json={"text": example_text})).json()["id"]
    await client.post("/v1/documents", json={"text": f"{example_text.replace('2023', '2022')}\n第1份"})
    [mismatch] = (await client.get(f"/v1/documents/{first}/findings?status=mismatch")).json()
    await client.patch(f"/v1/findings/{mismatch['id']}", json={"decision": "confirmed"})
    asked = {"kind": "export", "what": what, "format": "ndjson", **filters}
    made = await exported(client, asked)
    params = {name.removeprefix("finding_"): value for name, value in filters.items()}
    assert made == (await client.get(f"/v1/exports/{what}.ndjson", params=params)).content
    everything = await exported(client, {"kind": "export", "what": what, "format": "ndjson"})
    assert made
    assert len(made) < len(everything) or what == "annotations"
    of_one = await exported(client, asked | {"document": first})
    assert {json.loads(line).get("document_id", first) for line in of_one.splitlines()} <= {first}


async def exported(client: AsyncClient, asked: dict[str, Any]) -> bytes:
    """The file that a job makes."""
    accepted = await client.post("/v1/jobs", json=asked)
    assert accepted.status_code == 202
    return (await client.get((await ended(client, accepted.json()["id"]))["result"])).content


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"what": "findings", "q": "公开"}, "q"),
        ({"what": "findings", "status": "open"}, "status"),
        ({"what": "cells", "decision": "open"}, "decision"),
        ({"what": "tables", "status": "mismatch"}, "status"),
        ({"what": "annotations", "format": "ndjson", "status": "open"}, "status"),
        ({"what": "annotations", "format": "csv"}, "format"),
        ({"kind": "reextract", "year": 2023}, "year"),
    ],
)
async def test_a_filter_that_a_job_would_pass_over_is_refused(
    client: AsyncClient, body: dict[str, Any], field: str
) -> None:
    answer = await client.post("/v1/jobs", json={"kind": "export", **body})
    assert code(answer) == (422, "invalid_request")
    assert answer.json()["detail"].startswith(f"These fields do not fit: {field}.")


async def test_everything_is_read_again(client: AsyncClient, example_text: str) -> None:
    for year in (2020, 2021, 2022):
        await client.post("/v1/documents", json={"text": example_text.replace("2023年", f"{year}年")})
    before = (await client.get("/v1/documents")).json()
    for force in (False, True):
        accepted = await client.post("/v1/jobs", json={"kind": "reextract", "force": force})
        over = await ended(client, accepted.json()["id"])
        assert (over["status"], over["done"], over["total"], over["failed"]) == ("done", 3, 3, 0)
    assert (await client.get("/v1/documents")).json() == before


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """A Redis of its own on a socket."""
    binary = shutil.which("redis-server")
    if binary is None:
        pytest.skip("no redis-server on this machine")
    folder = Path(tempfile.mkdtemp(prefix="nianbao-redis-"))  # short: a socket's path has a limit
    command = [binary, "--port", "0", "--unixsocket", str(folder / "s"), "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while not (folder / "s").exists():
        time.sleep(0.02)
    yield f"unix://{folder / 's'}"
    process.terminate()
    process.wait(10)
    shutil.rmtree(folder)


async def test_the_queue_may_be_in_redis(serve: Serve, redis: str, example_text: str, tmp_path: Path) -> None:
    async with serve(redis=redis) as client:
        accepted = await client.post("/v1/documents", content=bulk(example_text, 5), headers=NDJSON)
        assert (await ended(client, accepted.json()["id"]))["done"] == 5
        assert not (tmp_path / "queue.db").exists()


@pytest.mark.parametrize("body", [{"kind": "import"}, {"kind": "export", "format": "doc"}, {"kind": "export", "x": 1}])
async def test_a_job_that_does_not_fit_is_refused(client: AsyncClient, body: dict[str, Any]) -> None:
    assert code(await client.post("/v1/jobs", json=body)) == (422, "invalid_request")
