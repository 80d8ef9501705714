"""Headings of the six sections, in the punctuation and wording that reports use."""

from __future__ import annotations

import random
from dataclasses import dataclass

from models.form import Section
from models.synthesis.markup import Mark, Marked
from models.synthesis.page_layout import INNER_BREAK

_NUMERALS = "一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class HeadingStyle:
    """How one report writes its section headings.

    ``point`` stands after the numeral; ``numbered`` False leaves all numerals away; ``stop`` ends the line;
    ``variants``: chance of another wording than the form's; ``lost``: the section whose numeral alone is missing.
    """

    point: str = "、"
    numbered: bool = True
    stop: str = ""
    variants: float = 0.1
    lost: int = 0
    torn: int = 0


def draw_heading_style(rng: random.Random) -> HeadingStyle:
    point = rng.choices(("、", "、 ", "、\u00a0", ".", "．", " ", "，"), (86, 6, 2, 2, 1, 2, 1))[0]
    return HeadingStyle(
        point=point,
        numbered=rng.random() >= 0.03,
        stop=rng.choices(("", "。", "、", "："), (95.5, 3, 0.5, 1))[0],
        variants=rng.choice((0.0, 0.0, 0.1, 0.3)),
        lost=rng.randint(1, 6) if rng.random() < 0.015 else 0,
        torn=rng.randint(1, 6) if rng.random() < 0.02 else 0,
    )


def write_heading(rng: random.Random, section: Section, ordinal: int, style: HeadingStyle, year: int) -> Marked:
    """One section's heading with its marks (heading, block), the stop outside the heading."""
    title = rng.choice(section.titles) if rng.random() < style.variants else section.title
    if section.kind == "overview" and rng.random() < style.variants * 0.15:
        title = f"{year}年{title}"
    numeral = _NUMERALS[ordinal - 1] + style.point if style.numbered and style.lost != section.ordinal else ""
    text = numeral + title
    if style.torn == section.ordinal and len(text) > 7:
        cut = rng.randint(4, len(text) - 2)
        text = text[:cut] + INNER_BREAK + text[cut:]
    out = Marked(text, [Mark(0, len(text), "heading", {"level": 1, "kind": section.kind})])
    out.add(style.stop)
    out.mark(0, len(out.text), "block", type="heading")
    return out
