"""The page on models and training: annotations in, a run from its start to its version, promotion and the way back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from models.annotations import formats
from tests.browser.conftest import NARROW, WIDE, Open
from tests.browser.running import running
from tests.browser.test_looks import violations
from tests.models.gate.conftest import annotated
from tests.shipped import SHIPPED

TINY: dict[str, Any] = {"task": "layout", "epochs": 1, "replay": 4, "held_out": 2, "seed": 1}
SECONDS = 240
LONG = 1000.0 * SECONDS


@pytest.fixture(scope="module")
def learner(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service with models and annotations of its own."""
    with running(tmp_path_factory.mktemp("learner"), NIANBAO_GATE_REPORTS="1") as address:
        data = formats.write([annotated(n) for n in range(6)], "jsonl")
        send(f"{address}/v1/annotations", content=data, headers={"content-type": "application/jsonl"})
        yield address


@pytest.fixture(scope="module")
def trained(learner: str) -> str:
    """The version that a real run has made, as small as can be."""
    run = send(f"{learner}/v1/training-runs", json=TINY)
    end = time.monotonic() + SECONDS
    while (now := httpx.get(f"{learner}/v1/training-runs/{run['id']}").json())["status"] != "done":
        assert time.monotonic() < end, now
        assert now["status"] in ("queued", "running"), now
        time.sleep(0.2)
    return str(now["model"])


def send(address: str, **what: Any) -> Any:
    return httpx.post(address, timeout=SECONDS, **what).raise_for_status().json()


def row(page: Page, model: str) -> Any:
    return page.locator(f"[data-model='{model}']")


def test_annotations_come_in_and_what_is_refused_is_listed(opened: Open, learner: str, tmp_path: Path) -> None:
    page = opened("models", base=learner)
    before = page.locator(".counted").inner_text()
    good, bad = tmp_path / "good.conll", tmp_path / "bad.jsonl"
    good.write_bytes(formats.write([annotated(20)], "conll"))
    bad.write_bytes(
        formats.write([annotated(21)], "jsonl")
        .replace(b'"surface": "', b'"surface": "<b>x</b>')
        .replace(b'"surface":"', b'"surface":"<b>x</b>')
    )
    page.click("text=导入标注")
    expect(page.locator(".toast.error")).to_contain_text("请先选择文件")
    page.set_input_files("[name=annotations]", [bad])
    page.click("text=导入标注")
    expect(page.locator(".outcome .notice")).to_contain_text("未导入任何标注")
    expect(page.locator(".refusals li").first).to_contain_text("<b>x</b>")
    page.set_input_files("[name=annotations]", [good])
    page.click("text=导入标注")
    expect(page.locator(".outcome")).to_contain_text("新增 1 份")
    assert page.locator(".counted").inner_text() != before


def test_corrections_come_in_once_it_is_said_what_was_gone_through(opened: Open, learner: str, example: str) -> None:
    id = send(f"{learner}/v1/documents", json={"text": example})["id"]
    change = {"value": 5}
    httpx.patch(f"{learner}/v1/documents/{id}/cells/t2.normative.made", json=change).raise_for_status()
    page = opened("models", base=learner)
    page.click("text=导入本页面上的更正")
    expect(page.locator(".toast.error")).to_contain_text("请先勾选")
    page.check(".checks-of [name=cell]")
    page.click("text=导入本页面上的更正")
    expect(page.locator(".outcome")).to_contain_text("新增 1 份")


def test_a_run_is_started_followed_and_cancelled(opened: Open, learner: str, trained: str) -> None:
    page = opened("models", base=learner)
    page.select_option("[name=task]", "layout")
    page.fill("[name=epochs]", "3")
    page.click("text=开始训练")
    run = page.locator(".runs > li").first
    expect(run.locator(".status")).to_have_text("进行中", timeout=LONG)
    expect(run.locator("progress")).to_be_visible()
    expect(run.locator(".far")).to_contain_text("生成合成报告", timeout=LONG)
    run.locator("[data-act=cancel]").click()
    expect(page.locator(".runs > li").first.locator(".status")).to_have_text("已取消", timeout=LONG)
    expect(page.locator(".runs > li").last.locator(".status")).to_have_text("已完成")


def test_a_version_is_promoted_against_the_gate_only_with_a_reason_and_taken_back(
    opened: Open, learner: str, trained: str
) -> None:
    judgement = httpx.get(f"{learner}/v1/models/{trained}").json()["judgement"]
    assert not judgement["allows"]
    page = opened("models", base=learner)
    row(page, trained).locator("[data-act=promote]").click()
    dialog = page.locator("dialog[open]")
    expect(dialog.locator("h2")).to_have_text("评测不予启用")
    fell = [one["label"] for one in judgement["labels"] if one["against"]]
    assert bool(fell) == (judgement["verdict"] == "worse")
    for label in fell[:6]:
        expect(dialog).to_contain_text(label)
    assert violations(page, "dialog") == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(row(page, trained)).not_to_contain_text("使用中")
    row(page, trained).locator("[data-act=promote]").click()
    dialog.locator("[name=reason]").fill("表格更好")
    dialog.locator("button[type=submit]").click()
    expect(row(page, trained)).to_contain_text("使用中")
    expect(row(page, trained)).to_contain_text("表格更好")
    assert httpx.get(f"{learner}/v1/models").json()["serving"]["layout"] == "run1"
    row(page, trained).locator("[data-act=rollback]").click()
    page.click("dialog button[type=submit]")
    expect(row(page, f"layout-{SHIPPED['layout']}")).to_contain_text("使用中")
    expect(row(page, trained)).not_to_contain_text("使用中")
    page.click(".events summary")
    expect(page.locator(".events li")).to_have_count(2)


def test_gains_and_losses_of_a_version_are_listed_by_label_and_by_report(
    opened: Open, learner: str, trained: str
) -> None:
    one = httpx.get(f"{learner}/v1/models/{trained}").json()
    page = opened("models", base=learner)
    row(page, trained).locator("a").click()
    page.wait_for_selector("text=全部版本")
    moved = [label for label in one["judgement"]["labels"] if label["verdict"] != "same"]
    assert page.locator("tr.moved-rose, tr.moved-fell").count() == len(moved)
    for what in ("found", "lost", "invented", "withdrawn"):
        listed = [c for c in one["judgement"]["changes"] if c["what"] == what][:30]
        assert page.locator(f".changes.is-{what} .change").count() == len(listed)
    for first in one["judgement"]["changes"][:1]:
        expect(page.locator(f".changes.is-{first['what']} li").first).to_contain_text(first["document"])
    expect(page.locator("main")).not_to_contain_text("{")
    page.click("text=全部版本")
    expect(page.locator("h1")).to_have_text("模型与任务")


def test_what_to_annotate_next_is_listed_with_its_reasons(opened: Open, learner: str, example: str) -> None:
    id = send(f"{learner}/v1/documents", json={"text": example})["id"]
    reasons = httpx.get(f"{learner}/v1/annotations/next").json()["items"][0]["reasons"]
    page = opened("models", base=learner)
    expect(page.locator(".advised > li").first.locator(".reasons > li")).to_have_count(len(reasons))
    expect(page.locator(".reasons > li").first).to_contain_text(reasons[0]["zh"])
    page.locator(".advised a").first.click()
    page.wait_for_selector(".item[aria-current]")
    assert id in page.url


@pytest.mark.parametrize(("locale", "size"), [("zh-CN", WIDE), ("en-GB", NARROW)], ids=["zh-1280", "en-390"])
def test_axe_finds_nothing_where_there_are_versions_and_runs(
    opened: Open, learner: str, trained: str, locale: str, size: tuple[int, int]
) -> None:
    page = opened("models", size=size, locale=locale, base=learner)
    for path in ("models", f"models/{trained}", f"models/claims-{SHIPPED['claims']}"):
        page.goto(page.url.split("#")[0] + "#/" + path)
        page.wait_for_selector("main:not(:has(> .waiting)) h1")
        page.wait_for_timeout(300)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
