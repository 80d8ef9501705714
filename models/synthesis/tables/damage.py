"""How one document prints its tables apart from the flattening style: labels, heads, cuts, rows gone or doubled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from models.synthesis.tables.values import Blanks, NumberLook, PrintedCell, draw_blanks, draw_look

HeadLook = Literal["intact", "space", "wrap", "cut"]
OrgLook = Literal["plain", "space", "wrap", "wide", "two_rows"]
NoteLook = Literal["full", "open", "other_word", "spaced", "cut", "wrap", "missing"]
ArticleLook = Literal["plain", "space", "nbsp", "short"]
Cut = Literal["none", "blank_line", "page", "page_header"]
Explained = Literal["none", "rows", "all"]


@dataclass(frozen=True, slots=True)
class Damage:
    """Defects and habits of one document's tables; the default prints the form as the law has it.

    ``altered``, ``truncated``, ``wrapped`` and ``broken`` are chances for each row label: another wording, its end
    cut off, white space inside, its bracket or number lost. ``rows_*`` are counts for each table; ``group_dropped``
    takes the labels of one group away and leaves the numbers. ``caption`` and ``footnote`` add lines around.
    """

    half_brackets: bool = False
    half_commas: bool = False
    numbering: str = "."
    quotes: str = "“”"
    article: ArticleLook = "plain"
    head: HeadLook = "intact"
    organisations: OrgLook = "plain"
    outcomes: OrgLook = "plain"
    note: NoteLook = "full"
    altered: float = 0.0
    truncated: float = 0.0
    wrapped: float = 0.0
    wrap: str = " "
    broken: float = 0.0
    explained: Explained = "none"
    rows_missing: int = 0
    rows_doubled: int = 0
    rows_swapped: int = 0
    subtotal: bool = False
    extra_row: bool = False
    group_dropped: str | None = None
    cut: Cut = "none"
    drift: float = 0.0
    caption: bool = False
    footnote: bool = False


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What the caller decides of a table.

    ``cells`` overrides what single cells print (planted faults, odd blanks); all others follow ``blanks`` and
    ``look``. ``already`` are lines that stand before the table in the document: the style that removes repeated
    lines removes them from the table as well. ``hybrid``: table 2 opens with the 2019 block under the 2021 form; its
    cells then have the ids of the 2019 columns (t2.normative.new_made …).
    """

    blanks: Blanks = "zeros"
    look: NumberLook = field(default_factory=NumberLook)
    damage: Damage = field(default_factory=Damage)
    cells: Mapping[str, PrintedCell] = field(default_factory=dict)
    already: frozenset[str] = frozenset()
    hybrid: bool = False


def draw_damage(rng: Random) -> Damage:
    """The habits of a document: 1–3 odd heads, 0–2 odd row labels a table, seldom a cut or a lost row."""
    half = rng.random() < 0.45
    articles: tuple[ArticleLook, ...] = ("plain", "space", "nbsp", "short")
    organisations: tuple[OrgLook, ...] = ("plain", "space", "wrap", "wide", "two_rows")
    notes: tuple[NoteLook, ...] = ("full", "open", "other_word", "spaced", "cut", "wrap", "missing")
    heads: tuple[HeadLook, ...] = ("intact", "space", "wrap", "cut")
    cuts: tuple[Cut, ...] = ("none", "blank_line", "page", "page_header")
    explained: tuple[Explained, ...] = ("none", "rows", "all")
    rate = rng.choices((0.0, 0.04, 0.12, 0.4), (0.5, 0.3, 0.14, 0.06))[0]
    wrap_rate = rng.choices((0.0, 0.06, 0.3, 0.9), (0.74, 0.12, 0.09, 0.05))[0]
    return Damage(
        half_brackets=half,
        half_commas=half and rng.random() < 0.8,
        numbering=rng.choices((".", "．", "、", ". "), (0.8, 0.06, 0.06, 0.08))[0],
        quotes=rng.choices(("“”", '""', "《》", "‘’", ""), (0.76, 0.17, 0.03, 0.02, 0.02))[0],
        article=rng.choices(articles, (0.86, 0.05, 0.06, 0.03))[0],
        head=rng.choices(heads, (0.58, 0.18, 0.16, 0.08))[0],
        organisations=rng.choices(organisations, (0.38, 0.28, 0.26, 0.03, 0.05))[0],
        outcomes=rng.choices(organisations, (0.6, 0.14, 0.2, 0.03, 0.03))[0],
        note=rng.choices(notes, (0.74, 0.05, 0.03, 0.05, 0.04, 0.06, 0.03))[0],
        altered=rate,
        truncated=rng.choices((0.0, 0.02, 0.08), (0.75, 0.17, 0.08))[0],
        wrapped=wrap_rate,
        wrap=rng.choices((" ", "\n"), (0.7, 0.3))[0],
        broken=rng.choices((0.0, 0.02, 0.1), (0.86, 0.1, 0.04))[0],
        explained=rng.choices(explained, (0.975, 0.015, 0.01))[0],
        rows_missing=int(rng.random() < 0.02),
        rows_doubled=int(rng.random() < 0.015),
        rows_swapped=int(rng.random() < 0.02),
        subtotal=rng.random() < 0.012,
        extra_row=rng.random() < 0.04,
        group_dropped=rng.choice(("denied", "unavailable", "rejected")) if rng.random() < 0.012 else None,
        cut=rng.choices(cuts, (0.87, 0.06, 0.04, 0.03))[0],
        drift=0.25 if rng.random() < 0.06 else 0.0,
        caption=rng.random() < 0.06,
        footnote=rng.random() < 0.04,
    )


def draw_options(rng: Random) -> TableOptions:
    """The options of one document, the same for its three tables."""
    return TableOptions(blanks=draw_blanks(rng), look=draw_look(rng), damage=draw_damage(rng))
