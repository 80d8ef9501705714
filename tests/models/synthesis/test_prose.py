"""The prose of synthetic reports: claims agree with the facts, marks fit the text, every family and concept occurs."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import cn2an
import pytest

from models.form import concepts
from models.synthesis.facts import Facts
from models.synthesis.markup import Mark, Marked
from models.synthesis.numbers import draw_facts, value_of
from models.synthesis.prose import (
    FAMILIES,
    ProseOptions,
    draw_options,
    write_intro,
    write_lead,
    write_narrative,
    write_old_report_sections,
    write_other,
    write_problems,
)

_PLACES = {"requests", "disputes", "documents", "publication", "platform", "supervision", "other"}


def _pieces(n: int, seed: str = "prose") -> Iterator[tuple[Facts, Marked]]:
    for i in range(n):
        rng = Random(f"{seed}:{i}")
        facts = draw_facts(rng, "2019" if i % 4 == 0 else "2021")
        options = draw_options(rng)
        yield facts, write_narrative(rng, facts, options)
        yield facts, write_lead(rng, facts, 2 + i % 3, options)
        yield facts, write_other(rng, facts, options)
        yield facts, write_problems(rng, facts, options)


@pytest.fixture(scope="module")
def pieces() -> list[tuple[Facts, Marked]]:
    return list(_pieces(600))


def _printed(surface: str) -> float:
    """The number that a claim's surface prints, in plain units."""
    text = surface.translate(str.maketrans("０１２３４５６７８９", "0123456789")).replace(",", "")
    for name, size in (("亿", 10**8), ("万", 10**4)):
        if text.endswith(name):
            return round(float(text[:-1]) * size)
    if re.fullmatch(r"[\d.]+", text):
        return float(text)
    return float(cn2an.cn2an(text, "smart"))


def _claims(pieces: list[tuple[Facts, Marked]]) -> Iterator[tuple[Facts, Marked, Mark]]:
    for facts, made in pieces:
        for mark in made.of("claim"):
            yield facts, made, mark


def test_every_number_claimed_is_what_its_surface_prints(pieces: list[tuple[Facts, Marked]]) -> None:
    for _, made, mark in _claims(pieces):
        if mark.data["kind"] != "zero":
            surface = made.text[mark.start : mark.end]
            assert _printed(surface) == pytest.approx(abs(mark.data["value"])), made.text


def test_claims_of_the_own_year_and_body_agree_with_the_facts(pieces: list[tuple[Facts, Marked]]) -> None:
    for facts, made, mark in _claims(pieces):
        if mark.data["scope"] != "own":
            continue
        scale = 10000 if mark.data["kind"] == "money" and mark.data["unit"] == "元" else 1
        for concept in mark.data["concepts"]:
            value = value_of(facts, concept)
            assert value is not None
            assert mark.data["value"] == pytest.approx(value * scale, abs=0.006), made.text[mark.start - 30 : mark.end]


def test_a_zero_claim_begins_with_its_trigger_and_has_no_unit(pieces: list[tuple[Facts, Marked]]) -> None:
    zeros = [(made.text[m.start : m.end], m) for _, made, m in _claims(pieces) if m.data["kind"] == "zero"]
    assert len(zeros) > 300
    for surface, mark in zeros:
        assert re.match(r"未|无|没有|不存在|从未|暂无|不涉及|不收|不收取", surface), surface
        assert (mark.data["value"], mark.data["unit"]) == (0, "")


def test_marks_lie_inside_the_text_and_claims_do_not_overlap(pieces: list[tuple[Facts, Marked]]) -> None:
    for _, made in pieces:
        assert all(0 <= m.start < m.end <= len(made.text) for m in made.marks)
        claims = made.of("claim")
        assert all(a.end <= b.start for a, b in itertools.pairwise(claims))


def test_block_marks_cover_every_line_exactly_once(pieces: list[tuple[Facts, Marked]]) -> None:
    for _, made in pieces:
        lines = [m.span() for m in re.finditer(r"[^\n]+", made.text)]
        assert [(m.start, m.end) for m in made.of("block")] == lines


def test_the_parts_of_a_closed_sum_add_up(pieces: list[tuple[Facts, Marked]]) -> None:
    seen = 0
    for _, made in pieces:
        sums: dict[int, dict[str, float]] = {}
        values = {(m.start, m.end): m.data["value"] for m in made.of("claim")}
        closed = {m.data["group"] for m in made.of("sum") if m.data["closed"]}
        for mark in made.of("sum"):
            roles = sums.setdefault(mark.data["group"], {"total": 0.0, "part": 0.0})
            roles[mark.data["role"]] += values[mark.start, mark.end]
        for group, roles in sums.items():
            seen += 1
            assert (roles["total"] == roles["part"]) == (group in closed)
    assert seen > 200


def test_kinds_scopes_and_surfaces_of_every_make_occur(pieces: list[tuple[Facts, Marked]]) -> None:
    data = [(made.text[m.start : m.end], m.data) for _, made, m in _claims(pieces)]
    assert {d["kind"] for _, d in data} == {"count", "zero", "ratio", "delta", "money"}
    assert {d["scope"] for _, d in data} == {"own", "other_org", "other_year"}
    counts = [s for s, d in data if d["kind"] == "count"]
    assert any("万" in s for s in counts)
    assert any(s in "一两三四五六七八九十" for s in counts)
    assert any("," in s for s in counts)
    assert any(d["approx"] for _, d in data)
    assert any(d["kind"] == "delta" and d["value"] < 0 for _, d in data)
    assert any(d["kind"] == "count" and not d["unit"] for _, d in data)


def test_headings_are_of_every_level_and_exclude_the_stop(pieces: list[tuple[Facts, Marked]]) -> None:
    levels = set()
    for _, made in pieces:
        for mark in made.of("heading"):
            levels.add(mark.data["level"])
            assert made.text[mark.end - 1] not in "。：:\n"
    assert levels == {1, 2, 3, 4}


def test_introductions_claim_nothing() -> None:
    for i in range(60):
        rng = Random(f"intro:{i}")
        made = write_intro(rng, draw_facts(rng, "2021"))
        assert made.text
        assert not made.of("claim")


def test_there_are_sixty_families_in_known_places() -> None:
    assert len(FAMILIES) >= 60
    assert {f.place for f in FAMILIES.values()} == _PLACES


def test_every_concept_is_claimed_within_two_thousand_narratives() -> None:
    wanted = set(concepts())
    for i in range(2000):
        rng = Random(f"concepts:{i}")
        facts = draw_facts(rng, "2019" if i % 4 == 0 else "2021")
        wanted -= {c for m in write_narrative(rng, facts).of("claim") for c in m.data["concepts"]}
        if not wanted:
            break
    assert not wanted


def test_every_family_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    used: set[str] = set()
    for name, family in list(FAMILIES.items()):
        noted = replace(family, write=lambda s, f=family: f.write(s) and not used.add(f.name))  # type: ignore[misc,func-returns-value]
        monkeypatch.setitem(FAMILIES, name, noted)
    for _ in _pieces(500, "families"):
        if len(used) == len(FAMILIES):
            break
    assert used == set(FAMILIES)


def test_withheld_families_are_not_used() -> None:
    keep = "carried_out_zero"
    options = ProseOptions(families_withheld=frozenset(FAMILIES) - {keep})
    concepts_seen = set()
    for i in range(80):
        rng = Random(f"withheld:{i}")
        made = write_narrative(rng, draw_facts(rng, "2021"), options)
        concepts_seen |= {c for m in made.of("claim") for c in m.data["concepts"]}
    assert concepts_seen == {"carried_out"}


def test_the_same_seed_writes_the_same_report() -> None:
    first = [(m.text, m.marks) for _, m in _pieces(20, "same")]
    assert first == [(m.text, m.marks) for _, m in _pieces(20, "same")]


def test_old_reports_have_their_free_sections() -> None:
    rng = Random("old")
    made = write_old_report_sections(rng, draw_facts(rng, "2019", 2016))
    assert set(made) == {"overview", "disclosure", "requests", "disputes", "problems"}
    assert all(m.text for m in made.values())


def test_a_report_is_written_in_about_ten_milliseconds() -> None:
    started = time.process_time()
    for _ in _pieces(100, "speed"):
        pass
    assert (time.process_time() - started) / 100 < 0.03
