"""Whole synthetic reports: sound, exact, deterministic, and of every kind that the wild has."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from models.form import load_form
from models.synthesis.corpus import write_corpus
from models.synthesis.damage import KINDS
from models.synthesis.report import SHAPES, Options, Synthetic, synthesize
from models.synthesis.tables import STYLES


@cache
def corpus() -> tuple[Synthetic, ...]:
    return tuple(synthesize(20, i) for i in range(600))


def test_every_span_holds_the_text_that_gold_gives_it() -> None:
    for made in corpus():
        for heading in made.gold["headings"]:
            assert made.text[heading["start"] : heading["end"]] == heading["text"]
        for claim in made.gold["claims"]:
            assert made.text[claim["start"] : claim["end"]] == claim["surface"] != ""
        for block in made.gold["blocks"]:
            assert made.text[block["start"] : block["end"]].strip()
        for finding in made.gold["findings"]:
            assert all(0 <= a < b <= len(made.text) for a, b in finding["spans"])


def test_a_cell_prints_its_value_at_its_place() -> None:
    for made in corpus():
        unsure = set(made.gold["uncertain_cells"])
        for cell, (start, end) in made.gold["cell_spans"].items():
            text = made.text[start:end]
            value = made.gold["cells"][cell]
            if cell not in unsure and value is not None and text.isascii() and text.isdigit():
                assert int(text) == value


def test_sums_hold_in_reports_without_faults() -> None:
    checked = 0
    for made in corpus():
        form = made.gold.get("format")
        if made.meta["faults"] or form not in ("2019", "2021"):
            continue
        cells, unsure = made.gold["cells"], set(made.gold["uncertain_cells"])
        for one in load_form(form).identities:
            ids = (*one.left, *one.right)
            if all(cells.get(c) is not None and c not in unsure for c in ids):
                assert sum(cells[c] for c in one.left) == sum(cells[c] for c in one.right)
                checked += 1
    assert checked > 3000


def test_own_claims_agree_with_the_table_in_reports_without_faults() -> None:
    checked = 0
    for made in corpus():
        form = made.gold.get("format")
        if made.meta["faults"] or form not in ("2019", "2021"):
            continue
        cells, unsure = made.gold["cells"], set(made.gold["uncertain_cells"])
        for claim in made.gold["claims"]:
            if claim["scope"] != "own" or claim["kind"] not in ("count", "zero") or claim["approx"]:
                continue
            for metric in claim["metrics"]:
                ids = load_form(form).expand(metric)
                if all(cells.get(c) is not None and c not in unsure for c in ids):
                    assert sum(cells[c] for c in ids) == claim["value"]
                    checked += 1
    assert checked > 500


def test_no_style_shape_or_damage_is_missing() -> None:
    seen = Counter(made.meta["style"] for made in corpus())
    assert set(STYLES) | {"several"} <= set(seen)
    assert {made.meta["shape"] for made in corpus()} == set(SHAPES)
    assert {k for made in corpus() for k in made.meta["damage"]} == set(KINDS)


def test_about_a_third_of_the_reports_has_faults_of_every_kind() -> None:
    kinds = Counter(k for made in corpus() for k in made.meta["faults"])
    assert set(kinds) == {"claim", "cell", "total", "pair", "sum", "shift"}
    assert 150 < sum(bool(made.meta["faults"]) for made in corpus()) < 240
    for made in corpus():
        if not made.meta["faults"]:
            assert made.gold["findings"] == []


def test_every_block_type_occurs() -> None:
    types = {block["type"] for made in corpus() for block in made.gold["blocks"]}
    assert types == {
        "noise", "meta", "title", "heading", "paragraph", "item", "caption",
        "header", "label", "value", "row", "note", "page_number", "signature",
    }  # fmt: skip


def test_nearly_every_piece_of_a_text_has_a_type() -> None:
    from models.grid import segment

    typed = sum(len(made.gold["blocks"]) for made in corpus()[:150])
    pieces = sum(len(segment(made.text)) for made in corpus()[:150])
    assert typed / pieces > 0.999


def test_the_same_seed_gives_the_same_report_and_another_seed_another() -> None:
    again = synthesize(20, 17)
    assert (again.text, again.gold, again.marks) == (corpus()[17].text, corpus()[17].gold, corpus()[17].marks)
    assert synthesize(21, 17).text != again.text


def test_options_are_kept() -> None:
    made = synthesize(3, 1, Options(form="2019", style="L-blank", shape="lines", damage=("traditional",), fault_rate=0))
    assert made.gold["format"] in ("2019", None)
    assert made.meta == {**made.meta, "style": "L-blank", "shape": "lines", "damage": ["traditional"], "faults": []}


def test_old_reports_have_indicators_and_no_cells() -> None:
    found = 0
    for i in range(12):
        made = synthesize(4, i, Options(form="pre2019", damage=()))
        assert made.gold["format"] == "pre2019"
        assert made.gold["cells"] == {}
        assert made.gold["findings"] == [] or made.meta["faults"] == ["sum"]
        assert all(claim["metrics"] == [] for claim in made.gold["claims"])
        for one in made.gold["indicators"]:
            assert made.text[one["start"] : one["end"]] == str(one["value"])
            found += 1
    assert found > 50


def test_a_corpus_on_disk_is_the_same_twice(tmp_path: Path) -> None:
    first = write_corpus(tmp_path / "a", 6, 9)
    second = write_corpus(tmp_path / "b", 6, 9)
    assert first == second
    name = sorted((tmp_path / "a" / "text").iterdir())[0].stem
    gold = json.loads((tmp_path / "a" / "gold" / f"{name}.json").read_text(encoding="utf-8"))
    text = (tmp_path / "a" / "text" / f"{name}.txt").read_bytes().decode()
    assert all(text[c["start"] : c["end"]] == c["surface"] for c in gold["claims"])
    assert json.loads((tmp_path / "a" / "corpus.json").read_text(encoding="utf-8"))["reports"] == 6


def test_a_corpus_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one"):
        write_corpus(tmp_path, 0, 1)
