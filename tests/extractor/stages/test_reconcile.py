"""Every check is in the findings, numbered, told in two languages, the same each time."""

from extractor.document import Document
from tests.extractor.checks.marked_report import cells_of, examined, requests_table

MARKED = "收到申请{21|requests_new}件，办结{20|results}件，办结率{95||ratio}%。"


def whole() -> Document:
    tables = (cells_of("2021", "t2", {}), requests_table(new=21, granted=21), cells_of("2021", "t4", {}))
    return examined(MARKED, *tables)


def test_every_identity_of_the_form_is_among_the_findings() -> None:
    sums = [f for f in whole().findings if f.kind == "table_arithmetic"]
    assert len(sums) == 25 + 2 * 7 + 3
    assert {f.status for f in sums} == {"match"}


def test_findings_are_numbered_without_a_gap() -> None:
    document = whole()
    assert [f.id for f in document.findings] == [f"f{i}" for i in range(1, len(document.findings) + 1)]


def test_every_finding_speaks_both_languages_and_gives_its_reason() -> None:
    for found in whole().findings:
        assert found.message.zh
        assert found.message.en
        assert found.why
        assert "{" not in found.message.zh + found.message.en


def test_a_mismatch_names_both_numbers_and_points_at_both_sides() -> None:
    document = examined(MARKED, requests_table(new=19, granted=19, carried_in=0))
    (found,) = (f for f in document.findings if f.claim == "c1" and f.kind == "claim_vs_table")
    assert found.status == "mismatch"
    assert (found.expected, found.found) == (19, 21)
    assert "21" in found.message.zh
    assert "19" in found.message.zh
    assert "表三" in found.message.zh
    assert "table 3" in found.message.en
    assert document.claims[0].span in found.evidence


def test_the_same_report_has_the_same_findings() -> None:
    assert whole().findings == whole().findings


def test_a_missing_table_is_no_error_of_the_report() -> None:
    document = examined(MARKED)
    assert "mismatch" not in {f.status for f in document.findings}
    assert {f.status for f in document.findings if f.kind == "structure"} == {"unverifiable"}
    assert {f.status for f in document.findings if f.kind == "claim_vs_table"} == {"unverifiable"}


def test_a_text_without_anything_is_examined_without_an_error() -> None:
    assert all(f.kind == "structure" for f in examined("").findings)
