"""The page as it is served: its files, how long browsers keep them, and the forms that it draws."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from httpx import AsyncClient

from models.form import FORM_IDS, load_form
from tests.service.speaking import Serve, code

pytestmark = pytest.mark.anyio
WEB = Path(__file__).parents[2] / "service" / "web"
LONGEST = 400


async def test_the_page_is_asked_for_each_time_and_its_files_are_kept_for_ever(client: AsyncClient) -> None:
    page = await client.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"
    assert "script-src 'self'; style-src 'self'" in page.headers["content-security-policy"]
    again = await client.get("/", headers={"if-none-match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    addresses = re.findall(r'(?:href|src)="(web/[^"]+)"', page.text)
    assert len(addresses) > 2
    for address in addresses:
        answer = await client.get(f"/{address}")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"].split(";")[0] in ("text/css", "text/javascript")


async def test_every_module_that_is_imported_is_served(client: AsyncClient) -> None:
    [main] = re.findall(r'src="(web/[^"]+/)main.js"', (await client.get("/")).text)
    todo, seen = ["main.js"], {"main.js"}
    while todo:
        answer = await client.get(f"/{main}{todo.pop()}")
        assert answer.status_code == 200
        fresh = set(re.findall(r'from "\./([^"]+)"', answer.text)) - seen
        seen |= fresh
        todo += fresh
    assert seen == {file.name for file in (WEB / "js").iterdir()}


@pytest.mark.parametrize(
    "path", ["/web/0123456789abcdef/js/main.js", "/web/{digest}/index.html", "/web/{digest}/js/%2e%2e/app.py"]
)
async def test_nothing_else_is_served(client: AsyncClient, path: str) -> None:
    [digest] = re.findall(r"web/(\w+)/app.css", (await client.get("/")).text)
    assert code(await client.get(path.format(digest=digest))) == (404, "not_found")


async def test_the_page_needs_no_key_but_what_it_shows_does(serve: Serve) -> None:
    async with serve(keys="required") as client:
        assert (await client.get("/")).status_code == 200
        assert code(await client.get("/v1/forms/2021")) == (401, "unauthorized")


@pytest.mark.parametrize("id", FORM_IDS)
async def test_a_form_names_every_cell_once(client: AsyncClient, id: str) -> None:
    form = (await client.get(f"/v1/forms/{id}")).json()
    cells = []
    for table in form["tables"]:
        parts = table["blocks"] or [{"rows": table["rows"] or table["groups"], "columns": table["columns"]}]
        cells += [f"{table['id']}.{r['id']}.{c['id']}" for part in parts for r in part["rows"] for c in part["columns"]]
        assert all(label["text"] and label["en"] for part in parts for label in [*part["rows"], *part["columns"]])
    assert tuple(cells) == load_form(id).cell_ids()
    assert {cell for one in form["identities"] for cell in one["left"] + one["right"]} <= set(cells)


async def test_a_form_that_is_none_is_not_found(client: AsyncClient) -> None:
    assert code(await client.get("/v1/forms/1999")) == (404, "not_found")


def test_files_of_the_page_stay_small_and_run_nothing_that_is_written_inline() -> None:
    for file in [*WEB.glob("js/*.js"), WEB / "app.css", WEB / "index.html"]:
        text = file.read_text(encoding="utf-8")
        assert text.count("\n") <= LONGEST, file
        assert not re.search(
            r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|style=", text
        )
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text), file
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=", (WEB / "index.html").read_text(encoding="utf-8"))
