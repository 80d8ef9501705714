"""``nianbao models`` and ``nianbao train --data`` as a user meets them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from extractor.cli import app
from models import registry
from models.gate import judge as gate
from models.gate.holdout import Part, hold_out


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the user's with a version that has the weights that serve; the hold-out is a few reports."""

    def few(task: registry.Task) -> Part:
        return hold_out(task, per_style=1)

    monkeypatch.setenv(registry.ROOT_VARIABLE, str(tmp_path))
    monkeypatch.setattr(gate, "hold_out", few)
    shutil.copytree(registry.load("layout"), tmp_path / "layout" / "u1")
    return tmp_path


def listed(command: CliRunner) -> dict[tuple[str, str], dict[str, Any]]:
    rows = json.loads(command.invoke(app, ["models", "list", "--json"]).stdout)
    return {(row["task"], row["version"]): row for row in rows}


def test_versions_are_listed_with_the_one_that_serves(command: CliRunner, own: Path) -> None:
    rows = listed(command)
    shipped = rows["layout", registry.current("layout")]
    assert (shipped["serves"], shipped["where"]) == (True, "shipped")
    assert (rows["layout", "u1"]["serves"], rows["layout", "u1"]["where"]) == (False, "yours")
    assert "u1" in command.invoke(app, ["models", "list"]).stdout


def test_the_same_weights_are_not_promoted_but_with_a_reason_and_back_again(command: CliRunner, own: Path) -> None:
    shipped = registry.current("layout")
    judged = command.invoke(app, ["models", "gate", "layout/u1"])
    assert judged.exit_code == 3
    assert "same" in judged.stdout
    refused = command.invoke(app, ["models", "promote", "u1"])
    assert refused.exit_code == 3
    assert registry.current("layout") == shipped
    assert command.invoke(app, ["models", "promote", "u1", "--force", "to see it serve"]).exit_code == 0
    assert listed(command)["layout", "u1"]["serves"]
    shown = command.invoke(app, ["models", "show", "layout/current"])
    assert "to see it serve" in shown.stdout
    assert json.loads(command.invoke(app, ["models", "show", "u1", "--json"]).stdout)["gate"]["verdict"] == "same"
    assert command.invoke(app, ["models", "rollback", "layout"]).exit_code == 0
    assert registry.current("layout") == shipped
    assert command.invoke(app, ["models", "rollback"]).exit_code == 2


def test_two_versions_are_compared_without_writing_anything(command: CliRunner, own: Path) -> None:
    before = (own / "layout" / "u1" / "record.json").read_bytes()
    result = command.invoke(app, ["models", "diff", "layout/current", "layout/u1", "--json"])
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert (said["against"], said["version"], said["verdict"], said["allows"]) == (
        registry.current("layout"), "u1", "same", False,
    )  # fmt: skip
    assert {label["label"] for label in said["labels"]} >= {"heading", "value", "everything", "style C"}
    assert (own / "layout" / "u1" / "record.json").read_bytes() == before


@pytest.mark.parametrize("name", ["current", "layout/u9", "page/1", "../1"])
def test_a_version_that_is_not_clear_is_refused(command: CliRunner, own: Path, name: str) -> None:
    assert command.invoke(app, ["models", "promote", name]).exit_code == 2
    assert not (own / "current.toml").exists()


def test_a_candidate_of_a_damaged_version_that_serves_needs_a_reason(command: CliRunner, own: Path) -> None:
    shutil.copytree(own / "layout" / "u1", own / "layout" / "u2")
    command.invoke(app, ["models", "promote", "u2", "--force", "first"])
    (own / "layout" / "u2" / "model.onnx").write_bytes(b"half")
    with pytest.raises(registry.BrokenInstallation):
        command.invoke(app, ["models", "promote", "u1"], catch_exceptions=False)
    assert command.invoke(app, ["models", "promote", "u1", "--force", "the other is damaged"]).exit_code == 0
    assert registry.load("layout").name == "u1"


@pytest.mark.parametrize(
    "arguments",
    [["claims", "--data", "x", "--encoder", "cnn"], ["layout", "--share", "0.2"], ["layout", "--from", "../1"]],
)
def test_training_refuses_options_that_do_not_go_together(command: CliRunner, arguments: list[str]) -> None:
    assert command.invoke(app, ["train", *arguments]).exit_code == 2


def test_a_dataset_without_anything_to_learn_is_said(command: CliRunner, own: Path) -> None:
    result = command.invoke(app, ["train", "layout", "--data", str(own / "nothing")])
    assert result.exit_code == 2
    assert "no report with blocks" in result.stderr


def test_a_version_is_never_trained_over(command: CliRunner, own: Path) -> None:
    result = command.invoke(app, ["train", "layout", "--version", "u1"])
    assert result.exit_code == 2
    assert "there already" in result.stderr
