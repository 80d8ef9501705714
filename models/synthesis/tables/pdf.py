"""Styles of PDF text: labels wrapped around numbers, torn group labels, upright heads, numbers column by column."""

from __future__ import annotations

from random import Random

from models.synthesis.tables.order import page_row
from models.synthesis.tables.pen import Pen
from models.synthesis.tables.sheet import Row, Sheet, Slot


def write_pdf_rows(rng: Random, sheet: Sheet, pen: Pen) -> None:
    """A row a line; long labels wrap over lines with the numbers on one of them, group labels come in torn pieces."""
    sep = rng.choice(("\t", "\t", " ", "  "))
    pen.wrap = "\n"
    width = rng.choice((8, 10, 12, 14, 18))
    torn = Torn(rng, sep)
    cut = _page_cut(rng, sheet)
    for i, row in enumerate(sheet.rows):
        if i == cut:
            torn.flush(pen)
            _page(rng, sheet, pen, sep)
        if row.plain:
            pen.plain(row)
        elif row.kind == "head":
            continue_head(rng, sheet, row, pen, sep)
        elif row.kind == "data" and sheet.table != "t4":
            _wrapped(rng, row, pen, sep, width, torn)
        else:
            _outcomes(rng, row, pen, sep)
    torn.flush(pen)


def _outcomes(rng: Random, row: Row, pen: Pen, sep: str) -> None:
    """The numbers of table 4 on one line, seldom a line for each of its three groups."""
    values = row.values
    each = 5 if rng.random() < 0.12 else 15
    for at in range(0, len(values), each):
        pen.sparse(values[at : at + each], sep)
        pen.raw("\n")


def _page_cut(rng: Random, sheet: Sheet) -> int:
    """The row before which a page ends, -1 for none."""
    first = next(i for i, r in enumerate(sheet.rows) if r.kind == "data")
    if sheet.table == "t4" or rng.random() < 0.5 or len(sheet.rows) - first < 3:
        return -1
    return rng.randrange(first + 1, len(sheet.rows))


def _page(rng: Random, sheet: Sheet, pen: Pen, sep: str) -> None:
    if rng.random() < 0.8:
        pen.raw(rng.choice(("", "\n")))
        pen.slot(page_row(rng).slots[0])
        pen.raw("\n")
    if sheet.table == "t3" and rng.random() < 0.6:
        for row in [r for r in sheet.rows if r.kind == "head"]:
            continue_head(rng, sheet, row, pen, sep)


def continue_head(rng: Random, sheet: Sheet, row: Row, pen: Pen, sep: str) -> None:
    """One row of heads; halves of wrapped heads stand on two lines, one below the other, those of table 4 upright."""
    slots = [s for s in row.present if s.text]
    wrapped = any("\n" in s.text for s in slots)
    if not wrapped and sheet.table == "t4" and len(slots) >= 10 and rng.random() < 0.35:
        _upright(slots, pen, sep)
        return
    for part in range(2 if wrapped else 1):
        pieces = [[*s.text.split("\n"), ""][part] if wrapped else s.text for s in slots]
        for i, (text, slot) in enumerate((t, s) for t, s in zip(pieces, slots, strict=True) if t):
            pen.raw(sep if i else "")
            pen.piece(text, slot.type)
        pen.raw("\n")


def _upright(slots: list[Slot], pen: Pen, sep: str) -> None:
    """Heads set in columns of single characters."""
    for level in range(max(len(s.text) for s in slots)):
        chars = [s.text[level] for s in slots if len(s.text) > level and not s.text[level].isspace()]
        for i, char in enumerate(chars):
            pen.raw(" " if i else "")
            pen.piece(char, "header")
        pen.raw("\n")


class Torn:
    """Group labels that come in pieces before the lines of their group, as upright cells of a page do."""

    def __init__(self, rng: Random, sep: str) -> None:
        self.rng = rng
        self.sep = sep
        self.outer: list[str] = []
        self.inner: list[str] = []

    def take(self, row: Row, pen: Pen) -> None:
        """Take over the group labels of a row; what is left of the former group goes first."""
        labels = [s for s in row.slots if s.type == "label"]
        if len(labels) != 3:
            return
        if labels[0].text and not labels[0].merge and (row.group is not None):
            self.outer = list(labels[0].text.replace("\n", "").replace(" ", ""))
        if row.group in ("denied", "unavailable", "rejected", "other") and labels[1].text:
            self._flush(self.inner, pen)
            text = labels[1].text.replace("\n", "").replace(" ", "")
            head = text.find("）") + 1 or text.find(")") + 1
            self.inner = [p for p in (text[:head], text[head : head + 2], text[head + 2 :]) if p]
        elif row.group is None or row.group == "result":
            self._flush(self.inner, pen)
        if row.group is None:
            self._flush(self.outer, pen)

    def line(self, pen: Pen) -> None:
        """A piece or two before a line."""
        for pieces in (self.outer, self.inner):
            if pieces and self.rng.random() < 0.5:
                pen.piece(pieces.pop(0), "label")
                pen.raw(self.sep)
        if self.outer and self.rng.random() < 0.25:
            pen.piece(self.outer.pop(0), "label")
            pen.raw("\n")

    def flush(self, pen: Pen) -> None:
        """All that is left, a piece a line."""
        self._flush(self.inner, pen)
        self._flush(self.outer, pen)

    def _flush(self, pieces: list[str], pen: Pen) -> None:
        while pieces:
            pen.piece(pieces.pop(0), "label")
            pen.raw("\n")


def _wrapped(rng: Random, row: Row, pen: Pen, sep: str, width: int, torn: Torn) -> None:
    torn.take(row, pen)
    label = own_label(row)
    chunks = chop(label, width)
    at = len(chunks) // 2
    alone = len(chunks) == 2 and rng.random() < 0.4
    if len(chunks) > 1 and rng.random() < 0.25:
        at = rng.choice((0, len(chunks) - 1))
    for i, chunk in enumerate(chunks):
        if alone and i == 1:
            pen.sparse(row.values, sep)
            pen.raw("\n")
        torn.line(pen)
        if chunk:
            pen.piece(chunk, "label")
        if i == at and not alone:
            pen.raw(sep if chunk and any(v.text for v in row.values) else "")
            pen.sparse(row.values, sep)
        pen.raw("\n")


def own_label(row: Row) -> str:
    """The row's own label without breaks, "" where it lost it."""
    labels = [s for s in row.slots if s.type == "label"]
    if len(labels) == 3 and row.group in ("denied", "unavailable", "rejected", "other"):
        return labels[2].text.replace("\n", "")
    if len(labels) >= 3 and row.group is not None:
        return labels[1].text.replace("\n", "")
    return labels[0].text.replace("\n", "") if labels else ""


def chop(text: str, width: int) -> list[str]:
    """Pieces of at most ``width`` characters; one empty piece for no text."""
    return [text[i : i + width].strip() for i in range(0, len(text), width)] or [""]


def write_pdf_columns(rng: Random, sheet: Sheet, pen: Pen) -> None:
    """A cell a line; some neighbouring rows of table 3 come as columns of numbers, their labels before or behind."""
    pen.wrap = rng.choice(("\n", ""))
    runs = _runs(rng, sheet)
    held: list[Row] = []
    for i, row in enumerate(sheet.rows):
        if row.kind == "blank":
            continue
        if i in runs:
            held.append(row)
            if i + 1 not in runs or runs[i + 1] != runs[i]:
                _columns(rng, held, pen)
                held = []
            continue
        ahead = row.kind == "data" and len(row.values) == 1 and rng.random() < 0.3
        slots = [*row.values, *row.labels] if ahead else row.present
        if sheet.table == "t3" and row.kind == "head" and len(slots) < 4 and rng.random() < 0.25:
            slots = slots[::-1]  # cells of one height come in the order in which the page was drawn
        for slot in slots:
            pen.slot(slot)
            pen.raw("\n\n" if slot.text else "")


def _runs(rng: Random, sheet: Sheet) -> dict[int, int]:
    """Row index → number of its run. Rows with blanks stand alone: a column of numbers has no holes."""
    runs: dict[int, int] = {}
    if sheet.table != "t3":
        return runs
    number, left = 0, 0
    for i, row in enumerate(sheet.rows):
        whole = row.kind == "data" and row.group is not None and bool(row.values) and all(v.text for v in row.values)
        if not whole:
            left = 0
            continue
        if left == 0:
            number, left = number + 1, rng.choice((0, 0, 2, 4, 6, 10, 11)) or -rng.randint(1, 4)
        if left > 0:
            runs[i] = number
            left -= 1
        else:
            left += 1
    return {i: n for i, n in runs.items() if sum(m == n for m in runs.values()) > 1}


def _columns(rng: Random, rows: list[Row], pen: Pen) -> None:
    behind = rng.random() < 0.7
    if not behind:
        _labels(rows, pen)
    for column in range(len(rows[0].values)):
        for row in rows:
            pen.slot(row.values[column])
            pen.raw("\n")
        pen.raw("\n")
    if behind:
        _labels(rows, pen)


def _labels(rows: list[Row], pen: Pen) -> None:
    for row in rows:
        for slot in row.labels:
            pen.slot(slot)
            pen.raw("\n")
    pen.raw("\n")
