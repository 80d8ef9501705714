"""What should hold for every report: each thing points at its own text, each sum of the form is accounted for."""

from __future__ import annotations

import pytest

from extractor.pipeline import Extractor
from extractor.result import payload
from models.form import load_form, load_forms
from models.synthesis.report import synthesize
from tests.invariants import faults

SEED = 4711


@pytest.fixture(scope="module")
def reports() -> list[str]:
    return [synthesize(SEED, index).text for index in range(24)]


def test_everything_points_at_its_own_text(extractor: Extractor, reports: list[str]) -> None:
    assert {i: found for i, text in enumerate(reports) if (found := faults(extractor, text))} == {}


def test_line_breaks_of_any_kind_do_not_move_a_place(extractor: Extractor, reports: list[str]) -> None:
    for text in reports[:4]:
        for other in ("\r\n", "\r", "\u2028"):
            assert faults(extractor, text.replace("\n", other)) == []


def test_a_cell_prints_the_characters_that_stand_there(extractor: Extractor, example_text: str) -> None:
    wide = example_text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})
    (cell,) = [c for t in extractor(wide).tables for c in t.cells if c.id == "t3.new.total"]
    assert cell.raw
    assert cell.span is not None
    assert cell.raw == cell.span.of(wide) != str(cell.value)
    assert not cell.raw.isascii()


def test_ids_of_cells_are_those_of_a_form(extractor: Extractor, reports: list[str]) -> None:
    known = {cell for form in load_forms() for cell in form.cell_ids()}
    for text in reports:
        assert {c.id for t in extractor(text).tables if t.id != "x1" for c in t.cells} <= known


def test_every_sum_of_a_table_that_is_there_is_checked_or_said_to_be_uncheckable(
    extractor: Extractor, example_text: str
) -> None:
    result = payload(extractor(example_text))
    tables = {table["id"] for table in result["tables"]}
    assert tables == {"t2", "t3", "t4"}
    checks = [(f["cells"], f["status"]) for f in result["findings"] if f["kind"] == "table_arithmetic"]
    sums = load_form(result["document"]["format"]).identities
    assert len(checks) == len(sums)
    assert sorted(cells for cells, _ in checks) == sorted([*s.left, *s.right] for s in sums)
    assert {status for _, status in checks} <= {"match", "mismatch", "unverifiable"}


def test_a_finding_names_claims_and_cells_that_the_result_has(extractor: Extractor, reports: list[str]) -> None:
    for text in reports:
        result = payload(extractor(text))
        claims = {c["id"] for c in result["claims"]}
        assert {f["claim"] for f in result["findings"] if f["claim"]} <= claims
        for finding in result["findings"]:
            if finding["status"] == "mismatch":
                assert finding["evidence"] or finding["kind"] == "structure"
