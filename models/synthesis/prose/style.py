"""One report's manner: punctuation, digits, spaces, units, what is withheld."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random
from typing import Literal

from models.synthesis.markup import Marked

_ASCII = str.maketrans("，；：（）！？", ",;:()!?")
_FULL_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
_SEAM = re.compile(r"(?<=[\u4e00-\u9fff])(?=[0-9])|(?<=[0-9%])(?=[\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class ProseOptions:
    """How prose is written. ``spaces``: share of the seams between Chinese and digits that get a space;
    ``lost_units``: share of the measure words that are missing; ``families_withheld``: claim families not to use;
    ``register``: requests in the manner that is otherwise kept back (``withheld.yaml``)."""

    families_withheld: frozenset[str] = frozenset()
    punctuation: Literal["full", "ascii"] = "full"
    straight_quotes: bool = False
    full_digits: bool = False
    separators: bool = False
    spaces: float = 0.0
    lost_units: float = 0.0
    unit: str = "件"
    register: bool = False


def draw_options(rng: Random, families_withheld: frozenset[str] = frozenset()) -> ProseOptions:
    """One report's manner, drawn with the weights of the wild."""
    unit = rng.choices(
        ("件", "条", "起", "项", "宗", "份", "次", "例", "个", "件次", ""), (84, 5, 2, 2, 2, 1, 1, 1, 1, 1, 1)
    )
    return ProseOptions(
        families_withheld=families_withheld,
        punctuation="ascii" if rng.random() < 0.22 else "full",
        straight_quotes=rng.random() < 0.15,
        full_digits=rng.random() < 0.015,
        separators=rng.random() < 0.04,
        spaces=rng.choice((0.3, 0.9, 1.0)) if rng.random() < 0.1 else 0.0,
        lost_units=rng.uniform(0.2, 0.9) if rng.random() < 0.035 else 0.0,
        unit=unit[0],
    )


def typeset(rng: Random, made: Marked, options: ProseOptions) -> Marked:
    """The text in the report's typography; marks move along."""
    if options.punctuation == "ascii":
        made.text = made.text.translate(_ASCII)
    if options.straight_quotes:
        made.text = made.text.replace("“", '"').replace("”", '"')
    if options.full_digits:
        made.text = made.text.translate(_FULL_DIGITS)
    if options.spaces:
        seams = [m.start() for m in _SEAM.finditer(made.text) if rng.random() < options.spaces]
        return made.substitute((i, i, " ") for i in seams)
    return made
