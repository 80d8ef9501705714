"""Confidences are calibrated after everything is decided, and each doubt has a cause."""

from __future__ import annotations

import ast
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from extractor.checks.doubts import REASONS
from extractor.checks.narrative_arithmetic import NarrativeArithmetic
from extractor.curves import HIGHEST
from extractor.document import Cell, Document, Finding, Message, Span, Table
from extractor.pipeline import Extractor
from extractor.result import Result
from extractor.stages.confidence import (
    Calibration,
    ConfidenceStage,
    Sides,
    cause,
    causes,
    claim_group,
    finding_groups,
    shipped,
)
from models.synthesis.report import Options, synthesize

CHECKS = Path(__file__).parents[3] / "extractor" / "checks"
HALVED = Calibration.of(
    {
        "cells": {"read": [[0, 0], [1, 0.5]]},
        "claims": {},
        "findings": {"table_arithmetic mismatch": [[0, 0.1], [1, 0.9]], "mismatch": [[0, 0.7]]},
    }
)


def found(status: str, why: str = "", kind: str = "table_arithmetic", cells: tuple[str, ...] = ()) -> Finding:
    return Finding("f1", kind, status, "info", Message("", ""), None, cells, None, None, (), why)  # type: ignore[arg-type]


def one_table(*findings: Finding) -> Document:
    cells = (
        Cell("a", 1.0, "1", Span(0, 1), "read", 0.8),
        Cell("b", 2.0, "2", Span(1, 2), "read", 0.4),
        Cell("c", None, "", None, "unread", 0.0, "two readings"),
    )
    return Document(text="12", tables=(Table("t3", "2021", Span(0, 2), cells),), findings=findings)


def test_a_cell_is_read_off_its_curve_and_one_that_was_not_read_keeps_its_nought() -> None:
    after = ConfidenceStage(HALVED)(one_table())
    assert [c.confidence for c in after.tables[0].cells] == pytest.approx([0.4, 0.2, 0.0])


def test_a_finding_is_as_sure_as_its_least_sure_side_lets_it_be() -> None:
    after = ConfidenceStage(HALVED)(
        one_table(found("mismatch", cells=("a",)), found("mismatch", cells=("a", "b", "c")), found("mismatch"))
    )
    assert [f.confidence for f in after.findings] == pytest.approx([0.1 + 0.8 * 0.4, 0.1 + 0.8 * 0.2, 0.9])


def test_a_check_without_a_curve_takes_that_of_its_verdict() -> None:
    after = ConfidenceStage(HALVED)(one_table(found("mismatch", kind="ratio")))
    assert after.findings[0].confidence == 0.7


def test_without_any_curve_a_score_stays_but_is_never_certain() -> None:
    assert Calibration({}).chance("cells", ("read",), 1.0) == HIGHEST
    assert Calibration({}).chance("cells", ("read",), 0.3) == 0.3


def test_the_shipped_curves_rise_and_are_never_certain() -> None:
    for curves in shipped().curves.values():
        assert curves
        for curve in curves.values():
            values = [curve(i / 500) for i in range(501)]
            assert all(a <= b for a, b in pairwise(values))
            assert values[0] > 0
            assert values[-1] < 1


def test_there_are_curves_for_whatever_a_report_can_have() -> None:
    curves = shipped().curves
    assert {"read", "blank", "placed"} == set(curves["cells"])
    assert {"count", "zero linked", "amount", "count linked"} <= set(curves["claims"])
    assert {"match", "mismatch", "unverifiable"} <= set(curves["findings"])


@pytest.fixture(scope="module")
def pairs(extractor: Extractor) -> list[tuple[Document, Document]]:
    """Forty reports without the stage, and with it."""
    raw = Extractor([s for s in extractor.stages if s.name != "confidence"], extractor.versions)
    made = (synthesize(4711, i, Options(fault_rate=0.5)) for i in range(40))
    return [(before, ConfidenceStage()(before)) for r in made for before in (raw(r.text, r.id),)]


def test_nothing_that_was_decided_changes(pairs: list[tuple[Document, Document]]) -> None:
    for before, after in pairs:
        bare = after.having(
            findings=tuple(replace(f, confidence=0.0, cause=None) for f in after.findings),
            claims=before.claims,
            tables=before.tables,
        )
        assert bare == before
        assert [replace(c, confidence=0) for c in after.claims] == [replace(c, confidence=0) for c in before.claims]
        for old, new in zip(before.tables, after.tables, strict=True):
            assert [replace(c, confidence=0) for c in new.cells] == [replace(c, confidence=0) for c in old.cells]


def test_a_surer_score_of_one_group_is_never_made_the_less_sure_one(pairs: list[tuple[Document, Document]]) -> None:
    groups: dict[str, list[tuple[float, float]]] = {}
    for before, after in pairs:
        for old, new in zip(before.claims, after.claims, strict=True):
            groups.setdefault(claim_group(old), []).append((old.confidence, new.confidence))
    for scores in groups.values():
        assert all(a[1] <= b[1] for a, b in pairwise(sorted(scores)))


def test_every_confidence_is_a_chance_and_only_what_was_not_read_has_none(
    pairs: list[tuple[Document, Document]],
) -> None:
    for _, after in pairs:
        cells = [c for t in after.tables for c in t.cells]
        assert all((c.confidence == 0) == (c.status == "unread") for c in cells)
        known = [c.confidence for c in (*cells, *after.claims, *after.findings)]
        assert all(0 <= c <= HIGHEST for c in known)
        assert all(f.confidence > 0 for f in after.findings)


def test_a_mismatch_is_said_only_where_both_sides_are_sure(pairs: list[tuple[Document, Document]]) -> None:
    alarms = [(after, f) for _, after in pairs for f in after.findings if f.status == "mismatch"]
    assert alarms
    for after, alarm in alarms:
        assert all(s.raw > 0.8 for s in Sides(after).of(alarm))


def test_each_finding_has_a_cause_unless_it_agrees(pairs: list[tuple[Document, Document]]) -> None:
    for _, after in pairs:
        for f in after.findings:
            assert (f.cause is None) == (f.status == "match")
            assert (f.cause == "report") == (f.status == "mismatch")


def test_the_same_report_has_the_same_bytes(pairs: list[tuple[Document, Document]]) -> None:
    for before, after in pairs[:5]:
        assert Result.of(ConfidenceStage()(before)).json_bytes() == Result.of(after).json_bytes()


def reasons() -> set[str]:
    """Every reason that a check gives for deciding nothing: the lists of reasons, and what verdicts say themselves."""
    out = {*REASONS, *NarrativeArithmetic._reasons}
    for path in sorted(CHECKS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Verdict":
                status, why = node.args[0], node.args[2]
                if isinstance(status, ast.Constant) and status.value == "unverifiable":
                    out |= told(why)
    return out


def told(why: ast.expr) -> set[str]:
    """A constant reason; of a pattern, what it says of a section and of a table; names stand for listed reasons."""
    if isinstance(why, ast.Constant):
        return {str(why.value)}
    if isinstance(why, ast.JoinedStr):
        whole = ["".join(p.value if isinstance(p, ast.Constant) else "{}" for p in why.values)]  # type: ignore[misc]
        return {pattern.format(what) for pattern in whole for what in ("section", "table")}
    return set()


def test_every_reason_of_every_check_has_a_cause_and_every_cause_is_of_a_reason() -> None:
    assert len(reasons()) > 30
    assert reasons() - set(causes()) == set()
    assert set(causes()) - reasons() == set()


@pytest.mark.parametrize(
    ("why", "expected"),
    [("cell_unsure", "reading"), ("garbled", "damage"), ("other_year", "scope"), ("no_table", "gap"), ("?", "reading")],
)
def test_a_doubt_tells_our_misreading_from_what_the_report_lacks(why: str, expected: str) -> None:
    doubt = found("unverifiable", why)
    assert cause(doubt) == expected
    assert finding_groups(doubt)[0] == f"unverifiable {expected}"
