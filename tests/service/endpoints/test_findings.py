"""Findings, reviews and corrections, spoken to as the review page does."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import AsyncClient

from tests.service.speaking import code

pytestmark = pytest.mark.anyio
CELL = "t2.normative.made"


@pytest.fixture
async def address(client: AsyncClient, example_text: str) -> str:
    made = await client.post("/v1/documents", json={"text": example_text, "id": "chenglan"})
    location: str = made.headers["location"]
    return location


async def mismatch(client: AsyncClient) -> dict[str, Any]:
    items = (await client.get("/v1/findings?status=mismatch&year=2023")).json()["items"]
    assert len(items) == 1
    found: dict[str, Any] = items[0]
    return found


async def test_a_finding_names_both_places_and_the_claim(client: AsyncClient, address: str, example_text: str) -> None:
    found = await mismatch(client)
    assert [example_text[e["start"] : e["end"]] for e in found["evidence"]] == ["5", "4"]
    assert (found["expected"], found["found"], found["cells"]) == (4, 5, [CELL])
    assert (found["decision"], found["review"], found["changed_since_review"]) == ("open", None, False)
    claims = {c["id"]: c["claim"] for c in (await client.get(f"{address}/claims")).json()}
    assert claims[found["claim_id"]]["value"] == 5
    assert (await client.get(f"/v1/findings/{found['id']}")).json() == found
    assert found in (await client.get(f"{address}/findings")).json()
    assert (await client.get(f"{address}/findings?status=mismatch")).json() == [found]


async def test_a_review_counts_until_it_is_undone(client: AsyncClient, address: str) -> None:
    place = f"/v1/findings/{(await mismatch(client))['id']}"
    said = {"decision": "confirmed", "note": "正文有误", "author": "王敏"}
    reviewed = (await client.patch(place, json=said)).json()
    assert reviewed["decision"] == "confirmed"
    assert {name: reviewed["review"][name] for name in said} == said
    assert (await client.get(address)).json()["status"] == "reviewed"
    assert (await client.get("/v1/findings?status=mismatch&decision=open")).json()["items"] == []
    await client.patch(place, json={"decision": "dismissed"})
    assert (await client.delete(f"{place}/review")).json()["decision"] == "confirmed"
    assert (await client.delete(f"{place}/review")).json()["decision"] == "open"
    assert code(await client.delete(f"{place}/review")) == (409, "conflict")
    assert (await client.get(address)).json()["status"] == "open"
    past = (await client.get(f"{place}/reviews")).json()
    assert [r["decision"] for r in past] == ["dismissed", "confirmed"]


async def test_a_review_can_be_reopened_and_survives_reading_again(client: AsyncClient, address: str) -> None:
    place = f"/v1/findings/{(await mismatch(client))['id']}"
    await client.patch(place, json={"decision": "dismissed"})
    await client.post(f"{address}/extraction")
    assert (await client.get(place)).json()["decision"] == "dismissed"
    await client.patch(place, json={"decision": "open"})
    assert (await client.get(address)).json()["findings"]["open"] == 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"decision": "maybe"}, (422, "invalid_request")), ({}, (422, "invalid_request")),
        ({"decision": "open", "note": "x" * 5000}, (422, "invalid_request")), ([], (422, "invalid_request")),
    ],
)  # fmt: skip
async def test_a_review_that_does_not_fit_is_refused(
    client: AsyncClient, address: str, body: Any, expected: tuple[int, str]
) -> None:
    place = f"/v1/findings/{(await mismatch(client))['id']}"
    assert code(await client.patch(place, json=body)) == expected
    assert (await client.get(place)).json()["decision"] == "open"


async def test_notes_may_hold_anything(client: AsyncClient, address: str) -> None:
    place = f"/v1/findings/{(await mismatch(client))['id']}"
    body = '{"decision": "confirmed", "note": "<script>\\u0000\\ud800 𠮷"}'.encode()
    answer = await client.patch(place, content=body, headers={"content-type": "application/json"})
    assert answer.json()["review"]["note"] == "<script>\ufffd\ufffd 𠮷"


@pytest.mark.parametrize("path", ["/v1/findings/x", "/v1/findings/d1.f1", "/v1/documents/x/cells"])
async def test_what_is_not_there_is_not_found(client: AsyncClient, path: str) -> None:
    assert code(await client.get(path)) == (404, "not_found")


async def test_a_corrected_cell_keeps_what_was_read(client: AsyncClient, address: str) -> None:
    said = {"value": 5, "note": "原件为5", "author": "王敏"}
    fixed = (await client.patch(f"{address}/cells/{CELL}", json=said)).json()
    assert (fixed["value"], fixed["value_read"], fixed["raw"]) == (5, 4, "4")
    assert fixed["correction"]["corrected"] == {"cells": {CELL: 5}}
    cells = {c["id"]: c for c in (await client.get(f"{address}/cells")).json()}
    assert cells[CELL] == fixed
    assert [a["author"] for a in (await client.get(f"{address}/annotations")).json()] == ["王敏"]
    undone = (await client.delete(f"{address}/cells/{CELL}/correction")).json()
    assert (undone["value"], undone["correction"]) == (4, None)
    assert code(await client.delete(f"{address}/cells/{CELL}/correction")) == (409, "conflict")
    assert code(await client.patch(f"{address}/cells/t9.x.y", json=said)) == (404, "not_found")


async def test_a_cell_can_be_corrected_to_blank(client: AsyncClient, address: str) -> None:
    fixed = (await client.patch(f"{address}/cells/{CELL}", json={"value": None})).json()
    assert (fixed["value"], fixed["value_read"]) == (None, 4)
    nan = await client.patch(
        f"{address}/cells/{CELL}", content=b'{"value": NaN}', headers={"content-type": "application/json"}
    )
    assert code(nan) == (422, "invalid_request")


async def test_a_corrected_claim_is_an_annotation_in_the_shape_of_the_gold(client: AsyncClient, address: str) -> None:
    first = (await client.get(f"{address}/claims")).json()[0]
    place = f"{address}/claims/{first['id']}"
    fixed = (await client.patch(place, json={"value": 1300, "metrics": ["t3.new.total"]})).json()
    gold = fixed["correction"]["corrected"]["claims"][0]
    assert (gold["value"], gold["metrics"], gold["start"]) == (1300, ["t3.new.total"], first["claim"]["start"])
    assert fixed["claim"] == first["claim"]
    none = (await client.patch(place, json={"is_claim": False})).json()
    assert none["correction"]["corrected"] == {"claims": []}
    assert (await client.delete(f"{place}/correction")).json()["correction"]["corrected"]["claims"][0] == gold


async def test_statistics_count_what_does_not_agree(client: AsyncClient, address: str) -> None:
    told = (await client.get("/v1/statistics")).json()
    assert told["documents"] == {"open": 1}
    assert [(f["year"], f["kind"], f["count"]) for f in told["findings"] if f["status"] == "mismatch"] == [
        (2023, "claim_vs_table", 1)
    ]


async def test_on_loopback_nobody_needs_a_key(client: AsyncClient) -> None:
    assert (await client.get("/v1/me")).json() == {"name": "local", "role": "admin", "keys_required": False}
