"""Sub-headings as they are met: numbered in several systems, on a line of their own or run in, and damaged."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Literal

from models.synthesis.markup import Mark
from models.synthesis.prose.figures import chinese
from models.synthesis.prose.scribe import Scribe

System = Literal["一、", "（一）", "1.", "1、", "（1）", "bare"]
Placing = Literal["line", "stop", "run", "colon", "comma", "space", "glued"]

LEVELS: dict[System, int] = {"一、": 1, "（一）": 2, "bare": 2, "1.": 3, "1、": 3, "（1）": 4}
_INNER: dict[System, tuple[System, ...]] = {
    "一、": ("（一）", "（一）", "1."), "（一）": ("1.", "1.", "1、"), "bare": ("1.", "（一）", "1、"),
    "1.": ("（1）",), "1、": ("（1）",), "（1）": ("（1）",),
}  # fmt: skip
_ENDS: dict[Placing, tuple[str, ...]] = {
    "line": ("",), "stop": ("。",), "run": ("。",), "colon": ("：",), "comma": ("，",), "space": (" ", "  ", "\u3000"),
    "glued": ("",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class HeadingStyle:
    """One list of headings: its numbering, where its titles stand, and how often they are damaged."""

    system: System
    placing: Placing
    damage: float
    first: int = 1

    @property
    def own_line(self) -> bool:
        return self.placing in ("line", "stop")


def draw_style(rng: Random, system: System | None = None) -> HeadingStyle:
    """A heading style with the weights of the wild."""
    if system is None:
        systems: tuple[System, ...] = ("（一）", "1.", "1、", "（1）", "bare", "一、")
        system = rng.choices(systems, (68, 11, 7, 3, 9, 2))[0]
    placings: tuple[Placing, ...] = ("line", "stop", "run", "colon", "comma", "space", "glued")
    weights = (38, 5, 46, 5, 1, 4, 3) if LEVELS[system] < 3 else (28, 3, 60, 5, 1, 2, 2)
    placing = rng.choices(placings, weights)[0]
    if system == "bare" and placing in ("glued", "space", "comma"):
        placing = "run"
    return HeadingStyle(system, placing, rng.choice((0.0, 0.0, 0.0, 0.03, 0.2)), 2 if rng.random() < 0.015 else 1)


def inner_style(rng: Random, outer: HeadingStyle) -> HeadingStyle:
    """The style of the headings below others."""
    return draw_style(rng, rng.choice(_INNER[outer.system]))


def open_heading(s: Scribe, style: HeadingStyle, i: int, title: str) -> None:
    """Append the i-th heading (from 0) with the title of a rule, and what ends it; mark it."""
    start = len(s.out.text)
    bare = style.system == "bare"
    number = "" if bare else _number(s.rng, style.system, i + style.first)
    if number and s.rng.random() < style.damage:
        number = _damaged(s.rng, number, style.system, i + style.first)
        bare = not number
    s.out.text += number
    s.say(f"{{{title}}}")
    data = {"level": LEVELS[style.system], "kind": None, "optional": bare}
    s.out.marks.append(Mark(start, len(s.out.text), "heading", data))
    s.out.text += s.rng.choice(_ENDS[style.placing])


def _number(rng: Random, system: System, n: int) -> str:
    roll = rng.random()
    if system == "（一）":
        return ("（{}）" if roll < 0.9 else "({})" if roll < 0.96 else "（{}）、").format(_ordinal(n))
    if system == "一、":
        return _ordinal(n) + "、"
    if system == "（1）":
        return f"（{n}）" if roll < 0.85 else f"({n})"
    if system == "1、":
        return f"{n}、"
    return f"{n}." if roll < 0.85 else f"{n}．" if roll < 0.93 else f"{n}. "


def _ordinal(n: int) -> str:
    return "二" if n == 2 else chinese(n)


def _damaged(rng: Random, number: str, system: System, n: int) -> str:
    """A numeral as scraping leaves it: its bracket or itself lost, doubled, or the one before it repeated."""
    kind = rng.random()
    if kind < 0.3:
        return number[1:] if len(number) > 2 else number
    if kind < 0.45 and system == "（一）":
        return number[-1]
    if kind < 0.6:
        return ""
    if kind < 0.75:
        return number + _number(rng, system, max(1, n - 1))
    if kind < 0.9:
        return number + number
    return _number(rng, system, max(1, n - 1))
