"""Reports come in: several at once, wrong ones among them; and what is done where a key is asked for."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from service.store import keys
from service.store.database import Database
from tests.browser.conftest import Open, Store
from tests.browser.running import running

EVIL = """<script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">
澄岚县林业局2023年政府信息公开工作年度报告

一、总体情况 <b>粗</b> &lt;i&gt; {{name}} ${name}

全年收到政府信息公开申请<img src=x onerror="window.hacked = 3">3件。
"""


def short(number: int, place: str = "浅溪县") -> str:
    """A report whose year, issuer and title are known."""
    return (
        f"{place}第{number}局2022年政府信息公开工作年度报告\n\n一、总体情况\n\n全年收到政府信息公开申请{number}件。\n"
    )


def outcome(page: Page, name: str) -> str:
    """What is said of a file that was brought."""
    line = page.locator(".incoming > li", has_text=name)
    expect(line).to_have_class("is-stored" if name.startswith("good") else "is-failed", timeout=15_000)
    return line.locator(".outcome").inner_text()


def test_several_files_come_in_and_a_wrong_one_says_why(opened: Open, example: str) -> None:
    page = opened()
    page.set_input_files(
        "#files",
        [
            {"name": "good-1.txt", "mimeType": "text/plain", "buffer": short(11).encode("gb18030")},
            {"name": "bad.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n\x00\x01\x02" * 50},
            {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""},
            {"name": "good-2.txt", "mimeType": "text/plain", "buffer": example.encode()},
        ],
    )
    assert outcome(page, "good-1.txt") == "未见不一致"
    assert outcome(page, "good-2.txt") == "1 处不一致"
    assert "PDF" in outcome(page, "bad.pdf")
    assert "空" in outcome(page, "empty.txt")
    expect(page.locator(".reports tbody tr").first).to_contain_text("good-")


def test_files_can_be_dropped_anywhere_on_the_page(opened: Open) -> None:
    page = opened()
    carried = page.evaluate_handle(
        """text => { const carried = new DataTransfer();
        carried.items.add(new File([text], "good-dropped.txt")); return carried; }""",
        short(12),
    )
    page.dispatch_event(".reports, h1", "dragover", {"dataTransfer": carried})
    assert page.locator(".intake.over").count() == 1
    page.dispatch_event("h1", "drop", {"dataTransfer": carried})
    assert outcome(page, "good-dropped.txt") == "未见不一致"


def test_many_reports_in_one_file_are_a_job_with_failures_listed(opened: Open) -> None:
    page = opened()
    lines = [json.dumps({"text": short(n, "榕湾市"), "id": f"n{n}"}) for n in range(100, 160)] + ["{broken"]
    page.set_input_files(
        "#files", {"name": "good.ndjson", "mimeType": "application/x-ndjson", "buffer": "\n".join(lines).encode()}
    )
    assert "完成 61，其中失败 1" in outcome(page, "good.ndjson")
    expect(page.locator(".incoming ul")).to_contain_text("第 61 行")
    page.fill("[name=issuer]", "榕湾市")
    expect(page.locator("p.told")).to_have_text("已显示 50 份报告，还有更多")
    page.click(".results > button")
    expect(page.locator("p.told")).to_have_text("共 60 份报告")
    page.fill("[name=q]", "申请101件")
    expect(page.locator(".reports tbody tr")).to_have_count(1)
    page.reload()
    expect(page.locator(".reports tbody tr")).to_have_count(1)
    page.fill("[name=year]", "1999")
    expect(page.locator("p.told")).to_have_text("没有符合条件的报告。")


def test_reading_everything_again_is_followed_to_its_end(opened: Open, store: Store) -> None:
    store(short(13))
    page = opened("models")
    page.click(".again button")
    expect(page.locator(".again .told")).to_contain_text("已完成", timeout=30_000)
    page.reload()
    expect(page.locator(".jobs tbody tr").first).to_contain_text("重新读取")
    assert page.locator(".card .value").count() == 4


def test_a_report_is_deleted_only_after_it_was_asked_for_twice(opened: Open, store: Store) -> None:
    page = opened(f"report/{store(short(14))}")
    for answer in ("button", "submit"):
        page.click(".menu > summary")
        page.click(".menu >> text=删除报告")
        page.click(f"dialog button[type={answer}]")
        expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator("h1")).to_have_text("报告")
    page.fill("[name=q]", "第14局")
    expect(page.locator("p.told")).to_have_text("没有符合条件的报告。")


def test_nothing_pasted_is_said(opened: Open) -> None:
    page = opened()
    page.click("text=读取并核对")
    expect(page.locator(".toast.error")).to_contain_text("还没有任何文字")
    page.fill("#paste", "x" * 2_000_001)
    page.click("text=读取并核对")
    expect(page.locator(".toast.error").last).to_contain_text("文本过长")


def test_a_report_that_is_not_there_is_said(opened: Open) -> None:
    page = opened()
    page.goto(page.url.split("#")[0] + "#/report/dnone")
    expect(page.locator(".toast.error")).to_contain_text("没有这样的地址或对象")


def test_html_in_a_report_is_text(opened: Open, store: Store) -> None:
    page = opened(f"report/{store(EVIL, '<b>name</b>')}")
    page.wait_for_selector(".text .chunk")
    assert page.locator(".text").text_content() == EVIL
    assert page.locator(".text img, .text b, .text script, h1 b, .items b b").count() == 0
    page.goto(page.url.split("#")[0] + "#/?q=hacked")
    expect(page.locator(".reports tbody tr")).to_have_count(1)
    assert page.locator(".reports b").count() == 0
    assert page.evaluate("window.hacked") is None


def test_a_key_is_asked_for_kept_for_the_tab_and_its_role_respected(opened: Open, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'nianbao.db'}")
    database.migrate()
    with database.writing() as session:
        key = keys.create(session, "desk", "read")
    database.close()
    with running(tmp_path, NIANBAO_KEYS="required") as address:
        page = opened(base=address)
        expect(page.locator("dialog")).to_contain_text("该服务需要 API 密钥")
        page.fill("[name=key]", "nb_wrong")
        page.click("dialog button[type=submit]")
        expect(page.locator("dialog [role=alert]")).to_contain_text("该密钥无效")
        page.fill("[name=key]", key)
        page.click("dialog button[type=submit]")
        expect(page.locator("#who")).to_have_text("desk · 只读")
        expect(page.locator("p.told")).to_have_text("没有符合条件的报告。")
        assert page.locator(".intake").count() == 0
        page.reload()
        expect(page.locator("#who")).to_have_text("desk · 只读")
        assert page.evaluate("Object.values(localStorage).join()").find(key) < 0
