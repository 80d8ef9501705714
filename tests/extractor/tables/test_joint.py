"""Readings of rows that can hold together, by the sums of the columns."""

from __future__ import annotations

from extractor.tables.joint import possible

SUMS = ((("a", "b"), ("all",)),)


def test_a_reading_that_no_choice_of_the_others_makes_add_up_is_left_out() -> None:
    options = {"a": [(1, None), (None, 1)], "b": [(2, 0)], "all": [(3, 0)]}
    assert possible(options, SUMS, 2) == {"a": [0], "b": [0], "all": [0]}


def test_readings_that_different_choices_allow_are_all_kept() -> None:
    options = {"a": [(1, 0), (0, 1)], "b": [(1, 0), (0, 1)], "all": [(1, 1)]}
    assert possible(options, SUMS, 2) == {"a": [0, 1], "b": [0, 1], "all": [0]}


def test_what_one_row_loses_another_loses_after_it() -> None:
    options = {"a": [(5, 0), (0, 5)], "b": [(2, 0), (0, 2)], "all": [(5, 2)]}
    assert possible(options, SUMS, 2) == {"a": [0], "b": [1], "all": [0]}


def test_a_sum_that_is_wrong_in_the_report_decides_nothing() -> None:
    options = {"a": [(1, 0), (0, 1)], "b": [(0, 0)], "all": [(0, 9)]}
    assert possible(options, SUMS, 2) == {"a": [0, 1], "b": [0], "all": [0]}


def test_a_sum_wrong_in_one_column_does_not_decide_the_others() -> None:
    options = {"a": [(1, 0, 7), (0, 1, 7)], "b": [(0, 0, 0)], "all": [(1, 0, 8)]}
    assert possible(options, SUMS, 3)["a"] == [0, 1]


def test_numbers_too_large_to_weigh_are_left_alone() -> None:
    options = {"a": [(9e9,), (1,)], "b": [(0,)], "all": [(9e9,)]}
    assert possible(options, SUMS, 1)["a"] == [0, 1]
