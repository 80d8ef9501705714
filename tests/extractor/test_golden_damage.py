"""Damaged reports: what can still be read is the same as without the damage, and nothing is made up.

Each case is one report of our own (``tests/cases/damage/report.txt``) with edits; ``headings_lost`` names the headings
that the damage made unreadable.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from extractor.document import Document
from extractor.pipeline import Extractor
from tests.extractor.case_reports import CASES, Report, cases, differences, marked, table_lines, told_in

CELLS = {
    "t2.normative": [2, 1, 9], "t2.licensing.processed": 48, "t2.penalty.processed": 7, "t3.new": 16,
    "t3.carried_in": 1, "t3.granted": 9, "t3.partial": 3, "t3.unavailable.not_held": 4, "t3.carried_out": 1,
    "t4.review.maintain": 2,
}  # fmt: skip
HEADINGS = [
    (1, "overview"), (2, None), (2, None), (2, None), (2, None), (1, "disclosure"), (1, "requests"), (1, "disputes"),
    (1, "problems"), (1, "other_matters"),
]  # fmt: skip


def damaged(case: dict[str, Any]) -> Report:
    """The report with the edits of a case: patterns, then lines cut at a width, then text before and after."""
    source = (CASES / "damage" / "report.txt").read_text(encoding="utf-8")
    for table in ("t2", "t3", "t4"):
        source = source.replace(f"[{table}]", "\n".join(table_lines("2021", table, CELLS)))
    for pattern, new in case.get("edits", ()):
        source, count = re.subn(pattern, new, source)
        assert count, f"nothing to edit: {pattern}"
    if "characters" in case:
        old, new = case["characters"]
        source = source.translate(str.maketrans(old, new))
    whole = marked(case.get("before", "") + source + case.get("after", ""), case)
    return wrapped(whole, case["wrap"]) if "wrap" in case else whole


def wrapped(report: Report, width: int) -> Report:
    """Lines of prose cut at ``width`` characters, between any two that are not both digits; marks move along."""
    places = sorted(_breaks(report.text, width))
    text = "".join(c + ("\n" if i + 1 in set(places) else "") for i, c in enumerate(report.text))
    moved = tuple(replace(t, start=t.start + sum(p <= t.start for p in places)) for t in report.claims)
    return Report(text, moved, report.case)


def _breaks(text: str, width: int) -> Iterator[int]:
    at = 0
    for line in text.split("\n"):
        start = at
        while "|" not in line and at + width < start + len(line):
            cut = start + width if at == start else at + width
            cut += 1 if text[cut - 1].isdigit() and text[cut].isdigit() else 0
            yield cut
            start = at = cut
            line = text[cut : text.index("\n", cut)]
        at = start + len(line) + 1


def facts(document: Document) -> dict[str, float]:
    return {c.id: c.value for t in document.tables for c in t.cells if c.value}


@pytest.fixture(scope="module")
def undamaged(extractor: Extractor) -> Document:
    return extractor(damaged({}).text)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case, id=name, marks=pytest.mark.xfail(strict=True, reason=case["xfail"]) if "xfail" in case else ()
        )
        for name, case in cases("damage")
    ],
)
def test_what_the_damage_left_is_read_as_before(
    extractor: Extractor, undamaged: Document, case: dict[str, Any]
) -> None:
    given = damaged(case)
    document = extractor(given.text)
    wrong = differences(given.claims, told_in(document), True)
    assert not wrong, "\n".join([given.text[:900], *wrong])
    assert facts(document) == facts(undamaged)
    tree = [(h.level, h.kind) for h in document.headings]
    tree += [(level, kind) for level, kind in case.get("headings_lost", ())]
    assert Counter(tree) == Counter(HEADINGS), [h.span.of(given.text) for h in document.headings]
    assert [f.message.en for f in document.findings if f.status == "mismatch"] == []


def test_the_report_without_damage_is_read_whole(undamaged: Document) -> None:
    given = damaged({})
    assert differences(given.claims, told_in(undamaged), True) == []
    assert [(h.level, h.kind) for h in undamaged.headings] == HEADINGS


@pytest.mark.parametrize("case", [pytest.param(c, id=n) for n, c in cases("damage")])
def test_every_place_points_at_the_damaged_text_itself(extractor: Extractor, case: dict[str, Any]) -> None:
    text = damaged(case).text
    document = extractor(text)
    assert document.text == text
    for claim in document.claims:
        printed = claim.span.of(text)
        assert printed.strip() == printed != ""
        assert claim.sentence.start <= claim.span.start < claim.span.end <= claim.sentence.end
        if claim.kind != "zero" and claim.value is not None:
            assert printed[0].isnumeric()
    for heading in document.headings:
        assert heading.span.of(text).strip()
    for cell in (c for t in document.tables for c in t.cells if c.value is not None and c.span is not None):
        assert any(c.isdigit() for c in cell.span.of(text))
