"""Confidence: what the stages before say of themselves, turned into the chance of being right; and each doubt's cause.

The stages decide on raw scores, which rank well and mean little. Here, once all is decided, each score is read off a
monotone curve that was fitted on synthesis (``nianbao calibrate`` makes ``lexicon/confidence.yaml``). No value, status
or link changes. What was not read keeps its 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from extractor.curves import HIGHEST, Curve
from extractor.document import Cause, Cell, Claim, Document, Finding, Span, Table
from extractor.lexicon import lexicon

_AMOUNTS = ("ratio", "delta", "money")


@dataclass(frozen=True, slots=True)
class Side:
    """A cell or a claim that a finding compares: its kind of item, the group whose curve it is read off, its score."""

    part: str
    group: str
    raw: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Curves by kind of item ("cells", "claims", "findings") and group."""

    curves: Mapping[str, Mapping[str, Curve]]

    @classmethod
    def of(cls, data: Mapping[str, Mapping[str, Sequence[Sequence[float]]]]) -> Calibration:
        """From plain data: part → group → knots. Raises ValueError for a curve that does not rise."""
        return cls(
            {
                part: {group: Curve(tuple((float(x), float(y)) for x, y in knots)) for group, knots in groups.items()}
                for part, groups in data.items()
            }
        )

    def chance(self, part: str, groups: Sequence[str], raw: float) -> float:
        """The chance of being right, by the first of the groups that has a curve; the score itself where none has."""
        curves = self.curves.get(part, {})
        curve = next((curves[g] for g in groups if g in curves), None)
        return curve(raw) if curve else min(raw, HIGHEST)

    def least(self, sides: Sequence[Side]) -> float:
        """The least chance of a finding's sides; 1 where it has none."""
        return min((self.chance(s.part, (s.group,), s.raw) for s in sides), default=1.0)


class ConfidenceStage:
    """Calibrates ``confidence`` of cells, claims and findings, and gives each finding its ``cause``."""

    name = "confidence"
    needs = ("tables", "claims", "findings")
    makes = ("confidence",)

    def __init__(self, calibration: Calibration | None = None) -> None:
        self._calibration = calibration or shipped()

    def __call__(self, document: Document) -> Document:
        chances = self._chances_of_cells(document)
        tables = tuple(_with_confidences(t, chances) for t in document.tables)
        claims = tuple(self._claim(c) for c in document.claims)
        after = document.having(tables=tables, claims=claims)
        told = _claims_by_place(after)
        return after.having(findings=tuple(self._finding(f, chances, told) for f in document.findings))

    def _chances_of_cells(self, document: Document) -> dict[str, float]:
        """Cell id → chance, of the cells that were read. Most have one of a few scores: each is looked up once."""
        known: dict[tuple[str, float], float] = {}
        out: dict[str, float] = {}
        for table in document.tables:
            for cell in table.cells:
                if cell.status == "unread":
                    continue
                key = (cell_group(cell), cell.confidence)
                if key not in known:
                    known[key] = self._calibration.chance("cells", (key[0],), key[1])
                out[cell.id] = known[key]
        return out

    def _claim(self, claim: Claim) -> Claim:
        return replace(claim, confidence=self._calibration.chance("claims", (claim_group(claim),), claim.confidence))

    def _finding(self, finding: Finding, cells: Mapping[str, float], claims: Mapping[Span, Sequence[Claim]]) -> Finding:
        sides = [cells[i] for i in finding.cells if i in cells]
        sides += [c.confidence for span in finding.evidence for c in claims.get(span, ())]
        sure = self._calibration.chance("findings", finding_groups(finding), min(sides, default=1.0))
        return replace(finding, confidence=sure, cause=cause(finding))


def _with_confidences(table: Table, chances: Mapping[str, float]) -> Table:
    cells = tuple(
        Cell(c.id, c.value, c.raw, c.span, c.status, chances.get(c.id, c.confidence), c.why) for c in table.cells
    )
    return replace(table, cells=cells)


def _claims_by_place(document: Document) -> dict[Span, list[Claim]]:
    out: dict[Span, list[Claim]] = {}
    for claim in document.claims:
        out.setdefault(claim.span, []).append(claim)
    return out


class Sides:
    """The sides of a document's findings before calibration: the cells that they name, the claims at their evidence."""

    def __init__(self, document: Document) -> None:
        self._cells = {c.id: c for t in document.tables for c in t.cells if c.status != "unread"}
        self._claims = _claims_by_place(document)

    def of(self, finding: Finding) -> tuple[Side, ...]:
        """Without the cells that were not read."""
        cells = [self._cells[i] for i in finding.cells if i in self._cells]
        claims = [c for span in finding.evidence for c in self._claims.get(span, ())]
        return (
            *(Side("cells", cell_group(c), c.confidence) for c in cells),
            *(Side("claims", claim_group(c), c.confidence) for c in claims),
        )


def cell_group(cell: Cell) -> str:
    """Cells are alike by how they came by their value."""
    return cell.status


def claim_group(claim: Claim) -> str:
    """Claims are alike by kind, and by whether the score is also that of a link to cells."""
    kind = "amount" if claim.kind in _AMOUNTS else claim.kind
    return f"{kind} linked" if claim.metrics else kind


def finding_groups(finding: Finding) -> tuple[str, ...]:
    """Findings are alike by check and verdict, or by the cause of the doubt; else by the verdict alone."""
    if finding.status == "unverifiable":
        return (f"unverifiable {cause(finding)}", finding.status)
    return (f"{finding.kind} {finding.status}", finding.status)


def cause(finding: Finding) -> Cause | None:
    """Where a difference or a doubt comes from. A reason that nobody has classified is a doubt about the reading."""
    if finding.status == "match":
        return None
    return "report" if finding.status == "mismatch" else causes().get(finding.why, "reading")


@cache
def causes() -> dict[str, Cause]:
    """Reason → cause, of all reasons that checks give for deciding nothing."""
    named: dict[Cause, list[str]] = lexicon("causes")  # type: ignore[assignment]
    return {why: name for name, reasons in named.items() for why in reasons}


@cache
def shipped() -> Calibration:
    """The calibration that stands in the lexicon."""
    data: dict[str, Any] = lexicon("confidence")
    return Calibration.of({part: data[part] for part in ("cells", "claims", "findings")})
