"""Training runs and versions over HTTP: real runs, as small as they can be, on the models that are shipped."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import anyio
import pytest
from httpx import AsyncClient

from extractor.commands import train as command
from models import registry
from models.annotations import formats
from service.settings import Settings
from service.store.database import Database
from service.store.jobs import LEASE
from service.store.tables import JobRow, now
from tests.models.gate.conftest import annotated
from tests.service.speaking import Serve, code
from tests.service.test_serve import serving as running
from tests.shipped import SHIPPED

pytestmark = pytest.mark.anyio
ENDED = ("done", "failed", "cancelled")
TINY: dict[str, Any] = {"task": "layout", "epochs": 2, "replay": 4, "held_out": 2, "seed": 1}
SECONDS = 240
REPORT = "澄岚县林业局2023年政府信息公开工作年度报告\n\n一、总体情况\n\n全年收到政府信息公开申请3件。\n"


@pytest.fixture(autouse=True)
def own_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of models of its own: what is shipped serves, until something is promoted."""
    folder = tmp_path / "models"
    monkeypatch.setenv(registry.ROOT_VARIABLE, str(folder))
    return folder


@pytest.fixture
async def learning(serve: Serve) -> AsyncIterator[AsyncClient]:
    """A service with some annotations."""
    async with taught(serve) as client:
        yield client


@asynccontextmanager
async def taught(serve: Serve) -> AsyncIterator[AsyncClient]:
    async with serve(gate_reports=1) as client:
        data = formats.write([annotated(n) for n in range(6)], "jsonl")
        answer = await client.post("/v1/annotations", content=data, headers={"content-type": "application/jsonl"})
        assert answer.json()["dataset"]["train"] > 0
        yield client


async def until(client: AsyncClient, id: str, *statuses: str, phase: str = "") -> dict[str, Any]:
    """The run, once it has come so far."""
    with anyio.fail_after(SECONDS):
        while True:
            run: dict[str, Any] = (await client.get(f"/v1/training-runs/{id}")).json()
            if run["status"] in statuses and (not phase or run["phase"] == phase):
                return run
            assert run["status"] not in ENDED, run
            await anyio.sleep(0.1)


async def start(client: AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await client.post("/v1/training-runs", json=TINY | changes)
    assert answer.status_code == 202, answer.text
    run: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/v1/training-runs/{run['id']}"
    return run


def processes(id: str) -> list[int]:
    """The processes that train for this run."""
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            said = (folder / "cmdline").read_bytes().split(b"\0")
            if b"service.learning.child" in said and any(part.endswith(id.encode()) for part in said):
                found.append(int(folder.name))
    return found


async def at_work(id: str) -> list[int]:
    """The processes that train for this run, once there is one."""
    with anyio.fail_after(SECONDS):
        while not (found := processes(id)):
            await anyio.sleep(0.1)
    return found


def ran_out(data: Path, id: str) -> None:
    """Have a run be as kill -9 leaves it, and its lease run out."""
    database = Database(Settings(data=data).database_url)
    with database.writing() as session:
        row = session.query(JobRow).filter_by(id=id).one()
        assert row.status in ("queued", "running")
        row.status, row.owner, row.beat_at = "running", "dead", now() - 2 * LEASE
    database.close()


async def serving(client: AsyncClient) -> dict[str, str]:
    """The versions that read a report now."""
    model: dict[str, str] = (await client.post("/v1/extract", json={"text": REPORT})).json()["model"]
    return model


@pytest.mark.parametrize("task", registry.TASKS)
async def test_a_run_makes_a_version_that_is_judged_promoted_and_taken_back(
    learning: AsyncClient, task: registry.Task
) -> None:
    run = await start(learning, task=task, epochs=1)
    assert (run["status"], run["model"], run["start"]) == ("queued", f"{task}-run1", SHIPPED[task])
    under_way = await until(learning, run["id"], "running")
    assert under_way["judged"] is None
    assert (await serving(learning))[task] == SHIPPED[task]  # extraction answers while it trains
    over = await until(learning, run["id"], "done")
    assert over["finished_at"]
    assert over["annotated"]["train"] > 0
    assert over["before"].keys() == over["after"].keys() >= {"synthesis"}
    judgement = over["judgement"]
    assert (judgement["against"], judgement["stands"]) == (SHIPPED[task], True)
    assert {p["name"] for p in judgement["parts"]} >= {"hold-out"}
    assert judgement["labels"]

    place = f"/v1/models/{run['model']}"
    version = (await learning.get(place)).json()
    assert (version["own"], version["serves"], version["start"]) == (True, False, SHIPPED[task])
    assert version["judgement"] == judgement
    assert version["labels"]
    assert version["command"].startswith("POST /v1/training-runs")
    if not judgement["allows"]:
        refused = await learning.post(f"{place}/promote", json={})
        assert code(refused) == (409, "gate_refused")
        assert refused.json()["judgement"] == judgement
    forced = await learning.post(f"{place}/promote", json={"force": "a test of the way back", "author": "王敏"})
    assert forced.json()["serves"]
    if not judgement["allows"]:
        assert forced.json()["forced"][0]["reason"] == "a test of the way back (王敏)"
    assert (await serving(learning))[task] == "run1"
    metrics = (await learning.get("/metrics")).text
    assert f'nianbao_model_info{{task="{task}",version="run1"}} 1.0' in metrics
    assert f'nianbao_model_info{{task="{task}",version="{SHIPPED[task]}"}} 1.0' not in metrics
    back = await learning.post(f"/v1/models/{task}/rollback")
    assert (back.json()["what"], back.json()["version"]) == ("rolled back", SHIPPED[task])
    assert (await serving(learning))[task] == SHIPPED[task]
    known = (await learning.get("/v1/models")).json()
    assert known["serving"][task] == SHIPPED[task]
    assert [e["what"] for e in known["events"]] == ["rolled back", "promoted"]
    assert code(await learning.post(f"/v1/models/{task}/rollback")) == (409, "nothing_before")


async def test_a_run_outlasts_the_end_of_its_process_and_of_the_service(
    serve: Serve, own_models: Path, tmp_path: Path
) -> None:
    out = own_models / "layout" / "run1"
    async with taught(serve) as client:
        run = await start(client, epochs=6, replay=12, patience=9)
        await until(client, run["id"], "running", phase="epochs")
        (replay,) = (out / "work").glob("*replay*.npz")
        written = replay.stat().st_mtime_ns
        (first,) = processes(run["id"])
        assert os.getpriority(os.PRIO_PROCESS, first) == 19
        os.kill(first, signal.SIGKILL)
        with anyio.fail_after(SECONDS):
            while not (found := processes(run["id"])) or found == [first]:
                await anyio.sleep(0.1)
        assert (await client.get(f"/v1/training-runs/{run['id']}")).json()["status"] == "running"
    assert processes(run["id"]) == []
    assert replay.stat().st_mtime_ns == written  # what was done is not done again
    ran_out(tmp_path, run["id"])
    async with serve(gate_reports=1) as client:
        over = await until(client, run["id"], "done")
    assert over["judgement"]
    assert len(over["epochs"]) == 6
    assert registry.read_record(out)["machine"]["threads"] == 1


async def test_the_process_that_trains_ends_with_the_service_and_another_goes_on(tmp_path: Path) -> None:
    data = formats.write([annotated(n) for n in range(6)], "jsonl")
    with running(tmp_path, NIANBAO_PROCESSES="1") as (service, client):
        client.post("/v1/annotations", content=data, headers={"content-type": "application/jsonl"})
        id = client.post("/v1/training-runs", json=TINY | {"replay": 400}).json()["id"]
        (first,) = await at_work(id)
        service.kill()
        with anyio.fail_after(SECONDS):
            while first in processes(id):
                await anyio.sleep(0.1)
    ran_out(tmp_path, id)
    with running(tmp_path, NIANBAO_PROCESSES="1") as (_, client):
        await at_work(id)
        assert client.get(f"/v1/training-runs/{id}").json()["status"] == "running"


async def test_one_run_at_a_time_and_a_cancelled_one_leaves_nothing(learning: AsyncClient, own_models: Path) -> None:
    first, second = await start(learning), await start(learning)
    assert (first["model"], second["model"]) == ("layout-run1", "layout-run2")
    await until(learning, first["id"], "running")
    assert (await learning.get(f"/v1/training-runs/{second['id']}")).json()["status"] == "queued"
    assert [r["id"] for r in (await learning.get("/v1/training-runs")).json()["items"]] == [second["id"], first["id"]]
    assert (await learning.delete(f"/v1/training-runs/{second['id']}")).json()["status"] == "cancelled"
    assert (await learning.delete(f"/v1/jobs/{first['id']}")).json()["status"] == "cancelling"
    await until(learning, first["id"], "cancelled")
    assert processes(first["id"]) == []
    assert not (own_models / "layout" / "run1").exists()
    assert code(await learning.delete(f"/v1/training-runs/{first['id']}")) == (409, "conflict")


async def test_a_version_that_was_not_judged_is_judged_first(learning: AsyncClient, own_models: Path) -> None:
    shutil.copytree(registry.version_dir("layout", SHIPPED["layout"]), own_models / "layout" / "same")
    place = "/v1/models/layout-same"
    assert code(await learning.post(f"{place}/promote", json={})) == (409, "not_judged")
    job = (await learning.post(f"{place}/judgement")).json()
    with anyio.fail_after(SECONDS):
        while (await learning.get(f"/v1/jobs/{job['id']}")).json()["status"] != "done":
            await anyio.sleep(0.1)
    assert (await learning.get(place)).json()["judged"]["verdict"] == "same"
    refused = await learning.post(f"{place}/promote", json={})
    assert code(refused) == (409, "gate_refused")
    assert refused.json()["judgement"]["verdict"] == "same"


async def test_a_run_that_cannot_be_is_refused(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serve() as client:
        assert code(await client.post("/v1/training-runs", json=TINY)) == (409, "nothing_to_learn")
        assert code(await client.post("/v1/training-runs", json=TINY | {"start": "none"})) == (404, "not_found")
        assert code(await client.post("/v1/training-runs", json={"task": "x"})) == (422, "invalid_request")
        monkeypatch.setattr(command, "_NEEDED", ("a package that nobody has",))
        assert code(await client.post("/v1/training-runs", json=TINY)) == (501, "training_missing")
        assert code(await client.get("/v1/training-runs/none")) == (404, "not_found")
        for name in ("claims-none", "1", "claims-..", "claims-current"):
            assert code(await client.get(f"/v1/models/{name}")) == (404, "not_found")
        assert code(await client.post(f"/v1/models/claims-{SHIPPED['claims']}/promote", json={"force": " "})) == (
            422,
            "invalid_request",
        )


async def test_a_run_sent_again_with_its_key_is_one_run(learning: AsyncClient) -> None:
    headers = {"Idempotency-Key": "run"}
    first = await learning.post("/v1/training-runs", json=TINY, headers=headers)
    again = await learning.post("/v1/training-runs", json=TINY, headers=headers)
    assert again.json()["id"] == first.json()["id"]
    assert len((await learning.get("/v1/training-runs")).json()["items"]) == 1
    await learning.delete(f"/v1/training-runs/{first.json()['id']}")


async def test_models_that_are_damaged_are_said_to_be(serve: Serve, own_models: Path) -> None:
    (own_models / "claims" / "torn").mkdir(parents=True)
    (own_models / "claims" / "torn" / registry.RECORD).write_text("{")
    async with serve() as client:
        listed = {m["id"]: m for m in (await client.get("/v1/models")).json()["items"]}
        assert (listed["claims-torn"]["damaged"], listed[f"claims-{SHIPPED['claims']}"]["damaged"]) == (True, False)
        assert listed[f"claims-{SHIPPED['claims']}"]["scores"]["synthesis"]["spans_f1"] > 0.9
        (own_models / registry.CURRENT).write_text("[claims\n")
        assert code(await client.get("/v1/models")) == (500, "models_damaged")
