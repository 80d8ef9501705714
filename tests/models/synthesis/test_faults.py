"""Planted inconsistencies: they break what gold says, and nothing else is broken."""

from __future__ import annotations

import random

import pytest

from models.synthesis.consistency import broken_identities, contradicted, printed, uneven
from models.synthesis.facts import Facts
from models.synthesis.faults import KINDS, doubtful, findings, plant
from models.synthesis.markup import Mark, Marked
from models.synthesis.numbers import draw_facts
from models.synthesis.tables import STYLES, TableOptions, write_table


def say(out: Marked, text: str, value: float, concepts: list[str], role: str | None = None) -> None:
    at = len(out.text)
    out.add(text)
    data = {"kind": "count", "value": value, "unit": "件", "approx": False, "scope": "own", "concepts": concepts}
    out.marks.append(Mark(at, len(out.text), "claim", data))
    if role is not None:
        out.mark(at, len(out.text), "sum", role=role, group=1, closed=True)


def sound() -> tuple[Marked, Facts]:
    """A report with requests: some prose, all three tables."""
    facts = next(f for i in range(99) if (f := draw_facts(random.Random(i), "2021")).values["t3.new.total"] > 20)
    rng = random.Random(5)
    out = Marked().add("收到申请")
    new = facts.values["t3.new.total"]
    say(out, str(int(new)), new, ["requests_new"])
    out.add("件，制发文件")
    say(out, str(int(facts.values["t2.normative.made"])), facts.values["t2.normative.made"], ["normative_made"])
    out.add("件；发布信息")
    say(out, "30", 30.0, [], "total")
    out.add("条，其中动态")
    say(out, "18", 18.0, [], "part")
    out.add("条、其他")
    say(out, "12", 12.0, [], "part")
    out.add("条。\n")
    for table in ("t2", "t3", "t4"):
        out.join(write_table(rng, facts, table, STYLES["T"], TableOptions())).add("\n")
    return out, facts


def test_a_sound_report_has_no_findings() -> None:
    assert findings(*sound(), []) == []


SHORT = [("31", "其他", True), ("17", "公告", True), ("29", "公告", False), ("31", "公告", False)]


@pytest.mark.parametrize(("total", "word", "proven"), SHORT)
def test_parts_that_fall_short_of_their_total_prove_nothing_unless_the_words_close_the_list(
    total: str, word: str, proven: bool
) -> None:
    doc = Marked()
    _, facts = sound()
    doc.add("发布信息")
    say(doc, total, float(total), [], "total")
    doc.add("条，其中动态")
    say(doc, "18", 18.0, [], "part")
    doc.add(f"条、{word}")
    say(doc, "12", 12.0, [], "part")
    doc.add("条。\n")
    assert bool(findings(doc, facts, [])) is proven
    assert bool(doubtful(doc, facts)) is not proven


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_breaks_what_its_findings_name(kind: str) -> None:
    planted = 0
    for i in range(40):
        doc, facts = sound()
        made = KINDS[kind](random.Random(i), doc, facts)
        if made is None:
            continue
        planted += 1
        found = findings(made.doc, facts, [made])
        assert found, made.note
        expected = {"claim": "claim_vs_table", "shift": "claim_vs_table", "sum": "narrative_arithmetic"}
        assert any(f["kind"] == expected.get(kind, "table_arithmetic") for f in found)
        values = printed(made.doc)
        for one in broken_identities(facts, values):
            touched = {c for f in found for c in f["cells"]}
            assert touched & {*one.left, *one.right}
        for f in found:
            assert all(made.doc.text[a:b].strip() for a, b in f["spans"])
    assert planted >= 30


def test_a_changed_cell_prints_the_value_that_gold_gives_it() -> None:
    doc, facts = sound()
    made = KINDS["cell"](random.Random(3), doc, facts)
    assert made is not None
    for mark in made.doc.of("cell"):
        text = made.doc.text[mark.start : mark.end]
        assert mark.data["value"] == (
            float(text) if text.lstrip("+-").replace(".", "").isdigit() else mark.data["value"]
        )


def test_a_pair_keeps_the_row_and_breaks_two_columns() -> None:
    for i in range(20):
        doc, facts = sound()
        made = KINDS["pair"](random.Random(i), doc, facts)
        assert made is not None
        broken = {one.rule for one in broken_identities(facts, printed(made.doc))}
        assert "row_total" not in broken
        assert broken <= {"result_total", "balance"}


def test_a_shifted_table_is_sound_in_itself() -> None:
    for i in range(20):
        doc, facts = sound()
        made = KINDS["shift"](random.Random(i), doc, facts)
        if made is not None:
            assert broken_identities(facts, printed(made.doc)) == []
            values = printed(made.doc)
            assert any(contradicted(m, made.doc.text, facts, values) for m in made.doc.of("claim"))


def test_a_wrong_sum_is_found_and_a_lost_part_is_not() -> None:
    doc, facts = sound()
    made = KINDS["sum"](random.Random(1), doc, facts)
    assert made is not None
    assert len(uneven(made.doc)) == 1
    first = next(m for m in made.doc.marks if m.kind == "sum")
    first.data["lost"] = True
    assert uneven(made.doc) == []


def test_several_faults_are_of_different_kinds() -> None:
    doc, facts = sound()
    _, plants = plant(random.Random(2), doc, facts, 3, in_tables=True)
    assert len({p.kind for p in plants}) == 3


def test_tables_stay_as_they_are_where_digits_are_glued() -> None:
    for i in range(15):
        doc, facts = sound()
        made, plants = plant(random.Random(i), doc, facts, 2, in_tables=False)
        assert {p.kind for p in plants} <= {"claim", "sum"}
        assert printed(made) == printed(doc)


def test_a_report_that_contradicts_itself_without_a_fault_is_refused() -> None:
    doc, facts = sound()
    made = KINDS["cell"](random.Random(3), doc, facts)
    assert made is not None
    with pytest.raises(ValueError, match="no fault was planted"):
        findings(made.doc, facts, [])
