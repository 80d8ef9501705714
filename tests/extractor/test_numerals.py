"""Numbers as reports print them."""

from __future__ import annotations

import pytest

from extractor.numerals import Amount, parse_number


@pytest.mark.parametrize(
    ("surface", "value"),
    [
        ("0", 0), ("204", 204), ("1,204", 1204), ("18,708,325", 18708325), ("１２３", 123), ("52.150", 52.15),
        ("+5", 5), ("-3", -3), ("−7", -7), ("减4", -4), ("减少12", -12), ("增6", 6), ("新增3", 3), ("未增未减", 0),
        ("持平", 0), ("两", 2), ("十二", 12), ("一百零五", 105), ("三", 3), ("1.7万", 17000), ("2亿", 200000000),
        ("增減", None), ("", None), ("无", None), ("约", None),
    ],
)  # fmt: skip
def test_a_printed_number_has_its_value(surface: str, value: float | None) -> None:
    amount = parse_number(surface)
    assert (amount.value if amount else None) == value


@pytest.mark.parametrize(
    "surface", ["50余", "近30", "约1.2万", "十余", "100以上", "两百多", "超过40", "1.7万余", "20左右"]
)
def test_words_around_a_number_make_it_approximate(surface: str) -> None:
    amount = parse_number(surface)
    assert amount is not None
    assert amount.approx


def test_a_plain_number_is_not_approximate() -> None:
    assert parse_number("50") == Amount(50.0, 50.0)


def test_money_keeps_the_number_as_it_is_printed() -> None:
    amount = parse_number("523.15万元")
    assert amount is not None
    assert (amount.printed, amount.value, amount.unit) == (523.15, 523.15, "万元")


def test_a_unit_stands_beside_the_number() -> None:
    amount = parse_number("31批次")
    assert amount is not None
    assert (amount.value, amount.unit) == (31.0, "批次")


def test_ten_thousands_are_plain_units_without_rounding_noise() -> None:
    amount = parse_number("1.1万余条")
    assert amount is not None
    assert (amount.value, amount.printed, amount.factor, amount.unit) == (11000.0, 1.1, 10000.0, "条")


@pytest.mark.parametrize("piece", ["1,", "1.", "万", "余", " "])
def test_a_long_run_of_characters_is_no_number_and_costs_no_time(piece: str) -> None:
    assert parse_number("1" + piece * 5000 + "x") is None
