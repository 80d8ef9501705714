"""Pages around reports: titles, meta lines, index blocks, navigation."""

from __future__ import annotations

import random

import pytest

from models.grid import segment
from models.synthesis.gold import solid
from models.synthesis.markup import Marked
from models.synthesis.numbers import draw_facts
from models.synthesis.page import write_head, write_tail
from models.synthesis.page_layout import INNER_BREAK, finish, paginate, run_together, spread, wrap
from models.synthesis.page_other import FAMILIES, synthesize_other
from models.synthesis.page_title import draw_title


def heads(count: int) -> list[tuple[Marked, str, int]]:
    out = []
    for i in range(count):
        rng = random.Random(f"head {i}")
        facts = draw_facts(rng, "2021")
        out.append((write_head(rng, facts, "本报告由办公室编制。"), facts.issuer, facts.year))
    return out


def test_every_piece_of_a_head_or_tail_has_a_block_type() -> None:
    for i in range(150):
        rng = random.Random(f"page {i}")
        facts = draw_facts(rng, "2021")
        for made in (write_head(rng, facts, "摘要"), write_tail(rng, facts)):
            marks = made.of("block")
            for block in segment(made.text):
                covered = sum(max(0, min(m.end, block.end) - max(m.start, block.start)) for m in marks)
                assert covered >= 0.6 * block.width, made.text[block.start : block.end]


def test_a_title_keeps_its_issuer_and_year_however_it_is_split() -> None:
    split = 0
    for made, issuer, year in heads(300):
        for title, body in zip(made.of("title"), made.of("issuer"), strict=True):
            text = made.text[title.start : title.end]
            split += "\n" in text
            assert solid(made.text[body.start : body.end]) == issuer
            assert issuer in solid(text)
            assert str(year) in solid(text)
    assert split > 10


def test_about_a_third_of_the_reports_has_no_title() -> None:
    bare = sum(not made.of("title") for made, _, _ in heads(300))
    assert 70 < bare < 140


def test_a_printed_date_of_publication_is_the_one_that_gold_names() -> None:
    found = 0
    for made, _, year in heads(200):
        for mark in made.of("published"):
            digits = "".join(c if c.isdigit() else " " for c in made.text[mark.start : mark.end]).split()
            assert [int(d) for d in digits[:3]] == [int(d) for d in mark.data["iso"].split("-")]
            assert int(digits[0]) == year + 1
            found += 1
    assert found > 50


def test_titles_take_many_forms() -> None:
    rng = random.Random(1)
    facts = draw_facts(rng, "2021")
    assert len({draw_title(rng, facts).text for _ in range(400)}) >= 13


def report() -> Marked:
    out = Marked()
    out.add("某局网站", "block", type="noise")
    out.mark(0, 4, "region", role="head")
    out.add("\n")
    at = len(out.text)
    out.add("一、总体" + INNER_BREAK + "情况", "block", type="heading").add("\n")
    out.add("全年受理申请12件，" + "办理规范" * 20 + "。", "block", type="paragraph")
    out.mark(at, len(out.text), "region", role="prose")
    out.add("\n")
    at = len(out.text)
    out.add("规章\n").add("0", "cell", id="t2.regulations.made", value=0.0).add("\n1")
    out.mark(at, len(out.text), "region", role="table")
    return out


def test_spreading_parts_paragraphs_and_leaves_tables_alone() -> None:
    made = finish(spread(report(), "\n\n", "　　", indent_headings=False))
    assert made.text.startswith("某局网站\n\n一、总体\n情况\n\n　　全年受理")
    assert made.text.endswith("。\n\n规章\n0\n1")


def test_one_line_holds_everything_but_the_page_head() -> None:
    made = finish(run_together(report(), ""))
    assert made.text.startswith("某局网站\n一、总体情况全年受理申请12件")
    assert made.text.endswith("规章01")
    cell = made.of("cell")[0]
    assert made.text[cell.start : cell.end] == "0"


def test_wrapping_never_cuts_a_number() -> None:
    for i in range(40):
        made = finish(wrap(random.Random(i), report()))
        assert "12" in made.text
        assert max(len(line) for line in made.text.split("\n")) <= 40


def test_page_numbers_stand_on_lines_of_their_own() -> None:
    long = Marked("\n".join(["一行文字"] * 100))
    made = paginate(random.Random(3), long, 30)
    marks = made.of("block")
    assert len(marks) == 3
    for mark in marks:
        assert made.text[mark.start - 1] == "\n"
        assert made.text[mark.end] == "\n"
        assert any(c.isdigit() for c in made.text[mark.start : mark.end])


@pytest.mark.parametrize("family", FAMILIES)
def test_documents_of_other_families_hold_no_cells_claims_or_findings(family: str) -> None:
    made = synthesize_other(5, 1, family)
    assert made.text.strip()
    assert made.gold["cells"] == {}
    assert made.gold["claims"] == made.gold["findings"] == []
    assert made.gold["format"] is None
    assert synthesize_other(5, 1, family).text == made.text
