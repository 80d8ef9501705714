"""What stands around every request: ids, headers, limits, logs, figures; and what happens when something breaks."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import AsyncIterator

import anyio
import pytest
from fastapi.responses import HTMLResponse
from httpx import AsyncClient

from service import logs
from service.app import create_app
from service.middleware import PAGE_POLICY
from service.reading.pool import Pool
from service.settings import Settings
from service.store import documents
from tests.service.speaking import Serve, code

pytestmark = pytest.mark.anyio
SECRET = "澄岚县的秘密"


async def test_every_answer_has_an_id_and_protecting_headers(client: AsyncClient) -> None:
    for path in ("/livez", "/v1/documents", "/nothing"):
        answer = await client.get(path)
        assert len(answer.headers["x-request-id"]) == 32
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert answer.headers["referrer-policy"] == "no-referrer"
    given = await client.get("/livez", headers={"x-request-id": "my-id.1"})
    assert given.headers["x-request-id"] == "my-id.1"
    forged = await client.get("/livez", headers={"x-request-id": "a b\\c"})
    assert len(forged.headers["x-request-id"]) == 32


async def test_a_page_may_load_its_own_files_and_no_others(serve: Serve, pool: Pool) -> None:
    app = create_app(Settings(), pool)
    app.add_api_route("/page", lambda: HTMLResponse("<p>"))
    async with serve(app) as client:
        assert (await client.get("/page")).headers["content-security-policy"] == PAGE_POLICY


async def test_what_breaks_is_a_problem_that_quotes_nothing(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr(documents, "list_documents", fail)
    with caplog.at_level(logging.DEBUG):
        answer = await client.get("/v1/documents")
    assert code(answer) == (500, "internal")
    assert SECRET not in answer.text
    told = "".join(str(vars(record)) for record in caplog.records)
    assert SECRET not in told
    assert "test_surroundings.py" in told
    assert answer.headers["x-request-id"] in str([logs.fields_of(r) for r in caplog.records]) or "KeyError" in told


async def test_beyond_so_many_requests_at_once_the_answer_is_busy(serve: Serve) -> None:
    open_gate = anyio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"a"
        await open_gate.wait()

    async with serve(max_requests=2) as client, anyio.create_task_group() as group:
        for _ in range(2):
            group.start_soon(lambda: client.post("/v1/extract", content=slow()))
        await anyio.sleep(0.1)
        answer = await client.get("/v1/documents")
        assert code(answer) == (503, "busy")
        assert answer.headers["retry-after"] == "1"
        assert (await client.get("/livez")).status_code == 200
        open_gate.set()


async def test_a_body_that_does_not_arrive_is_not_waited_for(serve: Serve) -> None:
    async def stuck() -> AsyncIterator[bytes]:
        yield b"a"
        await anyio.sleep(10)

    async with serve(request_seconds=0.2) as client:
        for path, kind in (("/v1/extract", "text/plain"), ("/v1/documents", "application/x-ndjson")):
            answer = await client.post(path, content=stuck(), headers={"content-type": kind})
            assert code(answer) == (408, "too_slow")


async def test_a_text_that_is_too_long_is_refused_before_it_is_read(serve: Serve) -> None:
    async with serve(max_characters=1000) as client:
        for path in ("/v1/extract", "/v1/documents"):
            assert code(await client.post(path, json={"text": "年" * 1001})) == (413, "text_too_long")


async def test_figures_count_requests_and_reports(client: AsyncClient, example_text: str) -> None:
    def figure(text: str, name: str) -> float:
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name))

    before = (await client.get("/metrics")).text
    await client.post("/v1/extract", json={"text": example_text})
    await client.get("/v1/documents/dnone")
    after = (await client.get("/metrics")).text
    for name in (
        'nianbao_reports_total{outcome="read"}',
        'nianbao_requests_total{method="GET",route="/v1/documents/{id}",status="404"}',
        'nianbao_request_seconds_count{method="POST",route="/v1/extract"}',
        "nianbao_reading_seconds_count",
    ):
        assert figure(after, name) == figure(before, name) + 1
    assert 'nianbao_model_info{task="layout"' in after
    assert "nianbao_reports_waiting 0.0" in after


async def test_logs_are_json_with_the_request_and_without_what_was_searched(client: AsyncClient) -> None:
    stream = io.StringIO()
    handler = next(h for h in logging.getLogger().handlers if h.get_name() == "nianbao")
    assert isinstance(handler, logging.StreamHandler)
    old = handler.setStream(stream)
    answer = await client.get("/v1/documents", params={"q": SECRET})
    handler.setStream(old)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    request = next(line for line in lines if line["message"] == "request")
    assert request["request_id"] == answer.headers["x-request-id"]
    assert (request["route"], request["status"], request["caller"]) == ("/v1/documents", 200, "local")
    own = [line for line in lines if line["logger"].startswith("nianbao")]
    assert SECRET not in str(own)


@pytest.mark.parametrize("formatter", [logs.JsonFormatter(), logs.TextFormatter()])
def test_an_exception_is_logged_by_type_and_place_only(formatter: logging.Formatter) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), info)
    told = formatter.format(record)
    assert "ValueError" in told
    assert "test_surroundings.py" in told
    assert SECRET not in told
