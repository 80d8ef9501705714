"""What a version scores on fresh reports of the family, and on the hold-out label by label."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from models.gate.holdout import Part, hold_out
from models.gate.items import Case, Compared, Item, Read, read_by
from models.gate.verdict import LabelVerdict, bears_points, weigh
from models.proof.families import Places, fresh
from models.proof.plan import Plan
from models.registry import Task, replace_text

_AT_ONCE = 4  # versions that read the same reports: what they find is kept until all are read


@dataclass(slots=True)
class Tally:
    """Items of the family: those there are, those found, those found rightly."""

    wanted: int = 0
    said: int = 0
    right: int = 0

    def add(self, wanted: frozenset[Any], said: frozenset[Any]) -> None:
        self.wanted += len(wanted)
        self.said += len(said)
        self.right += len(wanted & said)

    def to_json(self) -> dict[str, Any]:
        f1 = 2 * self.right / max(self.wanted + self.said, 1)
        return {"f1": round(f1, 5), "wanted": self.wanted, "said": self.said, "right": self.right}


def measure(plan: Plan, task: Task, versions: Sequence[str]) -> None:
    """Write the scores of versions; those that are written stay."""
    todo = [v for v in versions if not plan.scores(task, v).is_file()]
    for at in range(0, len(todo), _AT_ONCE):
        some = todo[at : at + _AT_ONCE]
        read = read_by(task, [plan.start[task], *some])
        families = on_family(read, plan.tests, task)
        frozen = hold_out(task, plan.per_style)
        compared = _compared(frozen, read, len(some))
        for i, version in enumerate(some):
            verdicts = weigh(frozen.name, frozen.digest, compared[i])[1]
            said = {
                "task": task,
                "version": version,
                "start": plan.start[task],
                "family": families[1 + i].to_json(),
                "family_before": families[0].to_json(),
                "hold_out": {v.label: {"count": v.count, "old": v.old, "new": v.new} for v in verdicts},
                "most_fallen": _most_fallen(verdicts),
            }
            path = plan.scores(task, version)
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_text(path, json.dumps(said, ensure_ascii=False, indent=1) + "\n")


def on_family(read: Any, count: int, task: Task) -> list[Tally]:
    """By version: what is found of the family in fresh reports, inside the places that are marked as its own.

    A block counts by its type; a claim as a whole: place, kind, scope, approximation and the set of its concepts.
    """
    tallies: list[Tally] | None = None
    for case, places in fresh(task, count):
        done: Read = read(case)
        tallies = tallies or [Tally() for _ in done.found]
        whole = _whole if task == "claims" else frozenset
        wanted = whole(_within(done.wanted, places))
        for tally, found in zip(tallies, done.found, strict=True):
            tally.add(wanted, whole(_within(found, places)))
    return tallies or []


def _within(items: Iterable[Item], places: Places) -> Iterator[Item]:
    return (i for i in items if any(a <= i.start and i.end <= b for a, b in places))


def _whole(items: Iterable[Item]) -> frozenset[tuple[int, int, frozenset[str]]]:
    """Items of one place put together: a claim with all that is said of it."""
    places: dict[tuple[int, int], set[str]] = {}
    for item in items:
        places.setdefault((item.start, item.end), set()).add(item.label)
    return frozenset((*place, frozenset(labels)) for place, labels in places.items())


def _compared(part: Part, read: Any, count: int) -> list[list[Compared]]:
    """By version: the part's cases beside what the first version read in them."""
    out: list[list[Compared]] = [[] for _ in range(count)]
    for case in part.cases():
        done: Read = read(case)
        for new, mine in zip(done.found[1:], out, strict=True):
            mine.append(_pair(case, done, done.found[0], new))
    return out


def _pair(case: Case, done: Read, old: frozenset[Item], new: frozenset[Item]) -> Compared:
    return Compared(case.id, case.group, done.text, done.passages, done.wanted, old, new)


def _most_fallen(verdicts: Iterable[LabelVerdict]) -> dict[str, Any]:
    """The label that fell most among those that the gate holds to 0.2 points."""
    falls = [(v.old - v.new, v.label) for v in verdicts if bears_points(v)]
    fall, label = max(falls, default=(0.0, ""))
    return {"points": round(100 * max(fall, 0.0), 3), "label": label}
