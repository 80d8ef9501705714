"""The registry: pinned versions, whole files, and messages that say what to do."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from models import promotion, registry
from models.registry import BrokenInstallation


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of models of the user's, with the version ``v1`` of the layout model in it."""
    monkeypatch.setenv("NIANBAO_MODELS", str(tmp_path))
    make(tmp_path, "layout", "v1")
    return tmp_path


def make(root: Path, task: str, version: str, content: bytes = b"weights") -> Path:
    folder = root / task / version
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(content)
    registry.write_record(folder, {"task": task})
    return folder


def test_a_promoted_version_is_the_one_that_is_loaded(root: Path) -> None:
    make(root, "layout", "v2", b"better weights")
    promotion.promote("layout", "v2")
    assert registry.current("layout") == "v2"
    assert registry.load("layout") == root / "layout" / "v2"


def test_promoting_one_model_leaves_the_other_pinned(root: Path) -> None:
    make(root, "claims", "c1")
    promotion.promote("claims", "c1")
    promotion.promote("layout", "v1")
    assert (registry.current("claims"), registry.current("layout")) == ("c1", "v1")


def test_a_version_can_be_named(root: Path) -> None:
    make(root, "layout", "v2")
    promotion.promote("layout", "v2")
    assert registry.load("layout", "v1") == root / "layout" / "v1"
    assert {"v1", "v2"} <= set(registry.versions("layout"))


def test_the_record_holds_size_and_digest_of_every_file(root: Path) -> None:
    record = json.loads((root / "layout" / "v1" / "record.json").read_text("utf-8"))
    assert record["files"]["model.onnx"]["bytes"] == 7
    assert record["files"]["model.onnx"]["sha256"] == hashlib.sha256(b"weights").hexdigest()
    assert record["task"] == "layout"


def test_a_changed_file_is_refused_with_what_was_met_expected_and_to_do(root: Path) -> None:
    (root / "layout" / "v1" / "model.onnx").write_bytes(b"other weights")
    with pytest.raises(BrokenInstallation) as caught:
        registry.load("layout", "v1")
    assert "model.onnx has SHA-256" in caught.value.met
    assert "record.json" in caught.value.expected
    assert "train" in caught.value.todo
    assert len(str(caught.value).splitlines()) == 3


def test_a_missing_file_is_refused(root: Path) -> None:
    (root / "layout" / "v1" / "model.onnx").unlink()
    with pytest.raises(BrokenInstallation, match=r"model\.onnx is missing"):
        registry.load("layout", "v1")


def test_a_damaged_version_is_never_promoted(root: Path) -> None:
    promotion.promote("layout", "v1")
    folder = make(root, "layout", "v2")
    (folder / "model.onnx").write_bytes(b"half")
    with pytest.raises(BrokenInstallation):
        promotion.promote("layout", "v2")
    assert registry.current("layout") == "v1"


@pytest.mark.parametrize("content", ["", "[]", "{", '{"task": "layout"}'])
def test_a_record_that_names_no_files_is_refused(root: Path, content: str) -> None:
    (root / "layout" / "v1" / "record.json").write_text(content, encoding="utf-8")
    with pytest.raises(BrokenInstallation, match=r"record\.json"):
        registry.load("layout", "v1")


def test_an_unknown_version_is_told_with_those_there_are(root: Path) -> None:
    with pytest.raises(BrokenInstallation, match="v1"):
        registry.load("layout", "v9")


@pytest.mark.parametrize("name", ["../v1", "", "a/b", ".hidden"])
def test_a_version_is_never_a_path(root: Path, name: str) -> None:
    with pytest.raises(ValueError, match="plain name"):
        registry.load("layout", name)


def test_pins_that_cannot_be_understood_are_refused(root: Path) -> None:
    (root / "current.toml").write_text("layout = 3\n", encoding="utf-8")
    with pytest.raises(BrokenInstallation, match=r"current\.toml"):
        registry.current("layout")


def test_what_the_user_has_not_trained_comes_from_the_package(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    promotion.promote("layout", "v1")
    package = root / "package"
    make(package, "claims", "c1")
    monkeypatch.setattr(registry, "package_root", lambda: package)
    (package / "current.toml").write_text('[layout]\nversion = "old"\n[claims]\nversion = "c1"\n', encoding="utf-8")
    assert (registry.current("layout"), registry.current("claims")) == ("v1", "c1")
    assert registry.load("claims") == package / "claims" / "c1"


def test_what_the_package_pins_is_whole() -> None:
    pinned = registry.package_root() / "current.toml"
    for task in registry.TASKS:
        if f"[{task}]" in pinned.read_text("utf-8"):
            assert registry.load(task).is_dir()
