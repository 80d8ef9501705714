"""Page numbers among numbers: they stand alone and count up."""

from __future__ import annotations

import numpy as np

from models.grid import segment
from models.layout.pages import FARTHEST, NEAREST, candidates, runs


def found(text: str) -> list[list[int]]:
    blocks = segment(text)
    rows: list[list[int]] = candidates([text[b.start : b.end] for b in blocks], blocks).tolist()
    return rows


def test_a_number_alone_on_its_line_may_be_a_page_number() -> None:
    assert found("正文\n12\n") == [[0, 0], [12, 0]]


def test_strokes_around_a_number_are_seen_in_one_piece_or_in_three() -> None:
    assert found("-3-\n") == [[3, 1]]
    assert found("— 3 —\n") == [[3, 1]] * len(segment("— 3 —\n"))


def test_numbers_of_a_row_and_zeros_are_no_page_numbers() -> None:
    assert found("1\t2\t3\n规章 1\n0\n") == [[0, 0]] * 5


def test_numbers_that_count_up_from_page_to_page_make_a_run() -> None:
    numbers, lines = np.array([1, 0, 2, 9, 3], np.int32), np.array([0, 5, 30, 40, 60], np.int32)
    assert (runs(numbers, lines) * 8).tolist() == [3, 0, 3, 1, 3]


def test_numbers_too_near_or_too_far_make_none() -> None:
    numbers = np.array([1, 2], np.int32)
    for far in (NEAREST - 1, FARTHEST + 1):
        assert (runs(numbers, np.array([0, far], np.int32)) * 8).tolist() == [1, 1]
