"""Every label, variant and example of the forms is recognised by the table reader's own label finder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from extractor.tables.find import Match, find_all
from extractor.tables.mend import mend
from extractor.tables.outcomes import find_outcomes
from extractor.tables.page import make_page
from models.form import Label, load_forms

ANCHORS = {"t2": ("第二十条第（五）项", "信息内容"), "t3": ("申请人情况", "勾稽关系")}


def _printed(label: Label) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*label.texts, *label.examples)))


def _labels() -> Iterator[tuple[str, str, str, str]]:
    """(table, role, id, text) of everything that the forms say is printed."""
    for form in load_forms():
        for table in (form.tables["t2"], form.tables["t3"]):
            for role, labels in (("row", table.rows), ("group", table.groups), ("column", table.columns)):
                for label in labels:
                    yield from ((table.id, role, label.id, text) for text in _printed(label))
        for block in form.tables["t2"].blocks:
            for label in block.columns:
                yield from (("t2", "column", f"{r.id}.{label.id}", t) for r in block.rows[:1] for t in _printed(label))
            for label in block.rows:
                yield from (("t2", "row", label.id, text) for text in _printed(label))


def _found(table: str, role: str, label: str, text: str) -> list[Match]:
    first, last = ANCHORS[table]
    page = make_page(f"{first}\n{text}\n0\n{last}\n")
    matches = find_all(page)[table]
    return mend(page, table, matches, {label}) if role == "row" else matches


@pytest.mark.parametrize(("table", "text"), sorted({(table, text) for table, _, _, text in _labels()}))
def test_what_a_form_says_is_printed_is_found_as_a_label_of_these_words(table: str, text: str) -> None:
    """Words that stand for two labels (本年新 of 本年新制作数量 and 本年新公开数量) are found as one of them."""
    meant = {(role, label) for t, role, label, printed in _labels() if t == table and _same(printed, text)}
    found = {(m.word.role, m.word.id) for role, label in meant for m in _found(table, role, label, text)}
    assert found & meant or found & {("column", i) for i in _own_columns(meant)}


def _same(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())


def _own_columns(meant: set[tuple[str, str]]) -> set[str]:
    """A column of table 2 goes under the first row of its block, the same words under that of any block."""
    stems = {label.split(".")[1] for role, label in meant if role == "column" and "." in label}
    return {
        f"{block.rows[0].id}.{column.id}"
        for form in load_forms()
        for block in form.tables["t2"].blocks
        for column in block.columns
        if column.id in stems
    }


def _outcome_texts() -> Iterator[tuple[str, str, int]]:
    for form in load_forms():
        table = form.tables["t4"]
        for kind, labels in (("columns", table.columns), ("groups", table.groups)):
            for i, label in enumerate(labels):
                yield from ((kind, text, i) for text in _printed(label))


@pytest.mark.parametrize(("kind", "text", "place"), sorted(set(_outcome_texts())))
def test_heads_of_the_table_of_outcomes_are_found_in_each_spelling(kind: str, text: str, place: int) -> None:
    table = load_forms()[-1].tables["t4"]
    columns, groups = [c.text for c in table.columns], [g.text for g in table.groups]
    (columns if kind == "columns" else groups)[place] = text
    heads = [groups[0], "行政诉讼", *columns, *groups[1:], *columns, *columns]
    page = make_page("\n".join([*heads, *map(str, range(15))]))
    found = find_outcomes(page)
    assert found is not None
    assert "0" not in page.text[found.start : page.at[found.t1 - 1] + 1]
