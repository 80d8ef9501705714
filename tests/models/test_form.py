"""The statutory form as data: what the files promise, and that they keep it."""

import pytest

from models.form import concepts, load_form, load_forms


def test_the_form_of_2021_has_the_cells_of_the_law() -> None:
    form = load_form("2021")
    assert {k: len(t.cell_ids()) for k, t in form.tables.items()} == {"t2": 10, "t3": 175, "t4": 15}


def test_the_form_of_2019_prints_other_handling_as_one_row() -> None:
    ids = load_form("2019").cell_ids()
    assert "t3.other.total" in ids
    assert "t3.other.other.total" not in ids
    assert len(ids) == 198


def test_a_star_sums_the_rows_of_a_group_and_both_kinds_of_lawsuit() -> None:
    form = load_form("2021")
    assert len(form.expand("t3.denied.*.total")) == 8
    assert form.expand("t4.litigation.*.total") == ("t4.litigation_direct.total", "t4.litigation_after_review.total")
    assert load_form("2019").expand("t3.other.*.total") == ("t3.other.total",)


def test_identities_cover_every_row_every_column_the_balance_and_table_four() -> None:
    rules = [i.rule for i in load_form("2021").identities]
    assert {r: rules.count(r) for r in set(rules)} == {
        "row_total": 25, "result_total": 7, "balance": 7, "outcome_total": 3,
    }  # fmt: skip


def test_every_concept_stands_in_at_least_one_form() -> None:
    forms = load_forms()
    for concept in concepts():
        assert any(f.metrics[concept].expression for f in forms), concept


def test_an_expression_names_one_concept_only() -> None:
    for form in load_forms():
        expressions = [m.expression for m in form.metrics.values() if m.expression]
        assert len(expressions) == len(set(expressions))


def test_an_unknown_form_is_refused_with_the_known_ones_named() -> None:
    with pytest.raises(KeyError, match="2019, 2021"):
        load_form("1999")
