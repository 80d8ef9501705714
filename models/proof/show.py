"""The results as a table (Markdown) and as a figure (SVG)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any
from xml.sax.saxutils import escape

from models.annotations.dataset import Dataset
from models.proof.plan import WITH_FAMILY, Plan, Run
from models.registry import Task

TITLES: dict[Task, str] = {
    "layout": "layout model: a table style that synthesis never writes",
    "claims": "token classifier: a manner of stating that synthesis never writes",
}
_HEAD = (
    "| annotated reports | learned from | F1 on the family, mean (lowest to highest) | of the distance | hold-out, all "
    "labels | label that fell most |",
    "|---:|---:|---|---:|---:|---:|",
)


@dataclass(frozen=True, slots=True)
class Point:
    """The runs of one number of annotated reports. ``learned``: how many of them are in the train part, by run."""

    reports: int
    learned: tuple[int, ...]
    family: tuple[float, ...]
    hold_out: tuple[float, ...]
    fallen: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A task's results: those of the version to start from, of the one trained with the family in, and the runs'."""

    task: Task
    before: float
    hold_out: float
    ceiling: float
    points: tuple[Point, ...]

    def closed(self, family: float) -> float:
        """Which part of the distance a score has closed."""
        return (family - self.before) / (self.ceiling - self.before)


def curve(plan: Plan, task: Task) -> Curve:
    """What was measured. A run that had nothing to learn from is where the version is that it was to start from."""
    start, known = _scores(plan, task, plan.start[task]), _scores(plan, task, WITH_FAMILY)
    points: list[Point] = []
    for count in plan.counts:
        runs = [Run(task, seed, count) for seed in plan.seeds]
        found = [_scores(plan, task, r.version if plan.scores(task, r.version).is_file() else start["version"])
                 for r in runs]  # fmt: skip
        points.append(
            Point(
                count,
                tuple(sum(e.split == "train" for e in Dataset(plan.data(r)).entries) for r in runs),
                tuple(f["family"]["f1"] for f in found),
                tuple(f["hold_out"]["everything"]["new"] for f in found),
                tuple((f["most_fallen"]["points"], f["most_fallen"]["label"]) for f in found),
            )
        )
    whole = start["hold_out"]["everything"]["old"]
    return Curve(task, start["family"]["f1"], whole, known["family"]["f1"], tuple(points))


def _scores(plan: Plan, task: Task, version: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(plan.scores(task, version).read_text(encoding="utf-8"))
    return said


def table(curves: Sequence[Curve]) -> str:
    """Markdown, one table a task."""
    out: list[str] = []
    for one in curves:
        out += [f"**{TITLES[one.task][0].upper()}{TITLES[one.task][1:]}**", "", *_HEAD]
        out.append(f"| 0 | | {one.before:.3f} | 0% | {one.hold_out:.4f} | |")
        out += [_row(one, p) for p in one.points]
        out += [f"| trained with the family in | | {one.ceiling:.3f} | 100% | | |", ""]
    return "\n".join(out)


def _row(one: Curve, p: Point) -> str:
    fallen, label = max(p.fallen)
    worst = f"{fallen:.2f} points ({label})" if fallen else "none"
    learned = "–".join(dict.fromkeys(str(n) for n in (min(p.learned), max(p.learned))))
    family = f"{fmean(p.family):.3f} ({min(p.family):.3f} to {max(p.family):.3f})"
    closed = f"{100 * one.closed(fmean(p.family)):.0f}%"
    return f"| {p.reports} | {learned} | {family} | {closed} | {fmean(p.hold_out):.4f} | {worst} |"


_WIDE, _HIGH, _LEFT, _TOP, _SPAN, _TALL = 880, 380, 50, 60, 350, 250
_FAMILY, _HELD, _GREY = "#1f5fa8", "#2e7d4f", "#666"


def figure(curves: Sequence[Curve]) -> str:
    """SVG: a panel a task, F1 against annotated reports, a dot a run."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" font-family="sans-serif" '
        'font-size="13">',
        f'<rect width="{_WIDE}" height="{_HIGH}" fill="#fff"/>',
    ]
    for i, one in enumerate(curves):
        parts += _panel(one, _LEFT + i * (_WIDE - _LEFT) // 2)
    return "\n".join([*parts, "</svg>", ""])


def _panel(one: Curve, left: int) -> list[str]:
    most = max(p.reports for p in one.points)

    def x(reports: float) -> float:
        return left + _SPAN * reports / most

    def y(f1: float) -> float:
        return _TOP + _TALL * (1 - f1)

    out = [_text(left, 24, one.task, "#000", 'font-weight="bold"'), _text(left, 42, TITLES[one.task].split(": ")[1])]
    for tenth in range(0, 11, 2):
        at = y(tenth / 10)
        out.append(_line([(left, at), (left + _SPAN, at)], "#ddd", 1))
        out.append(_text(left - 8, at + 4, f"{tenth / 10:.1f}", _GREY, 'text-anchor="end"'))
    for reports in (0, *(p.reports for p in one.points)):
        out.append(_text(x(reports), _TOP + _TALL + 20, str(reports), _GREY, 'text-anchor="middle"'))
    out.append(_text(left + _SPAN / 2, _TOP + _TALL + 40, "annotated reports", _GREY, 'text-anchor="middle"'))
    out.append(_line([(left, y(one.ceiling)), (left + _SPAN, y(one.ceiling))], _FAMILY, 1.5, "6 4"))
    goal = one.before + 0.8 * (one.ceiling - one.before)
    out.append(_line([(left, y(goal)), (left + _SPAN, y(goal))], _GREY, 1, "2 4"))
    out.append(_text(left + _SPAN, y(goal) + 15, "80% of the distance", _GREY, 'text-anchor="end"'))
    family = [(0, one.before), *((p.reports, fmean(p.family)) for p in one.points)]
    held = [(0, one.hold_out), *((p.reports, fmean(p.hold_out)) for p in one.points)]
    out.append(_line([(x(n), y(f1)) for n, f1 in held], _HELD, 2))
    out.append(_line([(x(n), y(f1)) for n, f1 in family], _FAMILY, 2))
    dots = [(0, one.before), *((p.reports, f1) for p in one.points for f1 in p.family)]
    out += [f'<circle cx="{x(n):.1f}" cy="{y(f1):.1f}" r="3.5" fill="{_FAMILY}"/>' for n, f1 in dots]
    legend = ((_FAMILY, "", "family"), (_FAMILY, "6 4", "trained with the family in"), (_HELD, "", "hold-out"))
    for i, (colour, dash, name) in enumerate(legend):
        at = left + (0, 90, 285)[i]
        out.append(_line([(at, _HIGH - 14), (at + 22, _HIGH - 14)], colour, 2, dash))
        out.append(_text(at + 27, _HIGH - 10, name))
    return out


def _line(points: Sequence[tuple[float, float]], colour: str, width: float, dash: str = "") -> str:
    way = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="{width}"{dashes}/>'


def _text(x: float, y: float, said: str, colour: str = "#000", more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" {more}>{escape(said)}</text>'
