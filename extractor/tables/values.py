"""The values that a stretch of a table prints: numbers and marks for “none”, with the empty cells between them.

What only looks like a value is left out: page numbers, rules under heads, numbers inside labels and remarks,
list numerals, years.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractor.numerals import NO_CHANGE, parse_number
from extractor.tables.find import Match
from extractor.tables.labels import characters
from extractor.tables.page import BREAKS, FILLER, Page

LABEL = "\x01"
_SPACES = f" \u00a0\u3000{FILLER}"
_UNITS = "批次|人次|件次|万元|亿元|个|件|条|项|宗|份|次|批|元|户|人|起|例|万"
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_UNIT = rf"(?P<unit>[ ]?(?:{_UNITS}))?"
# table 2 has changes (+5, 减4, 未增未减), so a dash before digits is a sign; in the others it is a cell of its own
_SIGNED = re.compile(
    rf"(?P<same>{'|'.join(NO_CHANGE)})|(?P<number>(?:(?:增加|减少|新增|增|减)[ ]?)?[+\-−–]?{_DIGITS}){_UNIT}"
    r"|(?P<mark>—{1,2}|-{1,2}|–|[/\\_?]|无)"
)
_COUNTS = re.compile(rf"(?P<number>{_DIGITS}){_UNIT}|(?P<mark>(?<![^\s|])(?:——|--)(?![^\s|])|[-—–/\\_?]|无)")
_DIGIT = re.compile("[0-9]")
_BESIDE = re.compile(rf"[+\-−–增减]?[0-9]|{'|'.join(NO_CHANGE)}")
_TEXT = re.compile("[\x01\u4e00-\u9fff]+")
_RULE = frozenset("-—=:|+_ \t")
_NOT_COUNTED = frozenset("年月日号第页岁届℃%")
_LIST_NUMERAL = re.compile(r"[.、．)）][ ]?[\u4e00-\u9fff\x01]")


@dataclass(frozen=True, slots=True)
class Token:
    """A printed value at ``[start, end)`` of the page's text; ``value`` is None for a mark such as “/” or 无."""

    start: int
    end: int
    text: str
    value: float | None

    @property
    def digits(self) -> bool:
        """Plain digits, which may be several numbers glued together."""
        return self.text.isascii() and self.text.isdigit()

    @property
    def glued(self) -> bool:
        """Digits that are certainly more than one number: a number has no leading zero."""
        return len(self.text) > 1 and self.text[0] == "0" and self.digits


@dataclass(frozen=True, slots=True)
class Gap:
    """What parts two neighbours: how many empty cells at least and at most, and whether a printed row ends there."""

    least: int
    most: int
    row_end: bool = False
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Strip:
    """Values in a row of text with the gaps around them: ``gaps[i]`` stands before ``tokens[i]``, one more behind."""

    tokens: tuple[Token, ...]
    gaps: tuple[Gap, ...]


def mask(page: Page, start: int, end: int, matches: Iterable[Match], holes: Iterable[tuple[int, int]] = ()) -> str:
    """``page.text[start:end]`` with labels and rules filled in; as long as the stretch itself."""
    chars = list(page.text[start:end])
    for match in matches:
        for a, b in _label_parts(page, match):
            for i in range(max(a, start) - start, min(b, end) - start):
                chars[i] = LABEL
    for a, b in holes:
        for i in range(max(a, start) - start, min(b, end) - start):
            if chars[i] not in BREAKS:
                chars[i] = FILLER
    at = 0
    for line in "".join(chars).split("\n"):
        if _is_rule(line):
            chars[at : at + len(line)] = " " * len(line)
        at += len(line) + 1
    return "".join(chars)


def _is_rule(line: str) -> bool:
    return "---" in line and set(line) <= _RULE


def _label_parts(page: Page, match: Match) -> list[tuple[int, int]]:
    """The places of a label without the values that stand inside it where it is torn."""
    text, at = page.text, page.at
    out = [(match.start, at[match.t0] + 1)]
    for i in range(match.t0 + 1, match.t1):
        a, b = at[i - 1] + 1, at[i]
        torn = a < b and (any(c.isspace() or c == "|" for c in text[a:b]))
        out.append((b, b + 1) if torn else (a, b + 1))
    return [*out, (at[match.t1 - 1] + 1, match.end)]


def tokens(masked: str, base: int, table: str) -> list[Token]:
    """The values in a masked stretch that starts at ``base`` of the page's text."""
    known = characters(table)
    pattern = _SIGNED if table == "t2" else _COUNTS
    out: list[Token] = []
    doubtful: Token | None = None
    for found in pattern.finditer(masked):
        a, b = found.span()
        if found["mark"] is not None:
            if found[0] in "/\\" or pattern is _COUNTS:
                fits = _edge(masked, a - 1) and _edge(masked, b)
            else:
                fits = _wide_edge(masked, a - 1) and _wide_edge(masked, b)
            if fits and not (found[0] == "?" and _beside_number(masked, a, b)):
                out.append(Token(base + a, base + b, found[0], None))
            continue
        text = found["number"] if pattern is _COUNTS else found[0].strip()
        value = float(text) if text.isdigit() and text.isascii() else _value(text)
        if value is None or not _right_fits(masked, b, found["unit"]):
            continue
        token = Token(base + a, base + b, text, value)
        if doubtful and _only_spaces(masked, doubtful.end - base, a):
            # text may end right before a row of numbers: the first of them is one as well
            out += [doubtful, token]
        elif _left_fits(masked, a, known) or _follows(masked, a, b, out[-1].end - base if out else -1):
            out.append(token)
        else:
            doubtful = token
            continue
        doubtful = None
    return out


def _follows(masked: str, a: int, b: int, last: int) -> bool:
    """A number behind another, or at the end of a line inside the remark of its label."""
    if last >= 0 and _only_spaces(masked, last, a):
        return True
    return masked[a - 1] == " " and masked[b : b + 1] in ("\n", "") and in_remark(masked, a)


def in_remark(masked: str, at: int) -> bool:
    """Whether a bracket opened behind the last label is still open: its words explain that label."""
    behind = masked[masked.rfind(LABEL, 0, at) + 1 : at]
    return behind.count("(") > behind.count(")")


def _beside_number(masked: str, a: int, b: int) -> bool:
    """A question mark in the cell of a number is a space that was not understood."""
    behind = masked[b : b + 9].lstrip(_SPACES + "?")
    return bool(_BESIDE.match(behind)) or masked[max(0, a - 9) : a].rstrip(_SPACES)[-1:].isdigit()


def _only_spaces(masked: str, a: int, b: int) -> bool:
    return not masked[a:b].strip(_SPACES)


def _value(text: str) -> float | None:
    amount = parse_number(text)
    return None if amount is None else amount.printed


def _wide_edge(text: str, i: int) -> bool:
    return i < 0 or i >= len(text) or text[i] in BREAKS or text[i] in _SPACES or text[i] == LABEL or text[i] in "/?"


def _edge(text: str, i: int) -> bool:
    """The edge of a mark among glued cells: digits and marks may stand against it."""
    return _wide_edge(text, i) or text[i] in "0123456789-—–_"


def _left_fits(text: str, a: int, known: frozenset[str]) -> bool:
    i = a - 1
    while i >= 0 and text[i] in _SPACES:
        i -= 1
    if i < 0 or a - i > 2 or text[i] in BREAKS or text[i] == LABEL or text[i] in ')）?:】]0123456789/-—_\\"”》':
        return True
    return text[i] in known and text[i] != "第"


def _right_fits(text: str, b: int, unit: str | None) -> bool:
    i = b
    while i < len(text) and text[i] in _SPACES:
        i += 1
    if i >= len(text) or text[i] in BREAKS or text[i] == LABEL:
        return True
    if text.startswith("第二十", i):
        return True
    if text[i] in _NOT_COUNTED or text[i] in "。；，":
        return False
    if unit is not None and text[i] in ",;、":
        return False
    return not _LIST_NUMERAL.match(text, i)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the table is flattened. ``by_row``: a printed row is one line; ``lead_pipe``: rows start with a pipe.

    ``step``: line breaks between two cells that stand one under the other; ``unit``: how many more an empty cell adds.
    """

    step: int
    unit: int
    by_row: bool
    lead_pipe: bool


_STEP = re.compile(r"\S[ ]*(?P<gap>\n[\n\t ]*)(?=\d)|\d[ ]*(?P<then>\n[\n\t ]*)(?=\S)")


def layout_of(masked: str, base: int, values: Sequence[Token]) -> Layout:
    """The flattening as the neighbours of the table show it."""
    in_line = across = 0
    for one, two in pairwise(values):
        between = masked[one.end - base : two.start - base]
        if not _TEXT.search(between):
            in_line += "\n" not in between
            across += "\n" in between
    lines = masked.split("\n")
    by_row = in_line > across or _labels_beside_values(lines)
    rows = [line for line in lines if line.strip(" |")]
    lead = sum(1 for line in rows if line.lstrip(FILLER).startswith("|"))
    found = list(_STEP.finditer(masked))
    steps = Counter((m["gap"] or m["then"]).count("\n") for m in found)
    step = min((s for s, n in steps.items() if n * 4 >= len(found)), default=min(steps, default=1))
    wide = Counter(m["gap"].count("\n") for m in found if m["gap"] and m["gap"].count("\n") > step)
    odd = sum(n for s, n in wide.items() if (s - step) % step)
    return Layout(step, 1 if odd * 3 > sum(wide.values()) else step, by_row, by_row and lead * 2 > len(rows))


def _labels_beside_values(lines: Sequence[str]) -> bool:
    """Whether most lines with a value have more of their row on them."""
    valued = [line for line in lines if _DIGIT.search(line)]
    beside = [line for line in valued if LABEL in line or line.count("|") >= 6 or line.count("\t") >= 6]
    return len(beside) * 2 > len(valued)


def strip_of(masked: str, base: int, values: Sequence[Token], start: int, end: int, layout: Layout) -> Strip:
    """The values between two places of the page with the gaps around and between them."""
    if not values:
        return Strip((), (_inner(masked[start - base : end - base], layout),))
    lead = masked[start - base : values[0].start - base]
    gaps = [_first(lead, start > base and masked[start - base - 1] == LABEL, layout)]
    for one, two in pairwise(values):
        gaps.append(_inner(masked[one.end - base : two.start - base], layout))
    gaps.append(_last(masked[values[-1].end - base : max(end, values[-1].end) - base], layout))
    return Strip(tuple(values), tuple(gaps))


def _first(between: str, behind_label: bool, layout: Layout) -> Gap:
    """Before the first value: what stands behind the last piece of a label, or from the start of its line."""
    lines = between.count("\n")
    texts = list(_TEXT.finditer(between))
    if texts:
        between, behind_label = between[texts[-1].end() :], True
    if layout.by_row and "\n" in between:
        between, behind_label = between[between.rindex("\n") + 1 :], False
    own_line, _, below = between.partition("\n")
    if "|" in own_line and "\n" in between and behind_label and not layout.by_row:
        # pipes on the label's own line end its cell and pad its row; empty cells stand below
        below = _without_padding(below)
        return _at_least(below.count("|"), f"|{below}", layout, lines)
    count = between.count("|")
    if count or "\t" in between:
        count = (count or between.count("\t")) - int(behind_label or (bool(count) and layout.lead_pipe))
        return _at_least(count, between, layout, lines)
    return _by_lines(between, layout, lines)


def _without_padding(below: str) -> str:
    """Where an empty cell is a pipe on its line, a line of several pads the row before."""
    lines = [line.strip(_SPACES) for line in below.split("\n")]
    if "|" not in lines:
        return below
    return "\n".join("" if len(line) > 1 and set(line) == {"|"} else line for line in lines)


def _at_least(count: int, between: str, layout: Layout, lines: int) -> Gap:
    """Empty cells by their tabs or pipes; where cells lead with one and empty ones print nothing, by their lines."""
    if "|" in between or layout.by_row:
        return Gap(max(0, count), max(0, count), lines > 0 and layout.by_row, lines)
    shown = _by_lines(between, layout, lines)
    return Gap(max(0, count, shown.least), max(0, count, shown.most), False, lines)


def _last(between: str, layout: Layout) -> Gap:
    """Behind the last value: up to the next text, and in tables of one row a line up to the end of the line."""
    lines = between.count("\n")
    text = _TEXT.search(between)
    between = between[: text.start()] if text else between
    if layout.by_row:
        between = between.split("\n", 1)[0]
    if "|" in between:
        count = between.count("|") - 1
        return Gap(count, count, lines > 0, lines)
    if "\t" in between:
        # a tab on the line of the next label leads that label
        kept = between if layout.by_row else between[: between.rfind("\n") + 1]
        return _at_least(kept.count("\t"), between, layout, lines)
    return _by_lines(between, layout, lines)


def _inner(between: str, layout: Layout) -> Gap:
    lines = between.count("\n")
    count = between.count("|") or between.count("\t")
    if count:
        doubled = layout.lead_pipe and lines > 0
        return _at_least(count - 1 - int(doubled), between, layout, lines)
    return _by_lines(between, layout, lines)


def _by_lines(between: str, layout: Layout, lines: int) -> Gap:
    row_end = lines > 0 and layout.by_row
    shown = sum(1 for line in between.split("\n")[1:-1] if " " in line and not line.strip(_SPACES))
    if shown and not layout.by_row:
        # a cell with nothing but a space in it keeps its line
        return Gap(shown, shown, False, lines)
    extra = max(0, between.count("\n") - layout.step)
    if layout.by_row or extra == 0:
        return Gap(0, 0, row_end, lines)
    return Gap(extra // layout.unit, -(-extra // layout.unit), row_end, lines)
