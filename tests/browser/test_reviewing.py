"""What a reviewer does: paste, look, decide, correct, undo, export; by mouse and by keyboard."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Store
from tests.browser.running import running

CELL = "t2.normative.made"
CHOSEN = ".item[aria-current]"


def open_again(page: Page) -> None:
    """Nobody has decided on the finding that is chosen."""
    expect(page.locator(f"{CHOSEN} .decision")).to_have_count(0)


def test_what_is_pasted_confirmed_and_loaded_again_is_still_confirmed(opened: Open, example: str) -> None:
    page = opened()
    page.fill("#paste", example)
    page.click("text=读取并核对")
    page.wait_for_selector(CHOSEN)
    assert page.locator(".text .lit-claim").inner_text() == "5"
    assert page.locator(f".tables [data-cell='{CELL}'].lit").inner_text() == "4"
    assert page.locator(".equation").inner_text().split() == ["5", "正文", "≠", "4", "表二·行政规范性文件·本年制发件数"]
    page.fill(".dock textarea", "与原件核对过")
    page.click("[data-decision=confirmed]")
    expect(page.locator(f"{CHOSEN} .decision")).to_have_text("已确认")
    page.reload()
    expect(page.locator(f"{CHOSEN} .decision")).to_have_text("已确认")
    assert page.input_value(".dock textarea") == "与原件核对过"
    page.click(".review summary")
    expect(page.locator(".history q")).to_have_text("与原件核对过")
    expect(page.locator(".heading .status")).to_have_text("已审核")


def test_the_claim_and_the_cell_of_a_finding_are_scrolled_into_view(opened: Open, example: str, store: Store) -> None:
    page = opened(f"report/{store(example)}")
    page.click(".list summary")
    page.click(".item >> text=表三“一、本年新收政府信息公开申请数量·总计”的37一致")
    for place, pane in ((".text .lit-claim", ".pane-text"), (".grid [data-cell='t3.new.total']", ".pane-tables")):
        inner, outer = page.locator(place).bounding_box(), page.locator(pane).bounding_box()
        assert inner
        assert outer
        assert outer["y"] <= inner["y"]
        assert inner["y"] + inner["height"] <= outer["y"] + outer["height"]


def test_a_corrected_cell_is_in_the_export_and_is_an_annotation(
    opened: Open, example: str, store: Store, service: str, tmp_path: Path
) -> None:
    id = store(example)
    page = opened(f"report/{id}")
    page.click(f".tables [data-cell='{CELL}']")
    page.click("[data-act=edit]")
    page.fill("dialog [name=value]", "vier")
    page.click("dialog button[type=submit]")
    expect(page.locator("dialog [role=alert]")).to_contain_text("“vier”不是数字")
    page.fill("dialog [name=value]", "５")
    page.click("dialog button[type=submit]")
    expect(page.locator(f".tables [data-cell='{CELL}']")).to_have_text("5")
    page.click(".menu > summary")
    page.select_option(".menu select", "cells")
    with page.expect_download() as download:
        page.click(".menu [data-format=csv]")
    file = tmp_path / "cells.csv"
    download.value.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        [row] = [row for row in csv.DictReader(lines) if row["cell"] == CELL]
    assert (row["document_id"], row["value"], row["value_read"], row["corrected"]) == (id, "5", "4", "true")
    [note] = httpx.get(f"{service}/v1/documents/{id}/annotations").json()
    assert note["corrected"] == {"cells": {CELL: 5}}
    page.keyboard.press("Escape")
    expect(page.locator(".menu > div")).to_be_hidden()
    page.keyboard.press("u")
    expect(page.locator(f".tables [data-cell='{CELL}']")).to_have_text("4")


def test_an_export_that_is_too_large_becomes_a_job_with_the_same_filters(
    opened: Open, example: str, tmp_path: Path
) -> None:
    with running(tmp_path, NIANBAO_EXPORT_ROWS="5") as address:
        httpx.post(f"{address}/v1/documents", json={"text": example}, timeout=60).raise_for_status()
        page = opened("findings?status=match&kind=table_arithmetic&severity=info&year=2023", base=address)
        page.wait_for_selector(".findings tbody .sign.is-match")
        with page.expect_download() as download:
            page.click("[data-format=csv]")
        file = tmp_path / "findings.csv"
        download.value.save_as(file)
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
        assert len(rows) > 5
        assert {(row["status"], row["kind"], row["severity"]) for row in rows} == {
            ("match", "table_arithmetic", "info")
        }
        [job] = httpx.get(f"{address}/v1/jobs").json()["items"]
        assert (job["kind"], job["total"]) == ("export", len(rows))


def test_a_correction_made_from_a_finding_settles_it(opened: Open, example: str, store: Store, service: str) -> None:
    id = store(example)
    page = opened(f"report/{id}")
    page.wait_for_selector(CHOSEN)
    page.keyboard.press("e")
    page.click("dialog >> text=正文中的“5”")
    page.uncheck("dialog [name=is_claim]")
    page.click("dialog button[type=submit]")
    expect(page.locator(f"{CHOSEN} .decision")).to_have_text("已更正")
    claims = httpx.get(f"{service}/v1/documents/{id}/claims").json()
    assert [c["correction"]["corrected"] for c in claims if c["correction"]] == [{"claims": []}]
    page.click(".toast >> text=撤销")
    open_again(page)
    claims = httpx.get(f"{service}/v1/documents/{id}/claims").json()
    assert not any(c["correction"] for c in claims)


def test_everything_can_be_decided_by_keyboard(opened: Open, example: str, store: Store) -> None:
    page = opened(f"report/{store(example)}")
    page.wait_for_selector(CHOSEN)
    first = page.locator(CHOSEN).get_attribute("data-id")
    page.keyboard.press("y")
    expect(page.locator(f"{CHOSEN} .decision")).to_have_text("已确认")
    page.keyboard.press("n")
    expect(page.locator(f"{CHOSEN} .decision")).to_have_text("已排除")
    page.keyboard.press("u")
    expect(page.locator(f"{CHOSEN} .decision")).to_have_text("已确认")
    page.keyboard.press("u")
    open_again(page)
    page.locator(".list summary").press("Enter")
    page.keyboard.press("j")
    assert page.locator(CHOSEN).get_attribute("data-id") != first
    page.keyboard.press("k")
    assert page.locator(CHOSEN).get_attribute("data-id") == first
    page.keyboard.press("?")
    expect(page.locator("dialog h2")).to_have_text("快捷键")
    page.keyboard.press("y")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    open_again(page)
    page.locator(".dock textarea").press_sequentially("yn")
    open_again(page)


def test_arrow_keys_go_from_cell_to_cell(opened: Open, example: str, store: Store) -> None:
    page = opened(f"report/{store(example)}")
    cell = page.locator(".tables [data-cell='t3.new.natural']")
    cell.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.dataset.cell") == "t3.granted.business"


def test_a_finding_that_changed_since_its_review_says_so(
    opened: Open, example: str, store: Store, data: Path, service: str
) -> None:
    id = store(example)
    [finding] = httpx.get(f"{service}/v1/documents/{id}/findings?status=mismatch").json()
    httpx.patch(f"{service}/v1/findings/{finding['id']}", json={"decision": "confirmed"}).raise_for_status()
    # As if the model of that time had read another number.
    with closing(sqlite3.connect(data / "nianbao.db")) as database, database:
        database.execute("UPDATE reviews SET found = 7 WHERE key = ?", [finding["id"].partition(".")[2]])
    page = opened(f"report/{id}")
    expect(page.locator(".dock .notice")).to_contain_text("所载 7，核对值 4")
    expect(page.locator(f"{CHOSEN} .is-changed")).to_have_text("有变化")


def test_findings_of_all_reports_are_filtered_and_lead_to_their_report(
    opened: Open, example: str, store: Store
) -> None:
    id = store(example)
    page = opened("findings?status=mismatch&year=2023&issuer=澄岚")
    page.wait_for_selector(".findings tbody tr")
    assert page.locator(".findings tbody .sign:not(.is-mismatch)").count() == 0
    page.select_option("[name=status]", "match")
    page.wait_for_selector(".findings tbody .sign.is-match")
    page.select_option("[name=status]", "mismatch")
    page.wait_for_selector(".findings tbody .sign.is-mismatch")
    assert "status=mismatch" in page.url
    page.locator(f".findings a[href*='{id}']").first.click()
    expect(page.locator(".dock h2")).to_contain_text("不一致")
