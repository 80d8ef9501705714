"""Quality is pinned: on fresh synthetic reports of a seed that no model was trained on, no score falls below its floor.

Floors stand in floors.json beside this file. A floor goes up when a change earns it, and down only with a reason.
Calibration errors have ceilings: where one is above, ``nianbao calibrate`` makes the confidences anew.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from extractor.evaluate import figures, score
from extractor.pipeline import load
from extractor.result import payload
from models.synthesis.report import synthesize

PINNED: dict[str, Any] = json.loads(Path(__file__).with_name("floors.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def measured() -> dict[str, float]:
    extract, total = load(), Counter[str]()
    for index in range(PINNED["corpus"]["n"]):
        report = synthesize(PINNED["corpus"]["seed"], index)
        total.update(score(report.gold, payload(extract(report.text, report.id))).tally)
    return figures(total)


def test_no_score_falls_below_its_floor(measured: dict[str, float]) -> None:
    below = {k: (measured[k], floor) for k, floor in PINNED["floors"].items() if measured[k] < floor}
    assert not below, f"measured, floor: {below}"


def test_no_calibration_error_is_above_its_ceiling(measured: dict[str, float]) -> None:
    above = {k: (measured[k], ceiling) for k, ceiling in PINNED["ceilings"].items() if measured[k] > ceiling}
    assert not above, f"measured, ceiling: {above}"


def test_the_scores_that_users_rely_on_are_all_pinned() -> None:
    needed = {"cells_right", "documents_exact", "headings_f1", "claims_f1", "links_f1", "mismatch_p", "mismatch_r"}
    assert needed <= set(PINNED["floors"])
    assert {"ece_cells", "ece_claims", "ece_findings"} <= set(PINNED["ceilings"])
