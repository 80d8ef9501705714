"""Fits the curves of the confidence stage to synthetic reports, and measures them on fresh ones.

Raw scores come from the pipeline without its last stage; what is right, from the reports' own annotations
(``extractor.correctness``). Findings are fitted last, to the least calibrated chance of their sides.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache

from extractor.correctness import PARTS, Part, judged
from extractor.curves import ENOUGH, Bin, Curve, error, fit, reliability
from extractor.document import Document
from extractor.pipeline import Extractor, load
from extractor.result import payload
from extractor.stages.confidence import Calibration, Side, Sides, cell_group, claim_group, finding_groups
from models.synthesis.report import Options, synthesize

FAULT_RATE = 0.4
LOT = 25
_ROUNDED = 4  # digits that a result prints


@dataclass(frozen=True, slots=True)
class Sample:
    """An item of a synthetic report: its groups, the exact one first; its raw score; a finding's sides; is it right?

    A finding has no raw score of its own: it is the least of its sides' (1 where it has none).
    """

    part: Part
    groups: tuple[str, ...]
    status: str
    raw: float
    sides: tuple[Side, ...]
    right: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """Reliability of raw scores and of calibrated ones, over some fresh reports."""

    part: str
    before: Sequence[Bin]
    after: Sequence[Bin]

    @property
    def errors(self) -> tuple[float, float]:
        """Expected calibration error before and after."""
        return error(self.before), error(self.after)


def collect(seed: int, n: int, jobs: int) -> Iterator[list[Sample]]:
    """The samples of ``n`` synthetic reports, in lots and in order; by ``jobs`` processes (0: in this one)."""
    lots = [(seed, first, min(LOT, n - first)) for first in range(0, n, LOT)]
    if jobs == 0:
        yield from map(_lot, lots)
        return
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(_lot, lots)


def _lot(lot: tuple[int, int, int]) -> list[Sample]:
    seed, first, count = lot
    out: list[Sample] = []
    for index in range(first, first + count):
        made = synthesize(seed, index, Options(fault_rate=FAULT_RATE))
        out += samples(_uncalibrated()(made.text, made.id), made.gold)
    return out


@cache
def _uncalibrated() -> Extractor:
    whole = load()
    return Extractor([s for s in whole.stages if s.name != "confidence"], whole.versions)


def samples(document: Document, gold: dict[str, object]) -> list[Sample]:
    """The items of an uncalibrated document on which its annotation has a word."""
    cells = {c.id: c for t in document.tables for c in t.cells}
    claims = {c.id: c for c in document.claims}
    findings = {f.id: f for f in document.findings}
    sides = Sides(document)
    out: list[Sample] = []
    for item in judged(gold, payload(document)):
        if item.part == "cells":
            cell = cells[item.id]
            out.append(Sample(item.part, (cell_group(cell),), item.status, cell.confidence, (), item.right))
        elif item.part == "claims":
            claim = claims[item.id]
            out.append(Sample(item.part, (claim_group(claim),), item.status, claim.confidence, (), item.right))
        else:
            finding = findings[item.id]
            here = sides.of(finding)
            raw = min((s.raw for s in here), default=1.0)
            out.append(Sample(item.part, finding_groups(finding), item.status, raw, here, item.right))
    return out


def calibrate(taken: Sequence[Sample]) -> Calibration:
    """The curves that fit these samples. A group of few has none of its own and is read off that of its verdict."""
    curves: dict[str, dict[str, Curve]] = {}
    for part in PARTS:
        scored = Calibration(curves)
        groups: dict[str, list[tuple[float, bool]]] = defaultdict(list)
        for s in taken:
            if s.part == part:
                score = scored.least(s.sides) if part == "findings" else s.raw
                for group in s.groups:
                    groups[group].append((score, s.right))
        curves[part] = {g: fit(items) for g, items in sorted(groups.items()) if len(items) >= ENOUGH}
    return Calibration(curves)


def measure(calibration: Calibration, fresh: Sequence[Sample]) -> list[Measured]:
    """How reliable raw and calibrated scores of fresh samples are; mismatches also by themselves."""
    wanted: list[tuple[str, list[Sample]]] = [(part, [s for s in fresh if s.part == part]) for part in PARTS]
    wanted.append(("mismatches", [s for s in fresh if s.part == "findings" and s.status == "mismatch"]))
    return [
        Measured(
            name,
            reliability((s.raw, s.right) for s in here),
            reliability((chance(calibration, s), s.right) for s in here),
        )
        for name, here in wanted
    ]


def chance(calibration: Calibration, sample: Sample) -> float:
    """What a result would print for this sample."""
    score = calibration.least(sample.sides) if sample.part == "findings" else sample.raw
    return round(calibration.chance(sample.part, sample.groups, score), _ROUNDED)


def written(calibration: Calibration, header: Iterable[str]) -> str:
    """The calibration as a YAML file, with a header of comments."""
    lines = [*(f"# {line}".rstrip() for line in header), ""]
    for part, groups in calibration.curves.items():
        lines.append(f"{part}:" if groups else f"{part}: {{}}")
        for group, curve in groups.items():
            lines.append(f"  {group}: [{', '.join(f'[{x:g}, {y:g}]' for x, y in curve.knots)}]")
    return "\n".join(lines) + "\n"
