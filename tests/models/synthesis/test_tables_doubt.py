"""What a flattening leaves open is said to be open, and nothing else."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest

from models.form import load_form
from models.synthesis.facts import Facts
from models.synthesis.tables import STYLES, PrintedCell, TableOptions, split_count, table_ids, write_table

FORM = load_form("2021")
ZEROS = dict.fromkeys(FORM.cell_ids(), 0.0)
FACTS = Facts(FORM, 2022, "石桥镇人民政府", "石桥镇", "street", "全镇", "我镇", {**ZEROS, "t2.licensing.processed": 42})


def doubtful(style: str, table: str, numbers: dict[str, int | None], **options: object) -> set[str]:
    """The cells called uncertain when ``numbers`` are printed and every other cell is 0."""
    given = {c: numbers.get(c, 0) for c in table_ids(FACTS, table)}
    cells = {c: PrintedCell("" if v is None else str(v), v) for c, v in given.items()}
    text = write_table(Random(style), FACTS, table, STYLES[style], TableOptions(cells=cells, **options))  # type: ignore[arg-type]
    return {m.data["id"] for m in text.of("cell") if m.data.get("uncertain")}


def row(name: str, *values: int | None) -> dict[str, int | None]:
    """A row of table 3."""
    columns = ("natural", "business", "research", "social", "legal_service", "other_org", "total")
    return {f"t3.{name}.{c}": v for c, v in zip(columns, values, strict=True)}


@pytest.mark.parametrize("style", ["G-numbers", "G-rows", "G-line"])
def test_glued_single_digits_are_sure_even_where_the_sum_is_wrong(style: str) -> None:
    assert doubtful(style, "t3", row("new", 3, 1, 0, 0, 0, 0, 9)) == set()


def test_a_glued_row_with_one_balanced_reading_is_sure() -> None:
    assert doubtful("G-rows", "t3", row("new", 23, 0, 0, 0, 0, 0, 23)) == set()


def test_a_glued_row_with_two_balanced_readings_is_open() -> None:
    numbers = row("new", 1, 11, 1, 1, 1, 1, 16)  # 11 1 1 1 1 1 16 glues to the same digits
    assert doubtful("G-rows", "t3", numbers) == set(numbers)


def test_a_glued_row_with_a_wrong_total_is_open_though_no_reading_balances() -> None:
    numbers = row("new", 23, 0, 0, 0, 0, 0, 25)
    assert doubtful("G-rows", "t3", numbers) == set(numbers)


def test_glued_rows_of_table_2_are_sure_only_digit_by_digit() -> None:
    three = {f"t2.normative.{c}": v for c, v in (("made", 27), ("repealed", 29), ("valid", 318))}
    assert doubtful("G-rows", "t2", {**three, "t2.licensing.processed": 2629}) == set(three)
    assert doubtful("G-rows", "t2", {"t2.normative.made": 8, "t2.normative.valid": 9}) == set()


def test_outcomes_of_table_4_balance_group_by_group() -> None:
    sure = {"t4.review.maintain": 12, "t4.review.total": 12}
    assert doubtful("G-line", "t4", sure) == set()
    open_row = {"t4.review.maintain": 1, "t4.review.correct": 11, "t4.review.other": 1, "t4.review.pending": 1}
    assert len(doubtful("G-line", "t4", {**open_row, "t4.review.total": 14})) == 15


@pytest.mark.parametrize("style", ["R-drop", "L-drop", "S"])
def test_dropped_blanks_leave_only_the_total_sure(style: str) -> None:
    numbers = row("new", None, 4, 1, None, None, None, 5)
    assert doubtful(style, "t3", numbers) == set(numbers) - {"t3.new.total"}


@pytest.mark.parametrize("style", ["R-drop", "L-drop", "S"])
def test_a_last_number_that_is_no_total_is_open_too(style: str) -> None:
    numbers = row("new", 4, 1, None, None, None, None, None)
    assert doubtful(style, "t3", numbers) == set(numbers)


@pytest.mark.parametrize("style", ["R-drop", "L-drop", "S", "G-rows"])
def test_a_row_of_blanks_stays_blank(style: str) -> None:
    numbers = row("carried_in", *(None,) * 7)
    assert doubtful(style, "t3", numbers) == set()


def test_lines_removed_as_repeats_are_lost_and_what_is_left_of_their_row_is_open() -> None:
    text = write_table(Random(1), FACTS, "t2", STYLES["L-dedup"], TableOptions(already=frozenset({"规章"})))
    cells = {m.data["id"]: m for m in text.of("cell")}
    assert text.text.count("0") == 1
    assert cells["t2.regulations.made"].data["status"] == "read"
    assert cells["t2.regulations.made"].data["uncertain"]
    assert cells["t2.penalty.processed"].data["status"] == "lost"
    assert cells["t2.penalty.processed"].data["value"] == 0
    assert "uncertain" not in cells["t2.licensing.processed"].data
    assert "规章" not in text.text.split("\n")


@pytest.mark.parametrize("seed", range(40))
def test_splits_are_counted_as_trying_each_of_them_would(seed: int) -> None:
    rng = Random(f"splits:{seed}")
    parts = [rng.choice((0, 0, 1, 2, 11, 12, rng.randint(0, 120))) for _ in range(rng.choice((2, 3, 4)))]
    digits = "".join(map(str, (*parts, sum(parts))))
    assert split_count(digits, [len(parts) + 1], limit=1000) == brute_force(digits, len(parts) + 1)


def brute_force(digits: str, size: int) -> int:
    found = 0
    for cuts in combinations(range(1, len(digits)), size - 1):
        texts = [digits[a:b] for a, b in zip((0, *cuts), (*cuts, len(digits)), strict=True)]
        if all(t == str(int(t)) for t in texts):
            numbers = [int(t) for t in texts]
            found += sum(numbers[:-1]) == numbers[-1]
    return found
