"""What the gate says: a verdict a label, gains and losses report by report, and one word in the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from models.gate.bootstrap import LEVEL, Counts, Tested, compare
from models.gate.items import Compared, Item
from models.registry import Task

Verdict = Literal["better", "same", "worse"]
Change = Literal["found", "lost", "invented", "withdrawn"]
CHANGES: tuple[Change, ...] = ("found", "lost", "invented", "withdrawn")
MOST_LOST = 0.002  # 0.2 points of F1 on the hold-out
_FEW = 500  # of fewer items than this one alone is more than 0.2 points of F1
_FEW_REPORTS = 20
_LISTED = 150  # changes kept of each part and sort


@dataclass(frozen=True, slots=True)
class LabelVerdict:
    """A label in a part. ``count``: items there are; F1 of both versions; 95% range of the difference (see
    ``bootstrap``)."""

    part: str
    label: str
    count: int
    old: float
    new: float
    low: float
    high: float
    verdict: Literal["rose", "same", "fell"]


@dataclass(frozen=True, slots=True)
class Changed:
    """One item that the two versions read differently. ``found``/``lost``: it is there, and only the new or the old
    version says so; ``invented``/``withdrawn``: it is not there, and only the new or the old version says it is."""

    part: str
    document: str
    what: Change
    label: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class PartFacts:
    """``unit``: what the bootstrap draws: reports, or passages of them where there are few reports. ``changes``: how
    many items of each sort of change."""

    name: str
    digest: str
    documents: int
    unit: str
    changes: dict[str, int]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A comparison of two versions. ``reasons`` say in words what stands against the new one, or for it."""

    task: Task
    version: str
    against: str
    date: str
    verdict: Verdict
    reasons: tuple[str, ...]
    parts: tuple[PartFacts, ...]
    labels: tuple[LabelVerdict, ...]
    changes: tuple[Changed, ...]

    @property
    def allows(self) -> bool:
        """May the new version take the other's place?"""
        return self.verdict == "better"

    def to_json(self) -> dict[str, Any]:
        """As plain data, for records and for the service."""
        return asdict(self) | {"allows": self.allows}


def weigh(part: str, digest: str, read: Sequence[Compared]) -> tuple[PartFacts, list[LabelVerdict], list[Changed]]:
    """The verdicts of a part on every label that is there, and what changed in it."""
    few = len(read) < _FEW_REPORTS
    names, counts = _count(read, few)
    changes = [c for one in read for c in _changes(part, one)]
    sums = Counter(c.what for c in changes)
    facts = PartFacts(part, digest, len(read), "passage" if few else "report", {w: sums[w] for w in CHANGES})
    if not len(counts.wanted):
        return facts, [], []
    tested = compare(counts)
    verdicts = [_verdict(part, names[i], int(counts.wanted[:, i].sum()), tested, i) for i in range(len(names))]
    return facts, verdicts, _listed(changes)


def conclude(verdicts: Iterable[LabelVerdict]) -> tuple[Verdict, tuple[str, ...]]:
    """The word in the end, and why: nothing may fall beyond noise, nothing on the hold-out by more than 0.2 points;
    and something must rise."""
    known = list(verdicts)
    against = [f"{_named(v)} fell beyond noise: {_figures(v)}" for v in known if v.verdict == "fell"]
    against += [
        f"{_named(v)} fell by more than {100 * MOST_LOST:.1f} points: {_figures(v)}"
        for v in known
        if v.part == "hold-out" and v.verdict != "fell" and bears_points(v) and v.new < v.old - MOST_LOST
    ]
    if against:
        return "worse", tuple(against)
    rose = [f"{_named(v)} rose: {_figures(v)}" for v in known if v.verdict == "rose"]
    return ("better", tuple(rose)) if rose else ("same", ("no label rose or fell beyond noise",))


def bears_points(verdict: LabelVerdict) -> bool:
    """Has a label enough items for 0.2 points of F1 to be more than one of them?"""
    return verdict.count >= _FEW and not verdict.label.startswith("style ")


def _named(v: LabelVerdict) -> str:
    return f"{v.label} ({v.part})"


def _figures(v: LabelVerdict) -> str:
    return f"F1 {v.old:.4f} → {v.new:.4f}, 95% range of the difference {v.low:+.4f} … {v.high:+.4f}"


def _verdict(part: str, name: str, count: int, tested: Tested, i: int) -> LabelVerdict:
    verdict: Literal["rose", "same", "fell"] = "same"
    if tested.fell[i] < LEVEL:
        verdict = "fell"
    elif tested.rose[i] < LEVEL:
        verdict = "rose"
    old, new, low, high = (round(float(a[i]), 5) for a in (tested.old, tested.new, tested.low, tested.high))
    return LabelVerdict(part, name, count, old, new, low, high, verdict)


def _count(read: Sequence[Compared], few: bool) -> tuple[list[str], Counts]:
    """Numbers of items by unit and label, and by what several labels are together."""
    units = [(one, i) for one in read for i in range(len(one.passages) + 1 if few else 1)]
    firsts = np.cumsum([0, *(len(one.passages) + 1 if few else 1 for one in read)]).tolist()
    single = sorted({item.label for one in read for item in one.wanted | one.old | one.new})
    index = {name: i for i, name in enumerate(single)}
    arrays = np.zeros((5, len(units), len(single)), dtype=np.int64)
    for one, first in zip(read, firsts, strict=False):
        sets = (one.wanted, one.old, one.new, one.wanted & one.old, one.wanted & one.new)
        for array, items in zip(arrays, sets, strict=True):
            for item in items:
                at = int(np.searchsorted(one.passages, item.start, side="right")) if few else 0
                array[first + at, index[item.label]] += 1
    groups = sorted({one.group for one, _ in units}) if not few else []
    of_group = np.array([groups.index(one.group) if groups else -1 for one, _ in units])
    sets_of_labels = _together(single, arrays[0].sum(axis=0))
    extra = [arrays[:, :, chosen].sum(axis=2) for _, chosen in sets_of_labels]
    plain = [i for i, name in enumerate(single) if _is_plain(name)]
    extra += [arrays[:, :, plain].sum(axis=2) * (of_group == g) for g in range(len(groups))]
    names = [*single, *(name for name, _ in sets_of_labels), *(f"style {g}" for g in groups)]
    whole = np.concatenate([arrays, *(one[:, :, None] for one in extra)], axis=2)
    used = whole.sum(axis=2).sum(axis=0) > 0
    return names, Counts(whole[0][used], (whole[1][used], whole[2][used]), (whole[3][used], whole[4][used]))


def _is_plain(label: str) -> bool:
    """A kind of span or a block type, not what is said of a claim."""
    return not label.startswith(("concept ", "scope ")) and label != "approx"


def _together(single: Sequence[str], counts: Any) -> list[tuple[str, list[int]]]:
    """Labels that are also weighed as one: all spans or blocks, all concepts, and all labels that are rare."""
    concepts = [i for i, name in enumerate(single) if name.startswith("concept ")]
    rare = [i for i, count in enumerate(counts) if count < _FEW]
    found = [("everything", [i for i, name in enumerate(single) if _is_plain(name)]), ("concepts", concepts)]
    return [(name, chosen) for name, chosen in (*found, ("rare labels", rare)) if len(chosen) > 1]


def _changes(part: str, one: Compared) -> list[Changed]:
    gained, gone = one.new - one.old, one.old - one.new
    sorts: tuple[tuple[Change, frozenset[Item]], ...] = (
        ("found", gained & one.wanted),
        ("lost", gone & one.wanted),
        ("invented", gained - one.wanted),
        ("withdrawn", gone - one.wanted),
    )
    return [
        Changed(part, one.id, what, i.label, i.start, i.end, " ".join(one.text[i.start : i.end][:60].split()))
        for what, items in sorts
        for i in sorted(items, key=lambda i: (i.start, i.end, i.label))
    ]


def _listed(changes: Sequence[Changed]) -> list[Changed]:
    return [c for what in CHANGES for c in [c for c in changes if c.what == what][:_LISTED]]
