"""Sums that the form demands: each row, each column, 勾稽, the outcomes of table 4."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from extractor.checks.base import SURE_CELL, Case, Verdict, finding, number, say
from extractor.document import Cell, Finding, Message
from models.form import Identity

_TOLERANCE = 1e-6


class TableArithmetic:
    """Every identity of the form, over the numbers that the report prints."""

    kind: ClassVar[str] = "table_arithmetic"
    sentences: ClassVar[dict[str, Message]] = {
        "match": Message("{place}：{rule}，{left}＝{right}，成立。", "{place}: {rule}; {left} = {right} holds."),
        "mismatch": Message(
            "{place}：{rule}，但{left}得{sum}，所印为{right}，相差{gap}。",
            "{place}: {rule}, but {left} makes {sum} where {right} is printed; off by {gap}.",
        ),
        "misread": Message(
            "{place}：{rule}，读出的{left}得{sum}，另一侧为{right}；有单元格读取把握不足，可能是误读，不作定论。",
            "{place}: {rule}; {left} makes {sum} against {right}, but a cell is uncertain and may have been misread.",
        ),
        "unread": Message(
            "{place}：{rule}，因有单元格未能读出，无法核对。",
            "{place}: {rule}; a cell could not be read, so the sum cannot be checked.",
        ),
        "blank": Message(
            "{place}：{rule}，因合计或各分项为空白，无法核对。",
            "{place}: {rule}; the total or every part is blank, so the sum cannot be checked.",
        ),
        "lost": Message(
            "{place}：{rule}，{left}得{sum}，所印为{right}；空白格中可能有丢失的数字，不作定论。",
            "{place}: {rule}; {left} makes {sum} against {right}, but a blank cell may have lost its number.",
        ),
    }

    def __call__(self, case: Case) -> Iterator[Finding]:
        if case.form is None:
            return
        for identity in case.form.identities:
            if identity.right[0].split(".", 1)[0] in case.figures.tables:
                yield from self._one(case, identity)

    def _one(self, case: Case, identity: Identity) -> Iterator[Finding]:
        left, right = (case.figures.printed_ids(side) for side in (identity.left, identity.right))
        cells = [case.figures.cells.get(i) for i in (*left, *right)]
        if all(c is None for c in cells):
            return
        sums = [self._sum(case, side) for side in (left, right)]
        verdict = self._judge(case, cells, sums[0], sums[1], right)
        total, printed = sums
        shown: dict[str, Message | str | float | None] = {
            "place": case.place(right[0]),
            "rule": Message(identity.zh, identity.en),
            "left": _terms(case, left),
            "right": _terms(case, right),
            "sum": total,
            "gap": abs((total or 0) - (printed or 0)),
        }
        spans = [c.span for c in cells if c and c.span and c.value is not None]
        yield finding(
            self.kind, verdict, say(self.sentences[verdict.sentence], **shown), cells=(*left, *right),
            expected=total, found=printed, evidence=spans,
        )  # fmt: skip

    def _sum(self, case: Case, ids: tuple[str, ...]) -> float | None:
        """The printed numbers of one side; None where it prints none."""
        values = [c.value for i in ids if (c := case.figures.cells.get(i)) and c.value is not None]
        return float(sum(values)) if values else None

    def _judge(
        self, case: Case, cells: list[Cell | None], left: float | None, right: float | None, totals: tuple[str, ...]
    ) -> Verdict:
        here = [c for c in cells if c is not None]
        if len(here) < len(cells) or any(c.status == "unread" for c in here):
            return Verdict("unverifiable", "unread", "a cell was not read")
        if left is None or right is None or self._total_missing(case, totals):
            return Verdict("unverifiable", "blank", "the total or all its parts are blank")
        if abs(left - right) <= _TOLERANCE:
            return Verdict("match", "match", "the sum holds")
        if any(c.status == "placed" or c.confidence < SURE_CELL for c in here):
            return Verdict("unverifiable", "misread", "a cell's reading is uncertain", "warning")
        if self._blank_may_hide(here, right - left, totals):
            return Verdict("unverifiable", "lost", "a blank cell among printed zeros", "warning")
        return Verdict("mismatch", "mismatch", "all cells were read", "error")

    def _total_missing(self, case: Case, totals: tuple[str, ...]) -> bool:
        """A total that is blank although its own row prints numbers stands for no 0."""
        cells = [case.figures.cells[i] for i in totals]
        return any(c.value is None and any(p.value for p in case.figures.parts_of(c.id)) for c in cells)

    def _blank_may_hide(self, cells: list[Cell], lacking: float, totals: tuple[str, ...]) -> bool:
        """Where zeros are printed, a blank is no zero: it may be the number that is lacking."""
        blanks = [c for c in cells if c.value is None]
        if not blanks or not any(c.value == 0 for c in cells):
            return False
        hiding = [c for c in blanks if (c.id in totals) == (lacking < 0)]
        return bool(hiding)


def _terms(case: Case, ids: tuple[str, ...]) -> str:
    """The side of a sum as figures: 10+1+0+0; long ones without their zeros."""
    values = [c.value if (c := case.figures.cells.get(i)) else None for i in ids]
    kept = [v for v in values if v] if len(values) > 6 else [v for v in values if v is not None]
    return "+".join(number(v) for v in kept) or "0"
