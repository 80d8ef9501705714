"""A service that runs for all browser tests, and pages in a real Chromium: skipped only where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.browser.running import running

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
WIDE, NARROW = (1280, 800), (390, 844)
Open = Callable[..., Page]
Store = Callable[..., str]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    return found


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the service's store."""
    return tmp_path_factory.mktemp("browser")


@pytest.fixture(scope="session")
def service(chromium: str, data: Path) -> Iterator[str]:
    """The address of a service with a store of its own, for all tests: loading the models takes seconds."""
    with running(data) as address:
        yield address


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Not for the whole session: while Playwright runs, the tests of other folders could not run coroutines."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        yield launched
        launched.close()


@pytest.fixture
def opened(browser: Browser, service: str) -> Iterator[Open]:
    """Opens a page of the service. Whatever the browser complains about fails the test, and so does the network."""
    complaints: list[str] = []
    contexts = []

    def outside(route: Route) -> None:
        complaints.append(f"asked for {route.request.url}")
        route.abort()

    def open_page(path: str = "", size: tuple[int, int] = WIDE, locale: str = "zh-CN", base: str = service) -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale=locale)
        contexts.append(context)
        context.route(lambda url: urlsplit(url).hostname not in ("127.0.0.1", "localhost"), outside)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{base}/#/{path}")
        page.wait_for_selector("h1, dialog[open]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    # A refusal by the service is an answer; Chromium lists it among its errors all the same.
    assert [one for one in complaints if not one.startswith("Failed to load resource")] == []


@pytest.fixture
def store(service: str) -> Store:
    """Stores a text and answers its id."""

    def keep(text: str, name: str = "") -> str:
        answer = httpx.post(f"{service}/v1/documents", json={"text": text, "id": name}, timeout=60)
        answer.raise_for_status()
        return str(answer.json()["id"])

    return keep


@pytest.fixture
def example(example_text: str, request: pytest.FixtureRequest) -> str:
    """The example, in which one claim differs from its cell; a text of its own for each test."""
    return f"{example_text}\n{request.node.name}\n"
