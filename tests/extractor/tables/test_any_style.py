"""The same tables flattened in every way give the same cells; what a flattening lost stays open and is never other.

Also wrong reports: one wrong cell, two that make up for each other, a wrong total come out as they are printed. And
time: no text keeps the reader busy.
"""

from __future__ import annotations

import time
from functools import cache
from random import Random

import pytest

from extractor.document import Cell
from extractor.tables.read import TablesRead, read_tables
from models.form import load_form
from models.synthesis.facts import Facts
from models.synthesis.numbers import draw_facts
from models.synthesis.tables import STYLES, PrintedCell, TableOptions, write_table

SEEDS = (3, 11)
WHOLE = sorted(n for n, s in STYLES.items() if s.keeps == "places")
LOSSY = sorted(n for n, s in STYLES.items() if s.keeps != "places")
SURE = 0.8
MOST_SECONDS = 1.5  # of a machine that other work slows down; on an idle one the slowest takes half a second


@cache
def facts_of(seed: int) -> Facts:
    return draw_facts(Random(f"grid:{seed}"), "2021" if seed % 2 else "2019")


def report(style: str, seed: int, options: TableOptions | None = None) -> tuple[str, dict[str, float | None]]:
    """A report of nothing but its headings and tables, and what its cells print."""
    facts = facts_of(seed)
    titles = {"t2": "二、主动公开政府信息情况", "t3": "三、收到和处理政府信息公开申请情况",
              "t4": "四、政府信息公开行政复议、行政诉讼情况"}  # fmt: skip
    text, gold = "一、总体情况\n全年公开工作有序。\n", {}
    for table, title in titles.items():
        made = write_table(Random(f"{style}:{seed}:{table}"), facts, table, STYLES[style], options or TableOptions())
        text += f"{title}\n{made.text}\n"
        gold.update({m.data["id"]: m.data["value"] for m in made.of("cell")})
    return f"{text}五、存在的主要问题及改进情况\n公开形式不多。\n", gold


def cells_of(read: TablesRead) -> dict[str, Cell]:
    return {c.id: c for t in read.tables for c in t.cells}


def values_of(text: str) -> dict[str, float | None]:
    return {i: c.value for i, c in cells_of(read_tables(text)).items()}


@pytest.mark.parametrize("style", WHOLE)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_flattening_that_keeps_every_cell_gives_the_grid_back(style: str, seed: int) -> None:
    text, gold = report(style, seed)
    assert values_of(text) == gold


@pytest.mark.parametrize("style", LOSSY)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_flattening_that_loses_cells_gives_none_that_is_surely_another(style: str, seed: int) -> None:
    text, gold = report(style, seed)
    sure = {i: c.value for i, c in cells_of(read_tables(text)).items() if c.status == "read" and c.confidence >= SURE}
    assert {i: (v, gold.get(i)) for i, v in sure.items() if gold.get(i) != v} == {}


@pytest.mark.parametrize("style", sorted(STYLES))
def test_the_blanks_of_a_table_never_become_numbers(style: str) -> None:
    text, gold = report(style, 3, TableOptions(blanks="empty"))
    values = values_of(text)
    assert {i: v for i, v in values.items() if v is not None and gold.get(i) is None} == {}


def changed(facts: Facts, changes: dict[str, int]) -> TableOptions:
    """Options that print these cells with something added."""
    cells = {i: int(facts.values[i]) + more for i, more in changes.items()}
    return TableOptions(cells={i: PrintedCell(str(v), float(v)) for i, v in cells.items()})


WRONG = {
    "one cell": {"t3.granted.natural": 7},
    "a total": {"t3.new.total": 2},
    "two that make up for each other": {"t3.granted.natural": 4, "t3.granted.business": -4, "t3.partial.natural": 3},
    "a total of table 4": {"t4.review.total": 1},
}


@pytest.mark.parametrize("fault", sorted(WRONG))
@pytest.mark.parametrize("style", [*WHOLE, "R-drop", "L-drop", "S", "PDF-rows", "PDF-columns"])
def test_a_report_that_is_wrong_is_read_as_it_is_printed(style: str, fault: str) -> None:
    facts = facts_of(11)
    changes = {i: more for i, more in WRONG[fault].items() if (facts.values[i]) + more >= 0}
    text, gold = report(style, 11, changed(facts, changes))
    values = values_of(text)
    assert {i: (values.get(i), gold[i]) for i in changes if values.get(i) != gold[i]} == {}


@pytest.mark.parametrize("style", ["G-numbers", "G-rows", "G-line"])
def test_a_wrong_total_in_glued_rows_is_not_made_right(style: str) -> None:
    text, gold = report(style, 11, changed(facts_of(11), {"t3.new.total": 2}))
    read = cells_of(read_tables(text))
    row = [read[i] for i in gold if i.startswith("t3.new.")]
    assert all(c.status == "unread" or c.confidence < SURE or c.value == gold[c.id] for c in row)


def nasty() -> dict[str, str]:
    rows = [r.text for r in load_form("2021").tables["t3"].rows]
    heads = "申请人情况\n自然人\n商业企业\n科研机构\n社会公益组织\n法律服务机构\n其他\n总计\n"
    outcomes = "行政复议行政诉讼未经复议直接起诉复议后起诉" + "结果维持结果纠正其他结果尚未审结总计" * 3
    ones = heads + "".join(f"{r}\n1\n1\n2\n" for r in rows)
    return {
        "blanks dropped from every row": ones + outcomes + "\n1\n1\n1\n",
        "three numbers a row": heads + "".join(f"{r}\n{i % 5}\n{i % 3}\n{i % 7}\n" for i, r in enumerate(rows)),
        "digits glued": heads + "".join(f"{r}{'1' * (9 + i % 9)}" for i, r in enumerate(rows)) + outcomes + "1" * 40,
        "long digits glued": heads + "".join(f"{r}{'1020304050' * 3}" for r in rows) + outcomes + "10203" * 9,
        "hundreds of numbers": heads + "".join(f"{r}\n" for r in rows) + "\n".join(str(i % 4) for i in range(900)),
        "numbers that count pages": heads + "\n".join(rows) + "\n" + "\n".join(str(1 + i % 30) for i in range(900)),
        "columns of numbers": heads + "\n\n".join("\n".join("1" * 11) for _ in range(40)) + "\n" + "\n".join(rows),
        "labels alone": (heads + "\n".join(rows)) * 12,
    }


@pytest.mark.parametrize("name", sorted(nasty()))
def test_no_report_takes_long(name: str) -> None:
    text = nasty()[name]
    read_tables("第二十条")
    start = time.process_time()
    read_tables(text)
    assert time.process_time() - start < MOST_SECONDS
