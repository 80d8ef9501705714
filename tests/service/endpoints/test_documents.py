"""/v1/documents, spoken to as a client does."""

from __future__ import annotations

import hashlib
import json

import anyio
import pytest
from httpx import AsyncClient

from extractor.result import Result
from tests.service.speaking import code

pytestmark = pytest.mark.anyio
PLAIN = {"content-type": "text/plain; charset=utf-8"}


async def test_a_report_is_kept_as_it_was_given_with_what_was_read(client: AsyncClient, example_text: str) -> None:
    made = await client.post("/v1/documents?id=chenglan", content=example_text.encode(), headers=PLAIN)
    assert made.status_code == 201
    document = made.json()
    assert document["name"] == "chenglan"
    assert document["sha256"] == hashlib.sha256(example_text.encode()).hexdigest()
    assert (document["year"], document["status"], document["findings"]["open"]) == (2023, "open", 1)
    address = made.headers["location"]
    assert (await client.get(address)).json() == document
    text = await client.get(f"{address}/text")
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert text.content == example_text.encode()
    result = Result.model_validate((await client.get(f"{address}/extraction")).json())
    assert result.document.id == document["id"]
    assert result.document.sha256 == document["sha256"]
    assert len(result.disagreements()) == 1


async def test_the_same_text_in_another_encoding_and_form_is_the_same_document(
    client: AsyncClient, example_text: str
) -> None:
    first = await client.post("/v1/documents", content=example_text.encode("gb18030"), headers=PLAIN)
    second = await client.post("/v1/documents", json={"text": example_text, "id": "other"})
    third = await client.post("/v1/documents", files={"file": ("r.txt", example_text.encode())})
    assert [r.status_code for r in (first, second, third)] == [201, 200, 200]
    assert first.json() == second.json() == third.json()
    assert first.json()["encoding"] == "gb18030"


async def test_a_file_is_stored_under_its_name(client: AsyncClient, example_text: str) -> None:
    made = await client.post("/v1/documents", files={"file": ("澄岚县.txt", example_text.encode("utf-16"))})
    assert (made.status_code, made.json()["name"]) == (201, "澄岚县.txt")


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        (b"x", "multipart/form-data", (400, "invalid_multipart")),
        (b"--b\r\n\r\n", "multipart/form-data; boundary=b", (400, "invalid_multipart")),
        (b"--b--\r\n", "multipart/form-data; boundary=b", (400, "invalid_multipart")),
        (
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
            (415, "binary"),
        ),
        (b"<p>", "text/html", (415, "unsupported_media_type")),
        (b" ", "text/plain", (422, "empty")),
        (b'{"text": "x", "more": 1}', "application/json", (422, "invalid_request")),
    ],
)
async def test_what_cannot_be_read_is_not_stored(
    client: AsyncClient, content: bytes, kind: str, expected: tuple[int, str]
) -> None:
    assert code(await client.post("/v1/documents", content=content, headers={"content-type": kind})) == expected
    assert (await client.get("/v1/documents")).json() == {"items": [], "next": None}


async def test_a_text_that_is_no_report_is_stored_and_says_so(client: AsyncClient) -> None:
    made = await client.post("/v1/documents", content="春天来了，河边的柳树发芽了。".encode(), headers=PLAIN)
    assert (made.status_code, made.json()["status"]) == (201, "not_a_report")


async def test_a_request_sent_again_with_its_key_is_answered_as_before(client: AsyncClient, example_text: str) -> None:
    body = {"text": example_text, "id": "one"}
    first = await client.post("/v1/documents", json=body, headers={"Idempotency-Key": "k1"})
    again = await client.post("/v1/documents", json=body, headers={"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    other = {"text": example_text, "id": "two"}
    wrong = await client.post("/v1/documents", json=other, headers={"Idempotency-Key": "k1"})
    assert code(wrong) == (422, "idempotency_mismatch")


async def test_twins_that_come_at_the_same_time_are_done_once(client: AsyncClient, example_text: str) -> None:
    answers = []

    async def ask() -> None:
        answer = await client.post("/v1/documents", json={"text": example_text}, headers={"Idempotency-Key": "k"})
        answers.append((answer.status_code, answer.json()["id"]))

    async with anyio.create_task_group() as group:
        for _ in range(4):
            group.start_soon(ask)
    assert len(set(answers)) == 1
    assert len((await client.get("/v1/documents")).json()["items"]) == 1


async def test_lists_are_filtered_and_come_in_pages(client: AsyncClient, example_text: str) -> None:
    for year in (2020, 2021, 2022):
        text = example_text.replace("2023年", f"{year}年")
        assert (await client.post("/v1/documents", json={"text": text, "id": str(year)})).status_code == 201
    seen: list[str] = []
    page = (await client.get("/v1/documents?limit=2")).json()
    seen += [d["name"] for d in page["items"]]
    page = (await client.get("/v1/documents", params={"limit": 2, "cursor": page["next"]})).json()
    seen += [d["name"] for d in page["items"]]
    assert (seen, page["next"]) == (["2022", "2021", "2020"], None)
    for query, names in (
        ("year=2021", ["2021"]), ("issuer=澄岚县&year=2020", ["2020"]), ("status=reviewed", []),
        ("q=行政规范性文件5件", ["2022", "2021", "2020"]), ("q=没有这句话", []),
    ):  # fmt: skip
        found = (await client.get(f"/v1/documents?{query}")).json()["items"]
        assert [d["name"] for d in found] == names


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("cursor=nonsense", "invalid_cursor"), ("limit=0", "invalid_request"), ("limit=9999", "invalid_request"),
        ("year=20000", "invalid_request"), ("status=wrong", "invalid_request"), ("q=%00", "invalid_request"),
    ],
)  # fmt: skip
async def test_a_list_says_which_parameter_does_not_fit(client: AsyncClient, query: str, expected: str) -> None:
    assert code(await client.get(f"/v1/documents?{query}")) == (422, expected)


async def test_what_is_deleted_is_gone(client: AsyncClient, example_text: str) -> None:
    address = (await client.post("/v1/documents", json={"text": example_text})).headers["location"]
    assert (await client.delete(address)).status_code == 204
    for path in ("", "/text", "/extraction", "/extractions"):
        assert code(await client.get(address + path)) == (404, "not_found")
    assert code(await client.delete(address)) == (404, "not_found")
    assert code(await client.post(f"{address}/extraction")) == (404, "not_found")


async def test_reading_again_gives_the_same_and_one_extraction(client: AsyncClient, example_text: str) -> None:
    made = await client.post("/v1/documents", content=example_text.encode("gb18030"), headers=PLAIN | {"x": "y"})
    address = made.headers["location"]
    before = (await client.get(f"{address}/extraction")).content
    assert (await client.post(f"{address}/extraction")).json() == made.json()
    assert (await client.get(f"{address}/extraction")).content == before
    readings = (await client.get(f"{address}/extractions")).json()
    assert [r["current"] for r in readings] == [True]
    version = json.loads(before)["model"]["layout"]
    assert (await client.get(f"{address}/extraction?layout={version}")).content == before
    assert code(await client.get(f"{address}/extraction?layout=none")) == (404, "not_found")
