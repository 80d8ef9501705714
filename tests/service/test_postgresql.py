"""The whole service on PostgreSQL: the same as on SQLite, by one setting."""

from __future__ import annotations

import json

import anyio
import pytest

from service.store.pages import cursor_of
from tests.service.speaking import Serve, code

pytestmark = pytest.mark.anyio


async def test_the_service_runs_on_postgresql(serve: Serve, postgres_url: str, example_text: str) -> None:
    async with serve(database=postgres_url) as client:
        made = await client.post("/v1/documents", json={"text": example_text}, headers={"Idempotency-Key": "k"})
        assert made.status_code == 201
        again = await client.post("/v1/documents", json={"text": example_text}, headers={"Idempotency-Key": "k"})
        assert again.headers["idempotency-replayed"] == "true"
        found = (await client.get("/v1/documents?q=行政规范性文件5件&issuer=澄岚县&year=2023")).json()["items"]
        assert [d["id"] for d in found] == [made.json()["id"]]
        finding = (await client.get("/v1/findings?status=mismatch")).json()["items"][0]["id"]
        assert (await client.patch(f"/v1/findings/{finding}", json={"decision": "confirmed"})).status_code == 200
        lines = "".join(json.dumps({"text": f"{example_text}\n第{n}份"}) + "\n" for n in range(12)).encode()
        job = await client.post("/v1/documents", content=lines, headers={"content-type": "application/x-ndjson"})
        with anyio.fail_after(60):
            while (await client.get(job.headers["location"])).json()["status"] != "done":
                await anyio.sleep(0.05)
        assert len((await client.get("/v1/findings?status=mismatch&decision=open")).json()["items"]) == 12
        assert (await client.get("/v1/statistics")).json()["documents"] == {"open": 12, "reviewed": 1}
        for what in ("findings", "cells", "tables"):
            assert (await client.get(f"/v1/exports/{what}.ndjson")).status_code == 200
        beyond = cursor_of(2**31)
        for path in ("documents", "findings", "jobs"):
            assert (await client.get(f"/v1/{path}?cursor={cursor_of(2**31 - 1)}")).status_code == 200
            assert code(await client.get(f"/v1/{path}?cursor={beyond}")) == (422, "invalid_cursor")
        assert code(await client.get("/v1/findings/%00.f1")) == (422, "invalid_request")
    async with serve(database=postgres_url) as client:
        assert (await client.get(f"/v1/findings/{finding}")).json()["decision"] == "confirmed"
        assert (await client.delete(made.headers["location"])).status_code == 204


async def test_decisions_that_come_at_the_same_time_are_all_kept(
    serve: Serve, postgres_url: str, example_text: str
) -> None:
    async with serve(database=postgres_url) as client:
        made = await client.post("/v1/documents", json={"text": example_text})
        findings = (await client.get(f"{made.headers['location']}/findings")).json()[:12]

        async def decide(id: str) -> None:
            for decision in ("confirmed", "dismissed"):
                answer = await client.patch(f"/v1/findings/{id}", json={"decision": decision})
                assert answer.status_code == 200

        async with anyio.create_task_group() as group:
            for finding in findings:
                group.start_soon(decide, finding["id"])
        after = (await client.get(f"{made.headers['location']}/findings")).json()[:12]
        assert {f["decision"] for f in after} == {"dismissed"}
        assert (await client.get(made.headers["location"])).json()["status"] == "reviewed"
