"""Promotion and the way back: one step each, whole or not at all, and seen by what is running."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from extractor import pipeline
from models import promotion, registry
from models.promotion import NothingBeforeError
from models.registry import BrokenInstallation

_PROMOTE_FOREVER = """
import itertools, sys
from models import promotion
for n in itertools.count():
    promotion.promote("layout", f"v{n % 2}", forced="为测试 " * 200)
    print(n, flush=True)
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder with two layout and two claims versions; nothing in it serves yet."""
    monkeypatch.setenv(registry.ROOT_VARIABLE, str(tmp_path / "own"))
    for task in registry.TASKS:
        for version in ("v0", "v1"):
            folder = tmp_path / "own" / task / version
            folder.mkdir(parents=True)
            (folder / "model.onnx").write_text(version, encoding="utf-8")
            registry.write_record(folder, {"task": task})
    return tmp_path / "own"


def test_the_way_back_leads_through_all_that_served(root: Path) -> None:
    shipped = registry.current("layout")
    for version in ("v0", "v1"):
        promotion.promote("layout", version)
    assert promotion.rollback("layout").version == "v0"
    assert registry.current("layout") == "v0"
    assert promotion.rollback("layout").version == shipped
    assert registry.current("layout") == shipped
    with pytest.raises(NothingBeforeError):
        promotion.rollback("layout")
    assert registry.current("layout") == shipped


def test_without_a_name_the_last_promotion_is_taken_back(root: Path) -> None:
    promotion.promote("claims", "v0")
    promotion.promote("layout", "v0")
    assert promotion.rollback().task == "layout"
    assert promotion.rollback().task == "claims"
    with pytest.raises(NothingBeforeError):
        promotion.rollback()


def test_what_the_package_pins_is_followed_again_after_the_way_back(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "package"
    for version in ("1", "2"):
        shutil.copytree(root / "layout" / "v0", package / "layout" / version)
    monkeypatch.setattr(registry, "package_root", lambda: package)
    (package / "current.toml").write_text('[layout]\nversion = "1"\n', encoding="utf-8")
    promotion.promote("layout", "v0")
    promotion.rollback("layout")
    (package / "current.toml").write_text('[layout]\nversion = "2"\n', encoding="utf-8")
    assert registry.current("layout") == "2"


def test_every_change_is_remembered_with_its_reason(root: Path) -> None:
    shipped = registry.current("layout")
    promotion.promote("layout", "v0", verdict="better")
    promotion.promote("layout", "v1", verdict="worse", forced='a "quoted"\nreason\x7f \\ 理由')
    promotion.promote("layout", "v1", forced="it serves already: nothing to note")
    promotion.rollback("layout")
    told = [(e.what, e.version, e.instead_of, e.verdict, e.forced) for e in promotion.events("layout")]
    assert told == [
        ("promoted", "v0", shipped, "better", ""),
        ("promoted", "v1", "v0", "worse", 'a "quoted" reason \\ 理由'),
        ("rolled back", "v0", "v1", "", ""),
    ]
    assert promotion.events("claims") == ()


def test_a_version_that_is_damaged_is_not_gone_back_to(root: Path) -> None:
    promotion.promote("layout", "v0")
    promotion.promote("layout", "v1")
    (root / "layout" / "v0" / "model.onnx").write_text("half", encoding="utf-8")
    before = (root / "current.toml").read_bytes()
    with pytest.raises(BrokenInstallation):
        promotion.rollback("layout")
    assert (root / "current.toml").read_bytes() == before


def test_promotions_at_the_same_time_lose_nothing(root: Path) -> None:
    threads = [
        threading.Thread(target=promotion.promote, args=(task, version))
        for task in registry.TASKS
        for version in ("v0", "v1") * 4
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for task in registry.TASKS:
        events = promotion.events(task)
        assert events[-1].version == registry.current(task)
        assert [e.instead_of for e in events[1:]] == [e.version for e in events[:-1]]


def test_killed_at_any_moment_a_promotion_is_done_or_not_done(root: Path) -> None:
    for lines in (1, 3, 8):
        process = subprocess.Popen(
            [sys.executable, "-c", _PROMOTE_FOREVER], stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL
        )
        assert process.stdout is not None
        for _ in range(lines):
            process.stdout.readline()
        process.kill()
        process.wait()
        process.stdout.close()
        served = registry.current("layout")
        assert served in ("v0", "v1")
        assert registry.load("layout").name == served
        assert promotion.events("layout")[-1].version == served
    promotion.promote("claims", "v0")
    assert registry.current("claims") == "v0"


def test_what_runs_takes_up_a_promotion_and_the_way_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(registry.ROOT_VARIABLE, str(tmp_path))
    before = pipeline.load()
    assert pipeline.load() is before
    shutil.copytree(registry.load("claims"), tmp_path / "claims" / "mine")
    promotion.promote("claims", "mine")
    after = pipeline.load()
    assert dict(after.versions) == {**dict(before.versions), "claims": "mine"}
    assert dict(before.versions)["claims"] != "mine"
    promotion.rollback()
    assert pipeline.load().versions == before.versions


def test_where_the_users_models_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(registry.ROOT_VARIABLE)
    monkeypatch.delenv(registry.DATA_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert registry.roots() == (tmp_path / "nianbao" / "models", registry.package_root())
    monkeypatch.setenv(registry.DATA_VARIABLE, str(tmp_path / "data"))
    assert registry.user_root() == tmp_path / "data" / "models"
    monkeypatch.setenv(registry.ROOT_VARIABLE, str(tmp_path / "models"))
    assert registry.user_root() == tmp_path / "models"
