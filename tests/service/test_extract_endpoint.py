"""POST /v1/extract and GET /healthz, spoken to as a client does."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator

import anyio
import pytest
from httpx import ASGITransport, AsyncClient

from extractor.pipeline import Extractor
from extractor.result import Result, dump, payload
from tests.service.speaking import Serve, code

pytestmark = pytest.mark.anyio
LIMIT = 200_000
PLAIN = {"content-type": "text/plain; charset=utf-8"}
JSON = {"content-type": "application/json"}


@pytest.fixture
async def client(serve: Serve) -> AsyncIterator[AsyncClient]:
    async with serve(max_body_bytes=LIMIT) as made:
        yield made


async def test_plain_text_gives_what_the_library_gives(
    client: AsyncClient, extractor: Extractor, example_text: str
) -> None:
    answer = await client.post("/v1/extract?id=r1", content=example_text.encode(), headers=PLAIN)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.content == dump(payload(extractor(example_text, "r1")))
    Result.model_validate(answer.json())


async def test_json_and_plain_text_give_the_same(client: AsyncClient, example_text: str) -> None:
    plain = await client.post("/v1/extract?id=r1", content=example_text.encode(), headers=PLAIN)
    as_json = await client.post("/v1/extract", json={"text": example_text, "id": "r1"})
    assert as_json.content == plain.content


async def test_gb18030_is_detected_and_a_wrong_charset_is_warned_about(client: AsyncClient, example_text: str) -> None:
    answer = await client.post("/v1/extract", content=example_text.encode("gb18030"), headers=PLAIN)
    assert answer.status_code == 200
    assert "charset_mismatch" in [w["code"] for w in answer.json()["warnings"]]
    assert "澄岚县" in answer.json()["document"]["title"]


async def test_a_text_that_is_no_report_is_answered_with_a_warning_and_no_tables(client: AsyncClient) -> None:
    answer = await client.post("/v1/extract", content="春天来了，河边的柳树发芽了。".encode(), headers=PLAIN)
    assert answer.status_code == 200
    assert answer.json()["tables"] == []
    assert "not_a_report" in [w["code"] for w in answer.json()["warnings"]]


@pytest.mark.parametrize(
    ("content", "headers", "expected"),
    [
        (b"", PLAIN, (422, "empty")),
        (b" \n\t", PLAIN, (422, "empty")),
        (b'{"text": " "}', JSON, (422, "empty")),
        (b"%PDF-1.7 ...", PLAIN, (415, "binary")),
        (b"\x00\x01\x02\x03" * 99, PLAIN, (415, "binary")),
        ("Отчёт о доступе к информации. ".encode("cp1251") * 30, PLAIN, (400, "undecodable")),
        (b'{"text": "\\ud800"}', JSON, (400, "undecodable")),
        (b'{"text": ', JSON, (400, "invalid_json")),
        (b"[" * 100_000, JSON, (400, "invalid_json")),
        (b"{}", JSON, (422, "invalid_request")),
        (b'{"text": 3}', JSON, (422, "invalid_request")),
        (b'{"text": "x", "txet": "y"}', JSON, (422, "invalid_request")),
        (b"<html></html>", {"content-type": "text/html"}, (415, "unsupported_media_type")),
        (b"a" * (LIMIT + 1), PLAIN, (413, "too_large")),
    ],
)
async def test_each_misuse_is_answered_with_its_own_code(
    client: AsyncClient, content: bytes, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    assert code(await client.post("/v1/extract", content=content, headers=headers)) == expected


async def test_a_body_without_a_stated_length_is_not_read_beyond_the_limit(client: AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100 * LIMIT:
            sent += 10_000
            yield b"a" * 10_000

    app_answer = await client.post("/v1/extract", content=endless(), headers=PLAIN)
    assert code(app_answer) == (413, "too_large")
    assert sent <= LIMIT + 20_000


async def test_an_id_that_is_too_long_is_refused(client: AsyncClient) -> None:
    answer = await client.post("/v1/extract", params={"id": "x" * 201}, content=b"x", headers=PLAIN)
    assert code(answer) == (422, "invalid_request")


async def test_unknown_paths_and_methods_are_problems_too(client: AsyncClient) -> None:
    assert code(await client.get("/nothing")) == (404, "not_found")
    assert code(await client.get("/v1/extract")) == (405, "method_not_allowed")


async def test_requests_at_the_same_time_each_get_their_own_answer(client: AsyncClient, example_text: str) -> None:
    answers: dict[str, str] = {}

    async def ask(name: str) -> None:
        answer = await client.post("/v1/extract", json={"text": example_text, "id": name})
        answers[name] = answer.json()["document"]["id"]

    async with anyio.create_task_group() as group:
        for number in range(6):
            group.start_soon(ask, f"r{number}")
    assert answers == {name: name for name in answers}
    assert len(answers) == 6


async def test_nothing_of_a_report_is_logged(
    client: AsyncClient, example_text: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await client.post("/v1/extract", json={"text": example_text, "id": "secret-id"})
        await client.post("/v1/extract", content="澄岚县".encode("utf-16") + b"\xff" * 999, headers=PLAIN)
    assert any(getattr(r, "status", None) == 200 for r in caplog.records)
    told = "".join(str(vars(record)) for record in caplog.records)
    assert "澄岚" not in told
    assert "secret-id" not in told


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_health_names_the_models_that_serve(client: AsyncClient, extractor: Extractor, path: str) -> None:
    answer = await client.get(path)
    assert answer.json()["status"] == "ok"
    assert answer.json()["model"] == dict(extractor.versions)


async def test_openapi_has_an_example_of_success_and_of_each_error(client: AsyncClient) -> None:
    described = (await client.get("/openapi.json")).json()
    operation = described["paths"]["/v1/extract"]["post"]
    assert set(operation["requestBody"]["content"]) == {"text/plain", "application/json"}
    Result.model_validate(operation["responses"]["200"]["content"]["application/json"]["example"])
    codes = {
        name
        for status, response in operation["responses"].items()
        if status != "200"
        for name in response["content"]["application/problem+json"]["examples"]
    }
    assert codes >= {"empty", "binary", "undecodable", "too_large", "invalid_json", "invalid_request", "crashed"}
    assert "schema" in json.dumps(operation["responses"]["200"])


async def test_a_client_that_hangs_up_while_it_sends_is_no_failure(
    client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    async def receive() -> dict[str, object]:
        return {"type": "http.disconnect"}

    async def send(_message: object) -> None:
        return

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": "/v1/extract", "raw_path": b"/v1/extract", "query_string": b"", "root_path": "",
        "headers": [(b"host", b"localhost"), (b"content-type", b"text/plain"), (b"content-length", b"9")],
    }  # fmt: skip
    transport = client._transport
    assert isinstance(transport, ASGITransport)
    with caplog.at_level(logging.INFO):
        await transport.app(scope, receive, send)  # type: ignore[arg-type]
    assert "hung up" in caplog.text
