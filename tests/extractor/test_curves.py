"""Curves rise, stay away from certainty, and their error is counted as published."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from extractor.curves import HIGHEST, LOWEST, Curve, error, fit, reliability


def drawn(n: int, seed: int = 3) -> list[tuple[float, bool]]:
    """Scores that promise too much: of those of score s, s squared are right."""
    rng = random.Random(seed)
    scores = [rng.random() for _ in range(n)]
    return [(s, rng.random() < s * s) for s in scores]


def test_a_curve_is_read_linearly_between_its_knots_and_is_flat_outside() -> None:
    curve = Curve(((0.2, 0.1), (0.6, 0.5)))
    assert [curve(x) for x in (0.0, 0.2, 0.4, 0.6, 1.0)] == pytest.approx([0.1, 0.1, 0.3, 0.5, 0.5])


@pytest.mark.parametrize("knots", [(), ((0.5, 0.5), (0.5, 0.6)), ((0.1, 0.6), (0.2, 0.5)), ((0.1, 1.2),)])
def test_knots_that_do_not_rise_or_leave_the_range_are_refused(knots: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValueError, match=r"knot|chances"):
        Curve(knots)


def test_a_fitted_curve_rises_whatever_the_order_of_right_and_wrong() -> None:
    falling = [(s, not right) for s, right in drawn(2000)]
    for items in (drawn(2000), falling):
        curve = fit(items)
        values = [curve(i / 200) for i in range(201)]
        assert all(a <= b for a, b in pairwise(values))


@pytest.mark.parametrize("right", [True, False])
def test_nothing_is_certain_even_where_all_was_right_or_wrong(right: bool) -> None:
    curve = fit([(float(right), right)] * 100_000)
    assert curve(0.5) == (HIGHEST if right else LOWEST)


def test_few_items_do_not_overrule_their_score() -> None:
    assert 0.6 < fit([(0.6, True)] * 5)(0.6) < 0.8
    assert fit([(0.6, True)] * 5000)(0.6) > 0.99


def test_scores_that_promise_too_much_are_mended_on_other_items() -> None:
    curve, others = fit(drawn(20_000)), drawn(20_000, seed=4)
    assert error(reliability(others)) > 0.1
    assert error(reliability((curve(s), right) for s, right in others)) < 0.02


def test_nothing_can_be_fitted_to_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        fit([])


def test_the_error_is_the_mean_gap_of_the_bins() -> None:
    table = reliability([(0.95, True), (0.95, False), (0.1, False), (1.0, True)])
    assert [(b.n, b.accuracy) for b in table] == [(1, 0.0), (3, pytest.approx(2 / 3))]
    assert error(table) == pytest.approx((1 * 0.1 + 3 * (2.9 / 3 - 2 / 3)) / 4)
    assert error([]) == 0.0
