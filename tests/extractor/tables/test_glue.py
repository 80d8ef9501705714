"""Digits that lost what parted them."""

from __future__ import annotations

from extractor.tables.glue import splits
from extractor.tables.values import Token


def tokens(*texts: str) -> list[Token]:
    out: list[Token] = []
    at = 0
    for text in texts:
        out.append(Token(at, at + len(text), text, float(text)))
        at += len(text) + 1
    return out


def readings(count: int, total: bool, *texts: str) -> list[list[float | None]]:
    return [[t.value for t in r] for r in splits(tokens(*texts), count, total)]


def test_the_sum_leaves_one_reading_of_a_glued_row() -> None:
    assert readings(7, True, "410000041") == [[41, 0, 0, 0, 0, 0, 41]]


def test_stray_spaces_in_glued_digits_stay_borders() -> None:
    assert readings(7, True, "410", "000041") == [[41, 0, 0, 0, 0, 0, 41]]


def test_as_many_digits_as_columns_are_one_each_even_where_the_sum_fails() -> None:
    assert readings(7, True, "1200004") == [[1, 2, 0, 0, 0, 0, 4]]


def test_numbers_have_no_leading_zero() -> None:
    assert readings(2, False, "105") == [[10, 5]]


def test_a_row_with_no_reading_that_balances_has_none() -> None:
    assert readings(7, True, "950000041") == []


def test_parts_point_at_their_digits() -> None:
    assert [(t.start, t.end) for t in splits(tokens("410000041"), 7, True)[0]][:2] == [(0, 2), (2, 3)]


def test_a_very_long_run_of_digits_is_given_up_quickly() -> None:
    assert len(splits(tokens("1" * 60), 7, True)) <= 64
    assert splits(tokens("1" * 400), 7, True) == []
