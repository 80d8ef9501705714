"""What a measurement found, beside what it must be; printed as one table in Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """``bound`` is what the figure must be, empty where it is only told; ``fits`` whether it is."""

    name: str
    value: str
    bound: str = ""
    fits: bool = True


def show(title: str, figures: Sequence[Figure]) -> int:
    """Print the table. Returns the exit code: 1 where a bound is missed."""
    print(f"\n| {title} | measured | must be | |")
    print("|---|---:|---:|---|")
    for figure in figures:
        verdict = ("yes" if figure.fits else "NO") if figure.bound else ""
        print(f"| {figure.name} | {figure.value} | {figure.bound} | {verdict} |", flush=True)
    return 0 if all(figure.fits for figure in figures) else 1


def percentile(times: Sequence[float], percent: int) -> float:
    """The value below which so many percent lie; of a single value that value."""
    if len(times) < 2:
        return times[0]
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1]
