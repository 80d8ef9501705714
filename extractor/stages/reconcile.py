"""Reconcile: every check of a report is in its findings, whether it held, failed or could not run (and why)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractor.checks.base import Case, Check
from extractor.checks.claim_vs_claim import ClaimVersusClaim
from extractor.checks.claim_vs_table import ClaimVersusTable
from extractor.checks.indicators import ClaimVersusIndicator
from extractor.checks.narrative_arithmetic import NarrativeArithmetic
from extractor.checks.ratio import Ratio
from extractor.checks.request_chain import RequestChain
from extractor.checks.structure import Structure
from extractor.checks.table_arithmetic import TableArithmetic
from extractor.document import Document

CHECKS: tuple[Check, ...] = (
    ClaimVersusTable(),
    ClaimVersusIndicator(),
    TableArithmetic(),
    NarrativeArithmetic(),
    RequestChain(),
    ClaimVersusClaim(),
    Ratio(),
    Structure(),
)


class ReconcileStage:
    """Makes ``findings``, numbered f1, f2 … in the order of the checks and of the report."""

    name = "reconcile"
    needs = ("tables", "claims", "links", "sections")
    makes = ("findings",)

    def __init__(self, checks: Sequence[Check] = CHECKS) -> None:
        self._checks = tuple(checks)

    def __call__(self, document: Document) -> Document:
        case = Case(document)
        found = [f for check in self._checks for f in check(case)]
        return document.having(findings=tuple(replace(f, id=f"f{i}") for i, f in enumerate(found, 1)))
