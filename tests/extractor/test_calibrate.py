"""One command makes the table of confidences anew, the same bytes each time, and it is what the extractor can read."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from extractor.calibrate import Sample, calibrate, measure
from extractor.cli import app
from extractor.stages.confidence import Calibration, Side

RAW = 0.6


def cell_samples(n: int, wrong_each: int) -> list[Sample]:
    return [Sample("cells", ("placed",), "placed", RAW, (), i % wrong_each != 0) for i in range(n)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """What the command writes, and prints."""
    path = tmp_path_factory.mktemp("calibration") / "table.yaml"
    arguments = ["calibrate", "--n", "8", "--seed", "8", "--jobs", "0", "--out", str(path)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0
    return path.read_text(encoding="utf-8"), result.stdout


def test_the_file_says_how_it_was_made_and_what_it_is_worth(made: tuple[str, str]) -> None:
    header = [line for line in made[0].splitlines() if line.startswith("#")]
    assert "nianbao calibrate --n 8 --seed 8" in header[1]
    assert "layout" in header[2]
    for part in ("cells", "claims", "findings", "mismatches"):
        assert any(line.startswith(f"#   {part} ") and "->" in line for line in header)


def test_the_file_is_a_calibration(made: tuple[str, str]) -> None:
    calibration = Calibration.of(yaml.safe_load(made[0]))
    assert set(calibration.curves["cells"]) >= {"read"}


def test_the_command_prints_the_reliability_of_each_kind(made: tuple[str, str]) -> None:
    for part in ("cells", "claims", "findings", "mismatches"):
        assert f"{part}: ECE" in made[1]


def test_the_same_seed_gives_the_same_bytes(made: tuple[str, str], tmp_path: Path) -> None:
    again = tmp_path / "again.yaml"
    CliRunner().invoke(app, ["calibrate", "--n", "8", "--seed", "8", "--jobs", "0", "--out", str(again)])
    assert again.read_text(encoding="utf-8") == made[0]


def test_a_score_becomes_the_share_that_was_right() -> None:
    assert calibrate(cell_samples(2000, 10)).chance("cells", ("placed",), RAW) == pytest.approx(0.9, abs=0.01)


def test_a_group_of_few_has_no_curve_of_its_own() -> None:
    few = [Sample("findings", ("ratio mismatch", "mismatch"), "mismatch", 1.0, (), True)] * 20
    many = [Sample("findings", ("x mismatch", "mismatch"), "mismatch", 1.0, (), i % 2 == 0) for i in range(400)]
    curves = calibrate([*few, *many]).curves["findings"]
    assert set(curves) == {"x mismatch", "mismatch"}


def test_findings_are_fitted_to_the_calibrated_chances_of_their_sides() -> None:
    side = (Side("cells", "placed", RAW),)
    told = [Sample("findings", ("x match", "match"), "match", RAW, side, i % 5 != 0) for i in range(1000)]
    calibration = calibrate([*cell_samples(2000, 10), *told])
    ((at, chance),) = calibration.curves["findings"]["x match"].knots
    assert at == pytest.approx(0.9, abs=0.01)
    assert chance == pytest.approx(0.8, abs=0.01)


def test_the_error_after_is_less_than_before_on_other_items() -> None:
    cells = next(m for m in measure(calibrate(cell_samples(2000, 10)), cell_samples(600, 10)) if m.part == "cells")
    before, after = cells.errors
    assert before == pytest.approx(0.3, abs=0.01)
    assert after < 0.01
