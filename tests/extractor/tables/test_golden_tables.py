"""Every flattening style: a report of our own as text, and each of its cells."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from extractor.document import Cell
from extractor.tables.labels import columns_of
from extractor.tables.read import TablesRead, read_tables
from models.form import load_form

CASES = Path(__file__).parents[2] / "cases" / "tables"
LOSSY = CASES.parent / "lossy"
NAMES = sorted(p.stem for p in CASES.glob("*.yaml"))
LOST = sorted(p.stem for p in LOSSY.glob("*.yaml"))


def columns(form: str, row: str, first: str) -> list[str]:
    table, _, name = row.partition(".")
    if table != "t2":
        return list(columns_of(table))
    if name in ("regulations", "normative"):
        form = first
    block = next(b for b in load_form(form).tables["t2"].blocks if name in [r.id for r in b.rows])
    return [c.id for c in block.columns]


def expected(name: str, folder: Path = CASES) -> tuple[str | None, dict[str, float | None]]:
    gold = yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))
    form: str | None = gold["format"]
    first = gold.get("first_block", form)
    cells = {
        f"{row}.{column}": value
        for row, values in gold["rows"].items()
        for column, value in zip(columns(gold.get("blocks", form), row, first), values, strict=True)
    }
    return form, cells


def cells_of(read: TablesRead) -> dict[str, Cell]:
    return {c.id: c for t in read.tables for c in t.cells}


def text_of(name: str, folder: Path = CASES) -> str:
    with (folder / f"{name}.txt").open(encoding="utf-8", newline="") as file:
        return file.read()


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_of_a_flattened_report_is_read(name: str) -> None:
    form, gold = expected(name)
    read = read_tables(text_of(name))
    got = {i: c.value for i, c in cells_of(read).items()}
    assert {i: (got.get(i, "absent"), v) for i, v in gold.items() if got.get(i, "absent") != v} == {}
    assert set(got) == set(gold)
    assert read.format == form


@pytest.mark.parametrize("name", NAMES)
def test_a_cell_points_at_what_the_text_prints(name: str) -> None:
    text = text_of(name)
    for cell in cells_of(read_tables(text)).values():
        if cell.value is not None:
            assert cell.span is not None
            printed = cell.span.of(text)
            assert printed, cell
            assert any(c.isdigit() for c in printed) or cell.value == 0
        assert 0.0 <= cell.confidence <= 1.0
        assert cell.why


@pytest.mark.parametrize("name", NAMES)
def test_a_cell_says_how_it_was_found(name: str) -> None:
    for cell in cells_of(read_tables(text_of(name))).values():
        assert (cell.value is None) == (cell.status in ("blank", "unread"))


@pytest.mark.parametrize("name", LOST)
def test_what_a_flattening_lost_is_left_open_and_never_made_up(name: str) -> None:
    _, gold = expected(name, LOSSY)
    wrong = {
        i: (c.value, gold[i], c.status, c.confidence)
        for i, c in cells_of(read_tables(text_of(name, LOSSY))).items()
        if c.status in ("read", "placed") and c.value is not None and c.value != gold[i] and c.confidence > 0.6
    }
    assert wrong == {}


@pytest.mark.parametrize("name", LOST)
def test_open_readings_are_listed_and_hold_the_true_one(name: str) -> None:
    _, gold = expected(name, LOSSY)
    for table in read_tables(text_of(name, LOSSY)).tables:
        for open_ in table.alternatives:
            assert 1 < len(open_.readings) <= 8
            assert {table.cell(i).status for i in open_.cells if table.cell(i)} >= {"unread"}  # type: ignore[union-attr]
            if len(open_.readings) < 8:
                truth = [gold[i] for i in open_.cells]
                assert truth in [[v or 0.0 for v in r] for r in open_.readings]


def test_reading_twice_gives_the_same_cells() -> None:
    text = text_of("labels_hoisted")
    assert read_tables(text) == read_tables(text)


def test_labels_of_a_table_are_reported_as_places_of_the_text() -> None:
    text = text_of("pipes_kept")
    labels = [s.of(text) for s in read_tables(text).label_spans]
    assert "四、结转下年度继续办理" in labels
    assert "（一）予以公开" in labels
    assert "第二十条第（五）项" in labels
    assert not any("总体情况" in label or "存在的主要问题" in label for label in labels)
