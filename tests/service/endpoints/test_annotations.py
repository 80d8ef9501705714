"""Annotations over HTTP: in, verified as the command line verifies them; corrections; what to annotate next."""

from __future__ import annotations

import dataclasses
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient, Response

from models.annotations import formats
from models.annotations.dataset import Dataset
from models.annotations.formats import FORMATS, Format
from models.annotations.record import Record, to_json
from service.settings import Settings
from service.store import keys
from service.store.database import Database
from tests.models.gate.conftest import annotated
from tests.service.speaking import Serve, code
from tests.shipped import SHIPPED

pytestmark = pytest.mark.anyio
TYPES: dict[str, str] = {
    "jsonl": "application/x-ndjson",
    "label-studio": "application/json",
    "doccano": "application/jsonl",
    "conll": "text/plain",
    "docbin": "application/octet-stream",
}


def stored(folder: Path) -> dict[str, Record]:
    return {entry.id: record for entry, record in Dataset(folder / "dataset").records()}


async def send(client: AsyncClient, data: bytes, kind: str = "application/x-ndjson", **asked: Any) -> Response:
    return await client.post("/v1/annotations", content=data, headers={"content-type": kind}, params=asked)


def line(record: Record, **changes: Any) -> bytes:
    return (json.dumps({**to_json(record), **changes}, ensure_ascii=False) + "\n").encode()


@pytest.mark.parametrize("format", FORMATS)
async def test_each_format_goes_into_the_dataset_as_it_was_annotated(
    client: AsyncClient, tmp_path: Path, format: Format
) -> None:
    records = [annotated(1), annotated(2)]
    answer = await send(client, formats.write(records, format), TYPES[format])
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["added"] == ["report-1", "report-2"]
    assert [made[name] for name in ("merged", "same", "repairs", "refusals", "conflicts")] == [[], [], [], [], []]
    assert sum(made["dataset"].values()) == 2
    assert stored(tmp_path) == {r.id: r for r in records}
    again = await send(client, formats.write(records, format), TYPES[format])
    assert (again.status_code, again.json()["same"]) == (200, ["report-1", "report-2"])
    totals = (await client.get("/v1/annotations")).json()["totals"]
    assert sum(split["documents"] for split in totals.values()) == 2
    assert sum(split.get("claims", 0) for split in totals.values()) == sum(len(r.claims or ()) for r in records)


async def test_offsets_counted_in_a_known_wrong_way_are_put_right_and_told(client: AsyncClient, tmp_path: Path) -> None:
    text = "\U0001f4c4全年收到申请3件，\U0001f4c4予以公开2件。"
    places = [text.index("3"), text.index("2")]
    units = [len(text[:at].encode("utf-16-le")) // 2 for at in places]
    claims = [
        {"start": at, "end": at + 1, "surface": figure, "value": int(figure), "kind": "count", "unit": "件"}
        for at, figure in zip(units, "32", strict=True)
    ]
    answer = await send(client, json.dumps({"id": "r", "text": text, "claims": claims}, ensure_ascii=False).encode())
    assert answer.status_code == 201, answer.text
    repairs = answer.json()["repairs"]
    assert [(r["given_start"], r["start"]) for r in repairs] == list(zip(units, places, strict=True))
    assert "UTF-16" in repairs[0]["why"]["en"]
    assert [c.start for c in stored(tmp_path)["r"].claims or ()] == places


async def test_what_nothing_explains_is_refused_with_everything_it_came_with(
    client: AsyncClient, tmp_path: Path
) -> None:
    good, bad = annotated(1), annotated(2)
    shifted = [{**c, "start": c["start"] + 1, "end": c["end"] + 1} for c in to_json(bad)["claims"]]
    both = line(good) + line(bad, claims=shifted)
    answer = await send(client, both)
    assert code(answer) == (422, "annotations_refused")
    refusals = answer.json()["report"]["refusals"]
    assert len(refusals) == len(shifted)
    assert {"met", "expected", "todo", "place"} == set(refusals[0])
    assert stored(tmp_path) == {}
    kept = await send(client, both, keep_good=True)
    assert (kept.status_code, kept.json()["added"]) == (201, ["report-1"])
    assert kept.json()["refusals"] == refusals
    assert list(stored(tmp_path)) == ["report-1"]


async def test_contradictions_are_listed_and_decided_by_whoever_asks(client: AsyncClient, tmp_path: Path) -> None:
    old = annotated(1)
    claims = old.claims or ()
    new = dataclasses.replace(old, claims=(dataclasses.replace(claims[0], approx=not claims[0].approx), *claims[1:]))
    await send(client, line(old))
    answer = await send(client, line(new))
    assert code(answer) == (409, "annotations_conflict")
    assert len(answer.json()["report"]["conflicts"]) == 1
    assert stored(tmp_path) == {old.id: old}
    assert (await send(client, line(new), prefer="new")).json()["merged"] == ["report-1"]
    assert stored(tmp_path) == {old.id: new}


async def test_a_request_sent_again_with_its_key_is_answered_as_before(client: AsyncClient) -> None:
    headers = {"content-type": "application/x-ndjson", "Idempotency-Key": "once"}
    first = await client.post("/v1/annotations", content=line(annotated(1)), headers=headers)
    again = await client.post("/v1/annotations", content=line(annotated(1)), headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    other = await client.post("/v1/annotations", content=line(annotated(2)), headers=headers)
    assert code(other) == (422, "idempotency_mismatch")


async def test_several_files_of_a_form_are_taken_together(client: AsyncClient) -> None:
    sent = [("file", (f"{n}.conll", formats.write([annotated(n)], "conll"))) for n in (1, 2)]
    assert (await client.post("/v1/annotations", files=sent)).json()["added"] == ["report-1", "report-2"]


@pytest.mark.parametrize(
    "data",
    [b"", b"\0\0", b"[" * 100_000, b'{"claims": 3, "text": "x"}', b"\x78\x9cversion", zlib.compress(b"version" * 9)],
)
async def test_a_file_that_cannot_be_understood_is_refused_and_breaks_nothing(client: AsyncClient, data: bytes) -> None:
    assert code(await send(client, data, "application/octet-stream")) == (422, "annotations_refused")


async def test_what_is_too_large_is_not_looked_at(serve: Serve) -> None:
    async with serve(max_body_bytes=4096, max_characters=100) as client:
        assert code(await send(client, b"x" * 5000, "text/plain")) == (413, "too_large")
        bomb = zlib.compress(b"version" + b"\0" * 200_000)
        assert code(await send(client, bomb, "application/octet-stream")) == (413, "too_large")
        long = json.dumps({"text": "字" * 200, "claims": []}).encode()
        assert code(await send(client, long, "application/json")) == (413, "text_too_long")


async def test_corrections_become_annotations_of_what_was_checked(
    client: AsyncClient, tmp_path: Path, example_text: str
) -> None:
    id = (await client.post("/v1/documents", json={"text": example_text})).json()["id"]
    claims = (await client.get(f"/v1/documents/{id}/claims")).json()
    cells = [c for c in (await client.get(f"/v1/documents/{id}/cells")).json() if c["status"] == "read"]
    none, other = claims[0], claims[1]
    place = f"/v1/documents/{id}"
    await client.patch(f"{place}/claims/{none['id']}", json={"is_claim": False})
    await client.patch(f"{place}/claims/{other['id']}", json={"scope": "other_year"})
    await client.patch(f"{place}/cells/{cells[0]['id']}", json={"value": 987654})
    answer = await client.post("/v1/annotations/corrections", json={"checked": ["heading", "claim", "cell"]})
    assert answer.status_code == 201, answer.text
    assert answer.json()["added"] == [id]
    record = stored(tmp_path)[id]
    assert len(record.claims or ()) == len(claims) - 1
    changed = {c.start: c for c in record.claims or ()}[other["claim"]["start"]]
    assert (changed.scope, changed.value) == ("other_year", other["claim"]["value"])
    kept = {c.id: c for c in record.cells or ()}
    assert (kept[cells[0]["id"]].value, kept[cells[0]["id"]].start) == (987654, None)
    assert (kept[cells[1]["id"]].value, kept[cells[1]["id"]].start) == (cells[1]["value"], cells[1]["start"])
    assert record.headings
    assert record.blocks is None
    again = await client.post("/v1/annotations/corrections", json={"checked": ["claim"], "documents": [id]})
    assert (again.status_code, again.json()["same"]) == (200, [id])


async def test_what_cannot_be_learned_from_a_correction_is_said(
    client: AsyncClient, tmp_path: Path, example_text: str
) -> None:
    id = (await client.post("/v1/documents", json={"text": example_text})).json()["id"]
    claims = (await client.get(f"/v1/documents/{id}/claims")).json()
    printed = next(c for c in claims if c["claim"]["kind"] == "count")
    await client.patch(f"/v1/documents/{id}/claims/{printed['id']}", json={"value": 424242})
    answer = await client.post("/v1/annotations/corrections", json={"checked": ["claim"]})
    assert code(answer) == (422, "annotations_refused")
    assert "424242" in answer.json()["report"]["refusals"][0]["met"]["en"]
    assert stored(tmp_path) == {}
    blocks = await client.post("/v1/annotations/corrections", json={"checked": ["block"], "documents": [id]})
    assert code(blocks) == (422, "annotations_refused")
    missing = await client.post("/v1/annotations/corrections", json={"checked": ["claim"], "documents": ["dnone"]})
    assert code(missing) == (404, "not_found")


async def test_reports_are_ranked_by_what_they_would_teach(client: AsyncClient, example_text: str) -> None:
    plain = "澄岚县林业局2023年政府信息公开工作年度报告\n\n一、总体情况\n\n全年收到政府信息公开申请3件。\n"
    for text in (plain, example_text):
        await client.post("/v1/documents", json={"text": text, "id": str(len(text))})
    advice = (await client.get("/v1/annotations/next?n=5")).json()
    assert (advice["considered"], advice["stored"], advice["known"]) == (2, 2, 0)
    assert advice["items"][0]["name"] == str(len(example_text))
    scores = [one["score"] for one in advice["items"]]
    assert scores == sorted(scores, reverse=True)
    first = advice["items"][0]["reasons"]
    assert {"arithmetic"} <= {r["kind"] for r in first}
    assert all(r["zh"] and r["en"] and r["weight"] > 0 for r in first)
    id = advice["items"][0]["document_id"]
    await send(client, json.dumps({"id": id, "text": example_text, "claims": []}, ensure_ascii=False).encode())
    after = (await client.get("/v1/annotations/next?n=5")).json()
    assert (after["known"], [one["name"] for one in after["items"]]) == (1, [str(len(plain))])


async def test_readers_may_not_annotate_and_reviewers_may_not_train(serve: Serve, tmp_path: Path) -> None:
    database = Database(Settings(data=tmp_path).database_url)
    database.migrate()
    with database.writing() as session:
        made = {role: keys.create(session, role, role) for role in ("read", "review")}
    database.close()
    async with serve(keys="required") as client:
        read, review = ({"authorization": f"Bearer {made[role]}"} for role in ("read", "review"))
        assert code(await client.post("/v1/annotations", content=line(annotated(1)), headers=read)) == (
            403,
            "forbidden",
        )
        taken = await client.post(
            "/v1/annotations", content=line(annotated(1)), headers=review | {"content-type": "application/json"}
        )
        assert taken.status_code == 201
        assert (await client.get("/v1/models", headers=read)).status_code == 200
        for place, body in (
            ("/v1/training-runs", {"task": "claims"}), (f"/v1/models/claims-{SHIPPED['claims']}/promote", {}),
            ("/v1/models/claims/rollback", None), (f"/v1/models/claims-{SHIPPED['claims']}/judgement", None),
        ):  # fmt: skip
            assert code(await client.post(place, json=body, headers=review)) == (403, "forbidden")
