"""Drawn facts balance, vary and come out the same for the same seed."""

from __future__ import annotations

from random import Random

import pytest

from models.synthesis.facts import Facts
from models.synthesis.names import area_of, draw_issuer, short_of
from models.synthesis.numbers import draw_facts, identities_of, spread, value_of


def _drawn(n: int) -> list[Facts]:
    return [draw_facts(Random(f"numbers:{i}"), "2019" if i % 4 == 0 else "2021") for i in range(n)]


@pytest.fixture(scope="module")
def facts() -> list[Facts]:
    return _drawn(400)


def test_every_identity_holds_on_every_drawn_report(facts: list[Facts]) -> None:
    for one in facts:
        for rule in identities_of(one):
            left, right = (sum(one.values[c] for c in side) for side in (rule.left, rule.right))
            assert left == right, (one.issuer, rule.id)


def test_a_report_has_every_cell_of_its_form(facts: list[Facts]) -> None:
    for one in facts:
        cells = set(one.form.cell_ids())
        if one.single_other:
            cells = {c for c in cells if not c.startswith("t3.other.")} | {
                f"t3.other.{c.id}" for c in one.form.tables["t3"].columns
            }
        assert set(one.values) == cells


def test_single_other_rows_stand_for_their_three_rows(facts: list[Facts]) -> None:
    single = [f for f in facts if f.single_other]
    assert single
    for one in single:
        assert one.form.id == "2021"
        assert value_of(one, "other") == one.values["t3.other.total"]
        assert value_of(one, "other.no_fee") is None


def test_most_reports_are_small_and_some_have_thousands_of_requests(facts: list[Facts]) -> None:
    new = [f.values["t3.new.total"] for f in facts]
    assert 0.2 < sum(n == 0 for n in new) / len(new) < 0.5
    assert 0.5 < sum(n <= 10 for n in new) / len(new) < 0.8
    assert any(n > 1000 for n in new)


def test_every_cell_is_somewhere_more_than_nought() -> None:
    facts = _drawn(1600)
    ids = {c for f in facts for c in f.values}
    assert not [c for c in sorted(ids) if not any(f.values.get(c) for f in facts)]


def test_changes_of_items_may_be_negative_but_never_below_nothing(facts: list[Facts]) -> None:
    old = [f for f in facts if f.form.id == "2019"]
    assert any(f.values["t2.licensing.delta"] < 0 for f in old)
    assert all(f.values["t2.licensing.prev_items"] + f.values["t2.licensing.delta"] >= 0 for f in old)


def test_amounts_have_decimals(facts: list[Facts]) -> None:
    assert any(f.values["t2.fees.amount"] % 1 for f in facts if f.form.id == "2021")


def test_the_same_seed_draws_the_same_facts() -> None:
    assert _drawn(5) == _drawn(5)


def test_the_year_fits_the_form_unless_it_is_given(facts: list[Facts]) -> None:
    assert all((f.year <= 2020) == (f.form.id == "2019") for f in facts)
    assert draw_facts(Random(1), "2019", 2015).year == 2015


def test_spreading_loses_nothing() -> None:
    for n in (0, 1, 80, 81, 7777):
        assert sum(spread(Random(n), n, [1.0, 0.5, 3.0])) == n


def test_issuers_are_of_every_level_and_hardly_repeat() -> None:
    drawn = [draw_issuer(Random(f"issuer:{i}")) for i in range(500)]
    assert {d[2] for d in drawn} == {"city", "district", "office", "bureau", "street", "vertical"}
    assert len({d[0] for d in drawn}) > 480


@pytest.mark.parametrize(
    ("body", "short"),
    [("青岭区水利局", "局"), ("青岭镇人民政府", "镇"), ("青岭街道办事处", "街道"), ("青岭海关", "关")],
)
def test_a_body_has_a_short_name(body: str, short: str) -> None:
    assert short_of(body) == short


def test_a_place_gives_its_area() -> None:
    assert [area_of(p) for p in ("澄溪县", "澄溪市", "澄溪区")] == ["全县", "全市", "全区"]
