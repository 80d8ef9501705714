"""What one synthetic report is about: the body that reports, the year, and every cell of its tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from models.form import Form

Level = Literal["city", "district", "office", "bureau", "street", "vertical"]


@dataclass(frozen=True, slots=True)
class Facts:
    """The truth that tables and prose of one report draw on.

    ``values`` has every cell of the form (numbers; all identities hold). ``level``: a consolidated report of a whole
    city or district, or that of an office, bureau, street/town, or a vertical body. ``area`` is what the report
    calls its area (全市, 全区, 全县 …), ``we`` what it calls itself (我局, 区政府办公室 …).
    ``single_other``: a 2021 form printed with one （六）其他处理 row.
    """

    form: Form
    year: int
    issuer: str
    place: str
    level: Level
    area: str
    we: str
    values: dict[str, float]
    single_other: bool = False
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def consolidated(self) -> bool:
        return self.level in ("city", "district")

    def value(self, expression: str) -> float:
        """The value of a metric expression (``+`` and ``*`` sum)."""
        return sum(self.values[c] for c in self.form.expand(expression))

    def concept(self, name: str) -> float | None:
        """The value of a concept, None where the form has no such quantity."""
        expression = self.form.metrics[name].expression
        return None if expression is None else self.value(expression)
