"""The README's pictures: ``python -m tests.browser.pictures docs`` makes them anew, of reports made by this project."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
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
    with (
        tempfile.TemporaryDirectory() as data,
        running(Path(data), NIANBAO_GATE_REPORTS="3") as address,
        sync_playwright() as playwright,
    ):
        id = _fill(address)
        browser = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        for name, path, locale, size in (
            ("reports", "", "zh-CN", WIDE),
            ("report", f"report/{id}", "zh-CN", WIDE),
            ("chart", "chart", "en-GB", WIDE),
            ("small", f"report/{id}", "en-GB", NARROW),
        ):
            _take(browser, f"{address}/#/{path}", locale, size, folder / f"page-{name}.png")
        model = _train(address)
        for name, path, locale in (("models", "models", "zh-CN"), ("gate", f"models/{model}", "en-GB")):
            _take(browser, f"{address}/#/{path}", locale, WIDE, folder / f"page-{name}.png", whole=True)
        browser.close()


def _fill(address: str) -> str:
    for index in range(REPORTS):
        text = synthesize(SEED, index).text
        httpx.post(f"{address}/v1/documents", json={"text": text}, timeout=60).raise_for_status()
    example = httpx.post(f"{address}/v1/documents", json={"text": EXAMPLE.read_bytes().decode()}, timeout=60)
    return str(example.raise_for_status().json()["id"])


def _train(address: str) -> str:
    """A short run on a few annotated reports, so that there is a version to show; another one is under way then."""
    gold = [synthesize(SEED + 1, index) for index in range(12)]
    lines = "".join(json.dumps({**one.gold, "text": one.text}, ensure_ascii=False) + "\n" for one in gold)
    headers = {"content-type": "application/x-ndjson"}
    httpx.post(f"{address}/v1/annotations", content=lines.encode(), headers=headers, timeout=60).raise_for_status()
    asked = {"task": "layout", "epochs": 2, "replay": 60, "held_out": 20, "seed": 1}
    run = httpx.post(f"{address}/v1/training-runs", json=asked).raise_for_status().json()
    while httpx.get(f"{address}/v1/training-runs/{run['id']}").json()["status"] != "done":
        time.sleep(1)
    asked = {"task": "claims", "epochs": 3, "replay": 300, "held_out": 10, "seed": 1}
    other = httpx.post(f"{address}/v1/training-runs", json=asked).raise_for_status().json()
    while httpx.get(f"{address}/v1/training-runs/{other['id']}").json()["phase"] != "learning":
        time.sleep(0.2)
    return str(run["model"])


def _take(browser: Browser, address: str, locale: str, size: tuple[int, int], file: Path, whole: bool = False) -> None:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, locale=locale)
    page.goto(address)
    page.wait_for_selector("main:not(:has(> .waiting)) h1")
    page.wait_for_timeout(1000)
    picture = Image.open(BytesIO(page.screenshot(full_page=whole)))
    picture.convert("RGB").quantize(COLOURS).save(file, optimize=True)
    page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
