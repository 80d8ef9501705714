"""Reading processes: a limit on time really frees the slot, and so does a client that hangs up."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import anyio
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from extractor.reading import Decoded, read_text
from models import promotion, registry
from models.registry import BrokenInstallation
from service.app import create_app
from service.reading.pool import AbandonedError, CrashedError, Pool, Ticket, TimeLimitError, WaitLimitError
from service.settings import Settings
from tests.service.speaking import code

pytestmark = pytest.mark.anyio
LONG = "全年收到政府信息公开申请3件，予以公开2件，部分公开1件。" * 20_000
TIMEOUT = 30.0


@pytest.fixture(scope="module")
def single() -> Iterator[Pool]:
    """One reading process, which these tests may kill."""
    made = Pool(1)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def endless() -> Decoded:
    """A text that takes minutes."""
    return read_text(LONG)


def reads_again(pool: Pool, report: Decoded) -> bool:
    return pool.read(report, "r", Ticket(TIMEOUT)).startswith(b'{"document"')


def children(pool: Pool) -> list[int]:
    return [process._process.pid for process in pool._all]


def test_a_report_that_takes_too_long_loses_its_process_and_the_next_one_is_read(
    single: Pool, report: Decoded, endless: Decoded
) -> None:
    before = children(single)
    begun = time.monotonic()
    with pytest.raises(TimeLimitError):
        single.read(endless, "x", Ticket(0.4))
    assert time.monotonic() - begun < 2
    assert not Path(f"/proc/{before[0]}").exists()
    assert reads_again(single, report)
    assert single.alive == 1


def test_a_report_that_nobody_waits_for_is_given_up(single: Pool, report: Decoded, endless: Decoded) -> None:
    assert reads_again(single, report)
    ticket = Ticket(TIMEOUT)
    threading.Timer(0.1, ticket.abandon).start()
    with pytest.raises(AbandonedError):
        single.read(endless, "x", ticket)
    assert ticket.left > TIMEOUT / 2
    assert reads_again(single, report)


def test_a_report_that_is_nearly_read_is_read_to_its_end(single: Pool, report: Decoded) -> None:
    assert reads_again(single, report)
    before = children(single)
    ticket = Ticket(TIMEOUT)
    ticket.abandon()
    assert single.read(report, "r", ticket)
    assert children(single) == before


def test_a_process_that_dies_is_replaced(single: Pool, report: Decoded, endless: Decoded) -> None:
    assert reads_again(single, report)
    killer = threading.Timer(0.2, os.kill, (children(single)[0], signal.SIGKILL))
    killer.start()
    with pytest.raises(CrashedError):
        single.read(endless, "x", Ticket(TIMEOUT))
    assert reads_again(single, report)


def test_waiting_for_a_process_has_a_limit_too(single: Pool, report: Decoded, endless: Decoded) -> None:
    assert reads_again(single, report)
    ticket = Ticket(TIMEOUT)

    def work() -> None:
        with suppress(AbandonedError):
            single.read(endless, "x", ticket)

    busy = threading.Thread(target=work)
    busy.start()
    time.sleep(0.1)
    with pytest.raises(WaitLimitError):
        single.read(report, "r", Ticket(0.2))
    ticket.abandon()
    busy.join()
    # The process that replaces the killed one is still loading: a short wait does not cost it its life.
    with pytest.raises(WaitLimitError):
        single.read(report, "r", Ticket(0.05))
    assert reads_again(single, report)


def test_processes_end_with_their_pool() -> None:
    pool = Pool(1)
    pool._new()
    pids = children(pool)
    pool.stop()
    assert pool.alive == 0
    assert not Path(f"/proc/{pids[0]}").exists()


def test_models_that_cannot_load_stop_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "current.toml").write_text('[layout]\nversion = "none"\n', encoding="utf-8")
    monkeypatch.setenv("NIANBAO_MODELS", str(tmp_path))
    pool = Pool(1)
    with pytest.raises(BrokenInstallation, match="none"):
        pool.start()
    pool.stop()


def test_a_model_that_is_promoted_serves_without_a_restart(
    report: Decoded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(registry.version_dir("layout", registry.current("layout")), tmp_path / "layout" / "other")
    monkeypatch.setenv("NIANBAO_MODELS", str(tmp_path))
    monkeypatch.setattr("service.reading.pool._LOOK_SECONDS", 0)
    pool = Pool(1)
    pool.start()
    before = json.loads(pool.read(report, "r", Ticket(TIMEOUT)))
    promotion.promote("layout", "other")
    after = json.loads(pool.read(report, "r", Ticket(TIMEOUT)))
    (tmp_path / "current.toml").write_text("broken", encoding="utf-8")
    assert reads_again(pool, report)
    pool.stop()
    assert before["model"]["layout"] != after["model"]["layout"] == "other"
    assert dict(pool.versions)["layout"] == "other"


@pytest.fixture
async def small(single: Pool, tmp_path: Path) -> AsyncIterator[FastAPI]:
    """A service with one reading process, one place to wait, and little patience."""
    app = create_app(Settings(data=tmp_path, queue=1, request_seconds=3), single)
    async with app.router.lifespan_context(app):
        yield app


def client_of(app: FastAPI) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app), base_url="http://localhost")


async def test_beyond_the_queue_the_answer_is_busy_and_when_to_come_again(
    small: FastAPI, single: Pool, report: Decoded
) -> None:
    await anyio.to_thread.run_sync(reads_again, single, report)
    answers = []

    async def ask(client: AsyncClient, text: str) -> None:
        answers.append(await client.post("/v1/extract", json={"text": text}))

    async with client_of(small) as client, anyio.create_task_group() as group:
        group.start_soon(ask, client, LONG)
        await anyio.sleep(0.3)
        for _ in range(3):
            group.start_soon(ask, client, report.text)
    seen = sorted(a.status_code for a in answers)
    assert seen.count(503) >= 2
    assert seen[-1] == 504
    for answer in answers:
        if answer.status_code == 503:
            assert code(answer) == (503, "busy")
            assert int(answer.headers["retry-after"]) >= 1
        if answer.status_code == 504:
            assert code(answer) == (504, "time_limit")


async def test_a_client_that_hangs_up_frees_its_slot(small: FastAPI, single: Pool, report: Decoded) -> None:
    await anyio.to_thread.run_sync(reads_again, single, report)
    state = small.state.nianbao
    body = [{"type": "http.request", "body": LONG.encode(), "more_body": False}]
    hung_up = anyio.Event()

    async def receive() -> dict[str, object]:
        if body:
            return body.pop()
        await hung_up.wait()
        return {"type": "http.disconnect"}

    async def send(_message: object) -> None:
        return

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": "/v1/extract", "raw_path": b"/v1/extract", "query_string": b"", "root_path": "",
        "headers": [(b"host", b"localhost"), (b"content-type", b"text/plain")],
    }  # fmt: skip
    with anyio.fail_after(2.5):
        async with anyio.create_task_group() as group:
            group.start_soon(small, scope, receive, send)
            await anyio.sleep(0.4)
            assert state.turns.borrowed_tokens == 1
            hung_up.set()
    assert state.turns.borrowed_tokens == 0
    assert await anyio.to_thread.run_sync(reads_again, single, report)
