"""The form's own sums over what a report prints."""

from dataclasses import replace

import pytest

from extractor.document import Finding, Table
from tests.extractor.checks.marked_report import cell, cells_of, examined, requests_table


def sums(*tables: Table, **options: object) -> list[Finding]:
    return [f for f in examined("", *tables, **options).findings if f.kind == "table_arithmetic"]


def wrong(*tables: Table, **options: object) -> list[Finding]:
    return [f for f in sums(*tables, **options) if f.status == "mismatch"]


def put(table: Table, **cells: tuple[float | None, str, float]) -> Table:
    new = {f"{table.id}.{k.replace('__', '.')}": v for k, v in cells.items()}
    changed = (cell(c.id, *new[c.id]) if c.id in new else c for c in table.cells)
    return replace(table, cells=tuple(changed))


GOOD = requests_table(new=12, carried_in=1, granted=9, denied__third_party=3, carried_out=1)


def test_a_table_that_balances_has_no_mismatch() -> None:
    assert {f.status for f in sums(GOOD)} == {"match"}


def test_one_wrong_cell_breaks_its_row_and_its_column() -> None:
    found = wrong(put(GOOD, granted__natural=(7, "read", 0.99)))
    assert len(found) == 2
    assert all("t3.granted.natural" in f.cells for f in found)
    assert {(f.expected, f.found) for f in found} == {(7, 9), (10, 12)}


def test_a_pair_that_keeps_the_row_breaks_two_columns() -> None:
    table = put(GOOD, granted__natural=(8, "read", 0.99), granted__business=(1, "read", 0.99))
    assert [f.cells[-1] for f in wrong(table)] == ["t3.result_total.natural", "t3.result_total.business"]


def test_the_balance_of_received_and_handled_is_checked_for_every_column() -> None:
    found = wrong(put(GOOD, carried_out__natural=(2, "read", 0.99), carried_out__total=(2, "read", 0.99)))
    assert len(found) == 2
    assert all("勾稽" in f.message.zh for f in found)


def test_a_total_of_table_4_that_was_not_filled_in_is_found() -> None:
    table = cells_of("2021", "t4", {"review.maintain": 6, "review.correct": 1})
    (found,) = wrong(table)
    assert (found.expected, found.found) == (7, 0)
    assert "6+1" in found.message.zh


def test_blank_parts_count_as_zero_beside_printed_ones() -> None:
    table = cells_of("2021", "t4", {"review.maintain": 6, "review.total": 6}, default=None)
    found = {f.cells[-1]: f.status for f in sums(table)}
    assert found["t4.review.total"] == "match"
    assert found["t4.litigation_direct.total"] == "unverifiable"


def test_a_blank_among_printed_zeros_may_have_lost_the_number_that_is_lacking() -> None:
    table = put(cells_of("2021", "t4", {"review.total": 3}), review__maintain=(None, "blank", 0.99))
    assert wrong(table) == []
    too_much = put(table, review__correct=(5, "read", 0.99))
    assert len(wrong(too_much)) == 1


def test_a_blank_total_beside_printed_parts_decides_nothing() -> None:
    table = put(GOOD, granted__total=(None, "blank", 0.99))
    assert wrong(table) == []


@pytest.mark.parametrize(("how", "confidence"), [("placed", 0.99), ("read", 0.4)])
def test_a_sum_over_an_uncertain_cell_may_be_our_own_mistake(how: str, confidence: float) -> None:
    found = sums(put(GOOD, granted__natural=(7, how, confidence)))
    assert {f.status for f in found} == {"match", "unverifiable"}
    assert any("误读" in f.message.zh for f in found)


def test_an_unread_cell_makes_its_sums_unverifiable() -> None:
    found = [f for f in sums(put(GOOD, granted__natural=(None, "unread", 0.0))) if f.status == "unverifiable"]
    assert len(found) == 2


def test_one_row_of_other_handling_takes_the_place_of_three() -> None:
    table = cells_of("2021", "t3", {})
    rest = tuple(c for c in table.cells if ".other." not in c.id or c.id.count(".") == 2)
    columns = ("natural", "business", "research", "social", "legal_service", "other_org", "total")
    single = tuple(cell(f"t3.other.{c}", 4.0 if c in ("natural", "total") else 0.0) for c in columns)
    raised = {"new", "result_total"}
    cells = tuple(
        replace(c, value=4.0) if c.id.split(".")[1] in raised and c.id.endswith((".natural", ".total")) else c
        for c in rest
    )
    found = sums(replace(table, cells=cells + single))
    assert "mismatch" not in {f.status for f in found}
    totals = [f for f in found if f.cells[-1] == "t3.result_total.total"]
    (column,) = [f for f in totals if "t3.granted.total" in f.cells]
    assert column.status == "match"
    assert "t3.other.total" in column.cells


def test_reports_before_2019_have_no_such_sums() -> None:
    assert sums(form="pre2019", year=2016) == []
