"""Table 4: reviews and lawsuits, one row of fifteen numbers under heads that are torn in every way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from extractor.document import Cell
from extractor.tables.cells import Cells, blank, in_order, open_readings, printed, unread
from extractor.tables.fit import balances
from extractor.tables.glue import splits
from extractor.tables.labels import characters
from extractor.tables.page import FILLER, Page
from extractor.tables.values import LABEL, Gap, Layout, Token, layout_of, mask, strip_of, tokens
from models.form import load_forms

WIDTH, GROUP = 15, 5
MIN_HEAD, SHORT_HEAD = 24, 12
_UNITS = "件无宗起次"
_BEHIND_DATES = frozenset("年月日号第页岁届")
_SPACES = f" {FILLER}"
_NUMERALS = frozenset("一二三四五六七八九")


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Table 4 on the page: the heads at ``hanzi[t0:t1]`` and the values among and behind them."""

    page: Page
    t0: int
    t1: int
    start: int
    end: int
    masked: str
    values: tuple[Token, ...]
    layout: Layout

    @property
    def last(self) -> int:
        """The end of the table in the page's text."""
        return max(self.page.at[self.t1 - 1] + 1, self.values[-1].end if self.values else 0)


@cache
def _ids() -> tuple[str, ...]:
    return load_forms()[-1].tables["t4"].cell_ids()


@cache
def _head() -> re.Pattern[str]:
    letters = "".join(sorted(characters("t4") - _NUMERALS))
    return re.compile(f"[{letters}{_UNITS}]{{{SHORT_HEAD},}}")


def find_outcomes(page: Page, holes: Iterable[tuple[int, int]] = ()) -> Outcomes | None:
    """The stretch of nothing but words of table 4's heads that has the most values; None where there is none."""
    cuts = tuple(holes)
    found = [_outcomes(page, m.start(), m.end(), cuts) for m in _head().finditer(page.hanzi)]
    fair = [o for o in found if o.t1 - o.t0 >= MIN_HEAD or len(o.values) >= 10]
    return max(fair, key=_weight, default=None)


def _weight(found: Outcomes) -> tuple[int, int, int, int]:
    """A row of values, else the longer heads: a sentence names some of the outcomes, each with its number."""
    count = WIDTH if _run_together(found.values) else min(len(found.values), WIDTH)
    return count if count >= 10 else 0, found.t1 - found.t0, count, -found.start


def _outcomes(page: Page, t0: int, t1: int, holes: tuple[tuple[int, int], ...]) -> Outcomes:
    start, end = page.at[t0], min(len(page.text), page.clip(t1) + 1)
    masked = mask(page, start, end, (), holes)
    last = masked[-1:] if masked[-1:] in _BEHIND_DATES else ""
    words = masked[: len(masked) - len(last)]
    masked = "".join([LABEL if "\u4e00" <= c <= "\u9fff" and c not in _UNITS else c for c in words]) + last
    values = tuple(tokens(masked, start, "t4"))
    return Outcomes(page, t0, t1, start, end, masked, values, layout_of(masked, start, values))


def read_outcomes(found: Outcomes, glued: bool, layout: Layout | None = None) -> Cells:
    """The cells of table 4. ``layout``: how the report's other tables are flattened, which shows more of it."""
    if layout is not None and not layout.by_row and not found.layout.by_row:
        found = replace(found, layout=layout)
    behind = tuple(v for v in found.values if v.start >= found.page.at[found.t1 - 1])
    if _run_together(behind):
        found = replace(found, values=behind)  # what stands before are sentences with the same words
    values, ids = found.values, _ids()
    if not values:
        return Cells(tuple(blank(i, 0.9, "the table prints no value") for i in ids))
    if len(values) < WIDTH and (glued or any(t.glued for t in values) or _run_together(values)):
        readings = _split(values)
        if readings:
            return _alternatives(found.page, readings)
    if len(values) >= WIDTH:
        row, why = _window(found)
        return Cells(_cells(found.page, row, why))
    placed = _among_empty(found)
    if placed is None:
        shown = ", ".join(t.text for t in values)
        why = f"{len(values)} values for {WIDTH} columns and no empty cells between: {shown}"
        return Cells(in_order({}, ids, why))
    return Cells(_cells(found.page, placed, "by its place among empty cells"))


def _run_together(values: Sequence[Token]) -> bool:
    return len(values) == 1 and values[0].digits and len(values[0].text) >= WIDTH


def _window(found: Outcomes) -> tuple[Sequence[Token], str]:
    """Fifteen values in a row; of more, those that add up best, the first of equals."""
    values: Sequence[Token] = found.values
    if len(values) == WIDTH:
        return values, "one value a column"
    behind = [v for v in values if v.start >= found.page.at[found.t1 - 1]]
    if len(behind) >= WIDTH:
        values = behind  # a number in front of the heads' end is no outcome
    if len(values) == WIDTH:
        return values, "one value a column"
    ways = [values[i : i + WIDTH] for i in range(len(values) - WIDTH + 1)]
    if len(values) == WIDTH + 1 and not found.layout.by_row:
        # a page number among them stands closer or farther than cells do; what stands as they do is never left out
        ways += [[*values[:i], *values[i + 1 :]] for i in range(1, WIDTH) if _out_of_step(found, values, i)]
    return max(ways, key=_holds), "fifteen of more values, by their sums"


def _out_of_step(found: Outcomes, values: Sequence[Token], i: int) -> bool:
    """Whether a value stands at another distance from the one before than cells do."""
    between = found.masked[values[i - 1].end - found.start : values[i].start - found.start]
    return between.count("\n") != found.layout.step


def _holds(row: Sequence[Token | None]) -> int:
    numbers = [t.value if t else None for t in row]
    return sum(balances(numbers[i : i + GROUP]) is True for i in range(0, WIDTH, GROUP))


def _cells(page: Page, row: Sequence[Token | None], why: str) -> tuple[Cell, ...]:
    out: list[Cell] = []
    for i, (cell_id, token) in enumerate(zip(_ids(), row, strict=True)):
        group = [t.value if t else None for t in row[i - i % GROUP : i - i % GROUP + GROUP]]
        held = balances(group)
        sure = 0.97 if held is None else 0.99 if held else 0.9
        out.append(blank(cell_id) if token is None else printed(page, cell_id, token, sure, why))
    return tuple(out)


def _split(values: Sequence[Token]) -> list[tuple[Token, ...]]:
    """Glued digits as three groups of five, each with its sum; as they are where digits and columns are as many."""
    if sum(len(t.text) for t in values) == WIDTH:
        return splits(values, WIDTH, False)
    marks = [(t, i) for t in values for i in range(len(t.text) if t.digits else 1)]
    ways: dict[int, list[tuple[Token, ...]]] = {0: [()]}
    for _ in range(WIDTH // GROUP):
        following: dict[int, list[tuple[Token, ...]]] = {}
        for at, before in ways.items():
            for end in range(at + GROUP, min(len(marks), at + 24) + 1):
                for part in splits(_between(marks[at:end]), GROUP, True)[:8]:
                    following.setdefault(end, []).extend((*b, *part) for b in before[:8])
        ways = following
    return ways.get(len(marks), [])[:64]


def _between(marks: Sequence[tuple[Token, int]]) -> list[Token]:
    """The tokens, or parts of tokens, that a run of digits covers."""
    out: list[Token] = []
    for token, i in marks:
        if not token.digits:
            out.append(token)
        elif out and i and out[-1].end == token.start + i:
            text = out[-1].text + token.text[i]
            out[-1] = Token(out[-1].start, token.start + i + 1, text, float(text))
        else:
            out.append(Token(token.start + i, token.start + i + 1, token.text[i], float(token.text[i])))
    return out


def _alternatives(page: Page, readings: Sequence[tuple[Token, ...]]) -> Cells:
    """The only reading, or of several what they agree on."""
    cells = list(_cells(page, readings[0], "glued digits split by the sums"))
    for i, cell_id in enumerate(_ids()):
        options = list(dict.fromkeys(r[i].text for r in readings))
        if len(options) > 1:
            cells[i] = unread(cell_id, f"glued digits: could be {' or '.join(options[:6])}")
    return Cells(tuple(cells), tuple(open_readings(_ids(), [[t.value for t in r] for r in readings])))


def _among_empty(found: Outcomes) -> list[Token | None] | None:
    """The columns of the values where empty cells are shown: fields of one line, or gaps between lines."""
    fields = _fields(found)
    if fields is None:
        fields = _by_any_unit(found)
    if fields is None:
        return None
    while len(fields) > WIDTH and fields[-1] is None:
        fields.pop()
    while len(fields) > WIDTH and fields[0] is None:
        fields.pop(0)
    return fields if len(fields) == WIDTH else None


def _by_any_unit(found: Outcomes) -> list[Token | None] | None:
    """Cells one under the other: what an empty cell adds is what makes the row complete."""
    layouts = [found.layout] + [replace(found.layout, step=s, unit=u) for s in (1, 2) for u in (1, 2)]
    ways: list[tuple[bool, int, list[Token | None] | None]] = []
    for layout in layouts:
        strip = strip_of(found.masked, found.start, found.values, found.start, found.end, layout)
        fields = _by_gaps(strip.tokens, strip.gaps)
        if fields is not None:
            whole = sum(g.least for g in strip.gaps) + len(strip.tokens) == WIDTH
            ways.append((whole, _holds(fields), fields))
    whole, held, fields = max(ways, key=lambda w: w[:2], default=(False, 0, None))
    # where empty cells are lacking, too, only sums can say that lines between values stand for some
    groups = sum(any(fields[i : i + GROUP]) for i in range(0, WIDTH, GROUP)) if fields else 0
    return fields if whole or held == groups else None


def _fields(found: Outcomes) -> list[Token | None] | None:
    """The cells of the one line that holds all values, parted by pipes or tabs."""
    first, last = found.values[0], found.values[-1]
    a = found.masked.rfind("\n", 0, first.start - found.start) + 1
    b = found.masked.find("\n", last.end - found.start)
    line = found.masked[a : b if b >= 0 else len(found.masked)]
    if "\n" in line or ("|" not in line and "\t" not in line) or LABEL in line:
        return None
    sep = "|" if "|" in line else "\t"
    pieces = line.split(sep)
    at = found.start + a
    if sep == "|":
        # cells that each end in a pipe are as many as pipes; of cells between pipes there is one less
        outer = len(pieces) - 1 > WIDTH and not pieces[0].strip(_SPACES)
        at += len(pieces[0]) + 1 if outer else 0
        pieces = pieces[int(outer) : -1 if not pieces[-1].strip(_SPACES) else len(pieces)]
    out: list[Token | None] = []
    for piece in pieces:
        out.append(next((t for t in found.values if at <= t.start < at + len(piece) + 1), None))
        at += len(piece) + 1
    return out


def _by_gaps(values: Sequence[Token], gaps: Sequence[Gap]) -> list[Token | None] | None:
    """Cells one under the other: the empty ones between are counted, those at the ends must make up the rest."""
    if any(g.least != g.most for g in gaps[1:-1]):
        return None
    inner: list[Token | None] = [values[0]]
    for token, gap in zip(values[1:], gaps[1:-1], strict=True):
        inner += [None] * gap.least + [token]
    lacking = WIDTH - len(inner)
    if lacking < 0 or not (any(g.least for g in gaps[:-1]) or gaps[-1].most >= max(1, lacking)):
        return None
    # empty cells at the very end may have been trimmed; those before the first value are all there
    shown = gaps[0].least if gaps[0].least == gaps[0].most else -1
    ways = [i for i in range(lacking + 1) if i == shown or (i <= gaps[0].most and lacking - i <= gaps[-1].most)]
    best = max(ways, key=lambda i: (_holds(_padded(inner, i, lacking)), i == shown, -i), default=None)
    return None if best is None else _padded(inner, best, lacking)


def _padded(inner: Sequence[Token | None], before: int, lacking: int) -> list[Token | None]:
    return [*[None] * before, *inner, *[None] * (lacking - before)]
