"""Every flattening style writes every cell of every form once, where its mark says, the same for the same seed."""

from __future__ import annotations

import time
from collections import Counter
from itertools import pairwise
from random import Random

import pytest

from models.form import load_form
from models.grid import segment
from models.synthesis.facts import Facts
from models.synthesis.tables import (
    STYLES,
    Damage,
    PrintedCell,
    TableOptions,
    draw_damage,
    draw_options,
    draw_style,
    table_ids,
    write_table,
)

TABLES = ("t2", "t3", "t4")
# the styles that the survey of scraped reports lists, the lines that PDF text comes in, and converted PDFs
SURVEYED = {
    "R-keep", "R-keep-in-place", "R-drop", "R-lead", "C", "C-lead", "mixed", "P", "P-indent", "L-blank", "L-dense",
    "L-tab", "L-drop", "L-dedup", "G-numbers", "G-rows", "G-line", "S", "T", "T-bare", "T-adrift", "T-rule",
    "markdown", "PDF-rows", "PDF-columns", "small-tables", "hoisted",
}  # fmt: skip
KEEPING = sorted(name for name, style in STYLES.items() if style.keeps == "places")


def small_facts(form_id: str, single: bool = False) -> Facts:
    """A small report that balances: five requests, one refused, one carried out."""
    form = load_form(form_id)
    values = {c: 0.0 for c in form.cell_ids() if not (single and c.startswith("t3.other."))}
    if single:
        values |= {f"t3.other.{c.id}": 0.0 for c in form.tables["t3"].columns}
    rows = {"new": (4, 1, 5), "granted": (2, 1, 3), "denied.third_party": (1, 0, 1), "result_total": (3, 1, 4)}
    for row, (natural, business, total) in {**rows, "carried_out": (1, 0, 1)}.items():
        values |= {f"t3.{row}.natural": natural, f"t3.{row}.business": business, f"t3.{row}.total": total}
    values |= {"t4.review.maintain": 1, "t4.review.total": 1, "t2.licensing.processed": 42}
    values["t2.fees.delta" if form_id == "2019" else "t2.fees.amount"] = -3 if form_id == "2019" else 12.5
    return Facts(form, 2021, "云溪区水务局", "云溪区", "bureau", "全区", "我局", values, single)


FACTS = {"2019": small_facts("2019"), "2021": small_facts("2021"), "single": small_facts("2021", single=True)}


@pytest.mark.parametrize("name", sorted(STYLES))
@pytest.mark.parametrize("form", sorted(FACTS))
def test_every_cell_is_marked_once_with_exactly_its_printed_text(name: str, form: str) -> None:
    facts = FACTS[form]
    for table in TABLES:
        ids = table_ids(facts, table)
        cells = {c: PrintedCell(str(10 + i), 10 + i) for i, c in enumerate(ids)}
        for seed in range(4):
            rng = Random(f"{name}:{form}:{table}:{seed}")
            options = TableOptions(damage=draw_damage(rng), cells=cells)
            text = write_table(rng, facts, table, STYLES[name], options)
            marks = [m for m in text.marks if m.kind == "cell"]
            assert tuple(m.data["id"] for m in marks) == ids
            for mark in marks:
                printed = text.text[mark.start : mark.end]
                assert printed == ("" if mark.data["status"] == "lost" else cells[mark.data["id"]].text)
                assert mark.data["value"] == cells[mark.data["id"]].value


@pytest.mark.parametrize("name", sorted(STYLES))
def test_cells_do_not_overlap_and_blocks_are_the_pieces_of_the_grid(name: str) -> None:
    types = {"header", "label", "value", "row", "note", "caption", "page_number"}
    for seed in range(6):
        rng = Random(f"{name}:{seed}")
        options = draw_options(rng)
        for table in TABLES:
            text = write_table(rng, FACTS["2021"], table, STYLES[name], options)
            cells = text.of("cell")
            assert all(a.end <= b.start for a, b in pairwise(cells))
            blocks = text.of("block")
            assert [(b.start, b.end) for b in blocks] == [(p.start, p.end) for p in segment(text.text)]
            assert {b.data["type"] for b in blocks} <= types
            assert not text.text.startswith("\n")
            assert not text.text.endswith("\n")


@pytest.mark.parametrize("name", sorted(STYLES))
def test_the_same_seed_gives_the_same_table(name: str) -> None:
    options = draw_options(Random("options"))
    once, again = (write_table(Random("a"), FACTS["2021"], "t3", STYLES[name], options) for _ in range(2))
    assert (once.text, once.marks) == (again.text, again.marks)
    other = write_table(Random("b"), FACTS["2021"], "t3", STYLES[name], draw_options(Random("other options 2")))
    assert other.text != once.text


def test_the_registry_has_every_surveyed_style_with_a_weight() -> None:
    assert set(STYLES) == SURVEYED
    assert all(s.weight > 0 and s.name == name for name, s in STYLES.items())


def test_styles_are_drawn_by_their_weights() -> None:
    drawn = Counter(draw_style(Random(f"style:{i}")).name for i in range(4000))
    assert set(drawn) == set(STYLES)
    assert drawn.most_common(1)[0][0] in ("R-keep", "L-blank")


@pytest.mark.parametrize("name", KEEPING)
def test_styles_that_keep_places_leave_nothing_open(name: str) -> None:
    for table in TABLES:
        for blanks in ("zeros", "blanks", "empty"):
            text = write_table(Random(f"{name}:{blanks}"), FACTS["2021"], table, STYLES[name], TableOptions(blanks))
            assert not [m for m in text.of("cell") if m.data.get("uncertain")]


def test_a_tab_row_has_its_numbers_in_its_last_seven_columns() -> None:
    facts = FACTS["2021"]
    text = write_table(Random(1), facts, "t3", STYLES["T"], TableOptions("blanks")).text
    rows = [line.split("\t") for line in text.split("\n")][3:]
    assert len(rows) == len(facts.form.tables["t3"].rows)
    assert {len(r) for r in rows} == {10}
    assert rows[0][3:] == ["4", "1", "", "", "", "", "5"]
    assert rows[3][:3] == ["", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", ""]


def test_pipes_of_merged_cells_stand_at_the_end_of_the_row() -> None:
    lines = write_table(Random(2), FACTS["2021"], "t2", STYLES["R-keep"], TableOptions()).text.split("\n")
    assert lines[0] in ("第二十条第（一）项 | |||", "第二十条第（一）项 | | | |")
    assert lines[2] == "规章 | 0 | 0 | 0 |"
    assert lines[6] in ("行政许可 | 42 | ||", "行政许可 | 42 | | |")


def test_a_table_on_one_line_glues_label_and_digits() -> None:
    text = write_table(Random(5), FACTS["2021"], "t2", STYLES["G-line"], TableOptions()).text
    assert "\n" not in text
    assert "行政许可42" in text.replace(" ", "")


def test_a_glued_row_is_one_block_of_type_row() -> None:
    text = write_table(Random(5), FACTS["2021"], "t2", STYLES["G-rows"], TableOptions())
    found = {text.text[m.start : m.end]: m.data["type"] for m in text.of("block")}
    assert found["行政许可42"] == "row"
    assert found["第二十条第（五）项"] == "header"


def test_a_hybrid_opens_with_the_block_of_2019_and_its_ids() -> None:
    facts = FACTS["2021"]
    text = write_table(Random(1), facts, "t2", STYLES["C"], TableOptions(hybrid=True))
    ids = [m.data["id"] for m in text.of("cell")]
    assert ids[:3] == ["t2.regulations.new_made", "t2.regulations.new_public", "t2.regulations.total_public"]
    assert "t2.fees.amount" in ids
    assert "对外公开总数量" in text.text
    assert "现行有效件数" not in text.text


def test_an_unknown_table_is_refused_by_name() -> None:
    with pytest.raises(KeyError, match="t9"):
        write_table(Random(1), FACTS["2021"], "t9", STYLES["C"], TableOptions())


def test_a_table_takes_a_few_milliseconds() -> None:
    options = TableOptions(damage=Damage())
    start = time.process_time()
    for name in sorted(STYLES):
        for table in TABLES:
            write_table(Random(name), FACTS["2021"], table, STYLES[name], options)
    assert (time.process_time() - start) / (3 * len(STYLES)) < 0.01
