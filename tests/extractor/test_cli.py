"""The command line, as a user meets it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extractor.cli import app, main
from extractor.commands.inputs import sources


def test_one_report_is_printed_as_one_object(command: CliRunner, example_path: Path) -> None:
    made = command.invoke(app, ["extract", str(example_path)])
    assert made.exit_code == 0
    assert json.loads(made.stdout)["document"]["year"] == 2023


def test_several_reports_are_printed_one_a_line_in_order(
    command: CliRunner, example_path: Path, tmp_path: Path
) -> None:
    paths = [str(shutil.copy(example_path, tmp_path / f"{name}.txt")) for name in "cab"]
    lines = command.invoke(app, ["extract", *paths]).stdout.splitlines()
    assert [json.loads(line)["document"]["id"] for line in lines] == ["c", "a", "b"]


def test_standard_input_is_read_as_bytes(command: CliRunner, example_path: Path, example_text: str) -> None:
    made = command.invoke(app, ["extract", "-"], input=example_text.encode("gb18030"))
    whole = json.loads(command.invoke(app, ["extract", str(example_path)]).stdout)
    assert json.loads(made.stdout)["tables"] == whole["tables"]


def test_with_out_each_report_has_its_file_and_nothing_is_printed(
    command: CliRunner, example_path: Path, tmp_path: Path
) -> None:
    out = tmp_path / "deep" / "out"
    made = command.invoke(app, ["extract", str(example_path), "--out", str(out)])
    assert (made.exit_code, made.stdout) == (0, "")
    assert [p.name for p in out.iterdir()] == [f"{example_path.stem}.json"]


def test_what_was_not_read_is_listed_and_the_rest_is_written(
    command: CliRunner, example_path: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "paper.txt").write_bytes(b"%PDF-1.4")
    arguments = [str(tmp_path / "gone.txt"), str(tmp_path), str(example_path), "--out", str(tmp_path / "out")]
    made = command.invoke(app, ["extract", *arguments])
    assert made.exit_code == 1
    for name, code in (("gone.txt", "unopened"), ("empty.txt", "empty"), ("paper.txt", "binary")):
        assert f"{name} [{code}]" in made.stderr
    assert "3 of 4 not read" in made.stderr
    assert (tmp_path / "out" / f"{example_path.stem}.json").exists()


def test_a_folder_stands_for_its_texts_and_each_file_is_read_once(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "c.json"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    listed = sources([str(tmp_path / "b.txt"), str(tmp_path), str(tmp_path / "." / "a.txt")])
    assert [s.id for s in listed] == ["b", "a"]


def test_files_of_one_name_get_results_of_their_own(tmp_path: Path) -> None:
    names = ("one/x.txt", "two/x.txt", "two/x-2.txt", "three/X.txt")
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert [s.id for s in sources([str(tmp_path / n) for n in names])] == ["x", "x-3", "x-2", "X-4"]


def test_a_folder_without_texts_is_reported_as_not_read(command: CliRunner, tmp_path: Path) -> None:
    made = command.invoke(app, ["extract", str(tmp_path)])
    assert made.exit_code == 1
    assert "*.txt [unopened]" in made.stderr


def test_a_summary_shows_title_sections_totals_and_what_differs(command: CliRunner, example_path: Path) -> None:
    printed = command.invoke(app, ["extract", str(example_path), "--format", "summary"]).stdout
    for expected in ("澄岚县人民政府办公室", "一、总体情况", "（七）总计", "1843", "1 不一致 differ"):
        assert expected in printed


def test_check_prints_only_what_differs_with_both_places_and_exits_with_three(
    command: CliRunner, example_path: Path, example_text: str
) -> None:
    made = command.invoke(app, ["check", str(example_path)])
    assert made.exit_code == 3
    assert made.stdout.count("✗") == 1
    lines = example_text.splitlines()
    for wanted in ("全年制发行政规范性文件5件", "行政规范性文件 | 4 | 1 | 26"):
        number = next(i for i, line in enumerate(lines, 1) if wanted in line)
        assert f"{number:>5}  " in made.stdout


def test_check_of_a_report_that_agrees_prints_nothing_and_exits_with_zero(
    command: CliRunner, example_text: str, tmp_path: Path
) -> None:
    path = tmp_path / "mended.txt"
    path.write_text(example_text.replace("全年制发行政规范性文件5件", "全年制发行政规范性文件4件"), encoding="utf-8")
    made = command.invoke(app, ["check", str(path)])
    assert (made.exit_code, made.stdout) == (0, "")


def test_check_of_a_report_that_cannot_be_read_exits_with_one(command: CliRunner, tmp_path: Path) -> None:
    assert command.invoke(app, ["check", str(tmp_path / "gone.txt")]).exit_code == 1


def test_a_drawing_is_made_of_one_report_and_of_no_more(command: CliRunner, example_path: Path, tmp_path: Path) -> None:
    picture = tmp_path / "blocks.png"
    arguments = ["extract", str(example_path), "--out", str(tmp_path), "--draw", str(picture)]
    assert command.invoke(app, arguments).exit_code == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert command.invoke(app, [*arguments, str(tmp_path / "other.txt")]).exit_code == 2


def test_synthesize_writes_texts_and_gold_that_evaluate_reads(command: CliRunner, tmp_path: Path) -> None:
    made = command.invoke(app, ["synthesize", "--n", "3", "--seed", "7", str(tmp_path)])
    assert made.exit_code == 0
    texts, gold = (sorted(p.stem for p in (tmp_path / folder).iterdir()) for folder in ("text", "gold"))
    assert len(texts) == 3
    assert texts == gold
    arguments = ["--gold", str(tmp_path / "gold"), "--text", str(tmp_path / "text"), "--json"]
    figures = json.loads(command.invoke(app, ["evaluate", *arguments]).stdout)
    assert 0 <= figures["claims_f1"] <= 1


@pytest.mark.parametrize(("share", "some"), [("1", True), ("0", False)])
def test_the_share_of_reports_with_faults_can_be_given(
    command: CliRunner, tmp_path: Path, share: str, some: bool
) -> None:
    assert command.invoke(app, ["synthesize", "--n", "4", "--faults", share, str(tmp_path)]).exit_code == 0
    faults = [json.loads(p.read_text(encoding="utf-8"))["faults"] for p in (tmp_path / "gold").iterdir()]
    assert any(faults) == some


def test_an_encoder_is_a_choice_of_the_claims_model_only(command: CliRunner) -> None:
    assert command.invoke(app, ["train", "layout", "--encoder", "bert"]).exit_code == 2


@pytest.mark.parametrize("name", ["extract", "check", "synthesize", "train", "evaluate", "calibrate", "bench", "serve"])
def test_every_command_explains_itself(command: CliRunner, name: str) -> None:
    made = command.invoke(app, [name, "--help"])
    assert made.exit_code == 0
    assert "Usage" in made.stdout


def main_with(arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command says on standard error where it cannot go on, with its exit code in front."""
    monkeypatch.setattr("sys.argv", ["nianbao", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return f"{left.value.code} {capsys.readouterr().err}"


def test_a_folder_that_cannot_be_made_is_said_in_three_parts(
    example_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = main_with(["extract", str(example_path), "--out", str(example_path)], monkeypatch, capsys)
    assert said.startswith("1 nianbao: ")
    assert "expected:" in said
    assert "what to do:" in said


def test_a_setting_of_the_service_that_does_not_fit_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NIANBAO_MAX_BODY_BYTES", "3")
    said = main_with(["serve"], monkeypatch, capsys)
    assert said.startswith("2 nianbao: NIANBAO_MAX_BODY_BYTES")
    assert "what to do:" in said


@pytest.mark.parametrize("name", ["x" * 5000, ""])
def test_a_name_that_is_no_file_is_listed_as_unread(command: CliRunner, name: str) -> None:
    made = command.invoke(app, ["extract", name])
    assert made.exit_code == 1
    assert "unopened" in made.stderr


@pytest.mark.parametrize(
    "arguments", [["claims", "--encoder", "gpt"], ["layout", "--version", "../x"], ["layout", "--from", "a/b"]]
)
def test_training_refuses_what_it_cannot_do_before_it_starts(command: CliRunner, arguments: list[str]) -> None:
    assert command.invoke(app, ["train", *arguments]).exit_code == 2


@pytest.mark.parametrize("content", ["{", "[]"])
def test_evaluate_names_an_annotation_that_is_none(command: CliRunner, tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    made = command.invoke(app, ["evaluate", "--gold", str(tmp_path), "--text", str(tmp_path)])
    assert made.exit_code == 2
    assert "a.json" in made.stderr


def test_evaluate_wants_a_folder_that_is_there(command: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    assert command.invoke(app, ["evaluate", "--gold", str(tmp_path), "--pred", str(tmp_path / "no")]).exit_code == 2
