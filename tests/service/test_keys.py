"""API keys: who needs one, what each role may do, and what a foreign web site may not."""

from __future__ import annotations

from pathlib import Path

import pytest
from httpx import AsyncClient
from typer.testing import CliRunner

from extractor.cli import app
from service import security
from service.security import Rate
from service.settings import Settings
from service.store import keys
from service.store.database import Database
from service.store.tables import KeyRow
from tests.service.speaking import Serve, code

pytestmark = pytest.mark.anyio
REPORT = {"text": "一、总体情况\n\n全年收到政府信息公开申请3件。"}


@pytest.fixture
def secrets(tmp_path: Path) -> dict[str, str]:
    """A key of each role."""
    database = Database(Settings(data=tmp_path).database_url)
    database.migrate()
    with database.writing() as session:
        made = {role: keys.create(session, f"{role}-key", role) for role in ("read", "review", "admin")}  # type: ignore[arg-type]
    database.close()
    return made


def bearing(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


@pytest.mark.parametrize("settings", [{"host": "0.0.0.0"}, {"host": "192.0.2.7"}, {"keys": "required"}])
async def test_elsewhere_than_on_loopback_a_key_is_needed(
    serve: Serve, secrets: dict[str, str], settings: dict[str, str]
) -> None:
    async with serve(**settings) as client:
        for method, path in (("GET", "/v1/documents"), ("POST", "/v1/extract"), ("GET", "/metrics"), ("GET", "/v1/me")):
            answer = await client.request(method, path, content=b"x")
            assert code(answer) == (401, "unauthorized")
            assert answer.headers["www-authenticate"] == "Bearer"
        for probe in ("/livez", "/readyz", "/healthz"):
            assert (await client.get(probe)).status_code == 200
        me = (await client.get("/v1/me", headers=bearing(secrets["read"]))).json()
        assert me == {"name": "read-key", "role": "read", "keys_required": True}
        assert (await client.get("/v1/me", headers={"x-api-key": secrets["admin"]})).json()["role"] == "admin"


@pytest.mark.parametrize("wrong", ["nb_", "x", "", "nb_0123456789_x", "nb__", "Bearer", "nb_\x00"])
async def test_a_wrong_key_is_refused_also_where_none_is_needed(
    client: AsyncClient, secrets: dict[str, str], wrong: str
) -> None:
    assert code(await client.get("/v1/me", headers={"authorization": f"Bearer {wrong}"})) == (401, "unauthorized")
    changed = secrets["admin"][:-1] + ("A" if secrets["admin"][-1] != "A" else "B")
    assert code(await client.get("/v1/me", headers=bearing(changed))) == (401, "unauthorized")


async def test_each_role_may_do_what_stands_before_it_too(serve: Serve, secrets: dict[str, str]) -> None:
    async with serve(keys="required") as client:
        read, review, admin = (bearing(secrets[role]) for role in ("read", "review", "admin"))
        assert (await client.post("/v1/extract", json=REPORT, headers=read)).status_code == 200
        assert code(await client.post("/v1/documents", json=REPORT, headers=read)) == (403, "forbidden")
        made = await client.post("/v1/documents", json=REPORT, headers=review)
        assert made.status_code == 201
        place = made.headers["location"]
        assert (await client.get(place, headers=read)).status_code == 200
        finding = (await client.get(f"{place}/findings", headers=read)).json()[0]["id"]
        decided = {"decision": "confirmed", "author": "王"}
        assert code(await client.patch(f"/v1/findings/{finding}", json=decided, headers=read)) == (403, "forbidden")
        signed = await client.patch(f"/v1/findings/{finding}", json=decided, headers=review)
        assert signed.json()["review"]["author"] == "王 (review-key)"
        assert code(await client.delete(place, headers=review)) == (403, "forbidden")
        start = {"kind": "reextract"}
        assert code(await client.post("/v1/jobs", json=start, headers=review)) == (403, "forbidden")
        assert (await client.delete(place, headers=admin)).status_code == 204


async def test_the_key_is_looked_at_before_the_body(serve: Serve) -> None:
    async with serve(keys="required") as client:
        for path in ("/v1/documents", "/v1/extract", "/v1/jobs"):
            answer = await client.post(path, content=b"{", headers={"content-type": "application/json"})
            assert code(answer) == (401, "unauthorized")


async def test_a_revoked_key_is_refused(
    serve: Serve, secrets: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security, "_REMEMBERED_SECONDS", 0)
    async with serve() as client:
        assert (await client.get("/v1/me", headers=bearing(secrets["read"]))).status_code == 200
        with Database(Settings(data=tmp_path).database_url).writing() as session:
            assert keys.revoke(session, "read-key")
            assert not keys.revoke(session, "read-key")
        assert code(await client.get("/v1/me", headers=bearing(secrets["read"]))) == (401, "unauthorized")


def test_only_a_digest_is_stored(secrets: dict[str, str], tmp_path: Path) -> None:
    with Database(Settings(data=tmp_path).database_url).reading() as session:
        rows = session.query(KeyRow).all()
    for row, secret in zip(rows, secrets.values(), strict=True):
        assert secret.split("_", 2)[2] not in str(vars(row))
        assert len(secret.split("_", 2)[2]) >= 43


async def test_a_key_that_asks_too_often_is_told_how_long_to_wait(serve: Serve, secrets: dict[str, str]) -> None:
    async with serve(rate_per_minute=12) as client:
        seen = [await client.get("/v1/me", headers=bearing(secrets["read"])) for _ in range(4)]
        assert [answer.status_code for answer in seen] == [200, 200, 429, 429]
        assert code(seen[-1]) == (429, "rate_limited")
        assert 1 <= int(seen[-1].headers["retry-after"]) <= 6
        assert (await client.get("/v1/me", headers=bearing(secrets["admin"]))).status_code == 200


def test_a_rate_of_nought_is_no_limit() -> None:
    assert {Rate(0).wait("x") for _ in range(1000)} == {0}


async def test_another_web_site_may_change_nothing(client: AsyncClient) -> None:
    for headers in (
        {"origin": "https://evil.example"}, {"origin": "null"}, {"origin": "http://["},
        {"sec-fetch-site": "cross-site"},
    ):  # fmt: skip
        assert code(await client.post("/v1/extract", json=REPORT, headers=headers)) == (403, "cross_origin")
    own = {"origin": "http://localhost", "sec-fetch-site": "same-origin"}
    answer = await client.post("/v1/extract", json=REPORT, headers=own)
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", ""])
async def test_a_name_that_was_pointed_at_this_machine_is_not_answered_without_a_key(
    client: AsyncClient, secrets: dict[str, str], host: str
) -> None:
    assert code(await client.get("/v1/documents", headers={"host": host})) == (403, "host_not_allowed")
    with_key = await client.get("/v1/documents", headers=bearing(secrets["read"]) | {"host": host})
    assert with_key.status_code == 200


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:80", "LOCALHOST"])
async def test_this_machines_names_are_answered(client: AsyncClient, host: str) -> None:
    assert (await client.get("/v1/me", headers={"host": host})).status_code == 200


def test_keys_are_made_listed_and_revoked_on_the_command_line(
    command: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_DATA", str(tmp_path))
    made = command.invoke(app, ["keys", "create", "desk", "--role", "review"])
    assert made.exit_code == 0
    secret = made.stdout.strip()
    with Database(Settings().database_url).reading() as session:
        found = keys.check(session, secret)
    assert found is not None
    assert (found.name, found.role) == ("desk", "review")
    again = command.invoke(app, ["keys", "create", "desk", "--role", "read"])
    assert again.exit_code == 1
    assert "what to do:" in again.stderr
    listed = command.invoke(app, ["keys", "list"])
    assert "desk" in listed.stdout
    assert secret not in listed.stdout
    assert command.invoke(app, ["keys", "revoke", "desk"]).exit_code == 0
    assert command.invoke(app, ["keys", "revoke", "desk"]).exit_code == 1
    with Database(Settings().database_url).reading() as session:
        assert keys.check(session, secret) is None
