"""The README's pictures: ``python -m tests.browser.pictures docs`` makes them anew, of reports made by this project."""

from __future__ import annotations

import shutil
import sys
import tempfile
from io import BytesIO
from pathlib import Path

import httpx
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from models.synthesis.report import synthesize
from tests.browser.conftest import NAMES, NARROW, SWITCHES, WIDE
from tests.browser.running import ROOT, running

EXAMPLE = ROOT / "training_data" / "examples" / "chenglan-2023-claim-differs.txt"
REPORTS, SEED = 24, 20260
COLOURS = 160


def main(folder: Path) -> None:
    """Store reports in a new service and take the pictures."""
    chromium = next(path for name in NAMES if (path := shutil.which(name)))
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, running(Path(data)) as address, sync_playwright() as playwright:
        id = _fill(address)
        browser = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        for name, path, locale, size in (
            ("reports", "", "zh-CN", WIDE),
            ("report", f"report/{id}", "zh-CN", WIDE),
            ("chart", "chart", "en-GB", WIDE),
            ("small", f"report/{id}", "en-GB", NARROW),
        ):
            _take(browser, f"{address}/#/{path}", locale, size, folder / f"page-{name}.png")
        browser.close()


def _fill(address: str) -> str:
    for index in range(REPORTS):
        text = synthesize(SEED, index).text
        httpx.post(f"{address}/v1/documents", json={"text": text}, timeout=60).raise_for_status()
    example = httpx.post(f"{address}/v1/documents", json={"text": EXAMPLE.read_bytes().decode()}, timeout=60)
    return str(example.raise_for_status().json()["id"])


def _take(browser: Browser, address: str, locale: str, size: tuple[int, int], file: Path) -> None:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, locale=locale)
    page.goto(address)
    page.wait_for_selector("main:not(:has(> .waiting)) h1")
    page.wait_for_timeout(1000)
    picture = Image.open(BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(COLOURS).save(file, optimize=True)
    page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
