"""Table 3: applications by result and applicant, seven numbers a row, the last their sum."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from extractor.document import Alternative, Cell
from extractor.tables.area import Area, Segment, segments
from extractor.tables.cells import Cells, in_order, open_readings, row_cells
from extractor.tables.chunks import Chunk, align, cut_up
from extractor.tables.find import Match
from extractor.tables.fit import Reading, balances, fit
from extractor.tables.labels import columns_of, rows_of
from extractor.tables.solve import choose
from extractor.tables.values import Strip, Token

WIDTH = 7
_MISPRINTS = 2
MISSING = "the row was not found in the table"


def read_requests(area: Area, single_other: bool, glued: bool) -> Cells:
    """The cells of table 3. ``single_other``: the form that is presumed where the rows of （六） do not tell."""
    owners = _owners(area)
    parts = segments(area, owners)
    single = _single_other(parts, single_other)
    parts = [_settled(p, single) for p in parts]
    subtotal = _subtotal(area, parts)
    rows = rows_of("t3", single)
    displaced = _is_displaced(area, parts)
    strips = _displaced(area, parts, rows, subtotal) if displaced else _by_label(parts)
    readings = {r: fit(s, WIDTH, True, glued, subtotal) for r, s in strips.items() if r in rows}
    if displaced:
        readings = {r: [_by_order(o) for o in options] for r, options in readings.items()}
    cells: dict[str, Cell] = {}
    alternatives: list[Alternative] = []
    columns = columns_of("t3")
    for row, choice in choose(readings, WIDTH).items():
        ids = [f"t3.{row}.{c}" for c in columns]
        alternatives += open_readings(ids, choice.values)
        cells.update((c.id, c) for c in row_cells(area.page, ids, choice, True))
    return Cells(in_order(cells, [f"t3.{r}.{c}" for r in rows for c in columns], MISSING), tuple(alternatives))


def _by_order(reading: Reading) -> Reading:
    return replace(reading, open=True, why=f"{reading.why}; row found by reading order")


def _owners(area: Area) -> list[Match]:
    """Row and group labels; a bare 总计 in the place of the row （七）总计 is that row."""
    owners = [m for m in area.matches if m.word.role in ("row", "group")]
    if any(m.word.id == "result_total" for m in owners):
        return owners
    rows = [m for m in owners if m.word.role == "row"]
    late = [m.start for m in rows if m.word.id.startswith(("rejected.", "other"))]
    totals = [m for m in area.matches if m.word.id == "total" and late and m.start > min(late)]
    after = [m for m in totals if any(m.end <= v.start < m.end + 4 for v in area.values)]
    if after:
        lost = after[-1]
        owners.append(replace(lost, word=replace(lost.word, id="result_total", role="row")))
    return owners


def _single_other(parts: Sequence[Segment], presumed: bool) -> bool:
    """Whether （六）其他处理 is one row: its label is there and none of the three rows'."""
    ids = {p.owner.word.id for p in parts if p.owner}
    if any(i.startswith("other.") for i in ids):
        return False
    own = [p for p in parts if p.owner and p.owner.word.id == "other"]
    rows = [p for p in parts if p.owner and p.owner.word.role == "row"]
    torn = sum(not p.strip.tokens for p in rows)
    if any(len(p.strip.tokens) == 3 * WIDTH for p in own) and torn < 3:
        return False
    return True if own else presumed


def _settled(part: Segment, single: bool) -> Segment:
    """（六）其他处理 is a row where it stands for its three rows, a group otherwise."""
    if part.owner is None or part.owner.word.id != "other":
        return part
    word = replace(part.owner.word, role="row" if single else "group")
    return replace(part, owner=replace(part.owner, word=word))


def _by_label(parts: Sequence[Segment]) -> dict[str, Strip]:
    """Every row has its own values behind its own label. Of a row printed twice the first whole one counts."""
    out: dict[str, Strip] = {}
    for part in map(_with_torn, parts, [*parts[1:], None]):
        if part.owner is None or part.owner.word.role != "row":
            continue
        row = part.owner.word.id
        if row not in out or _completeness(part.strip) > _completeness(out[row]):
            out[row] = part.strip
    return out


def _with_torn(part: Segment, following: Segment | None) -> Segment:
    """A row whose last line is met by pieces of its group's label: the values behind them are the row's."""
    group = following.owner if following else None
    if part.strip.tokens or part.owner is None or following is None or group is None or group.word.role != "group":
        return part
    torn = not group.numbered and group.end - group.start > group.t1 - group.t0
    return replace(part, strip=following.strip) if torn and len(following.strip.tokens) <= WIDTH else part


def _completeness(strip: Strip) -> int:
    return 2 if len(strip.tokens) == WIDTH else int(bool(strip.tokens))


def _is_displaced(area: Area, parts: Sequence[Segment]) -> bool:
    """Values stand where no row label is, or several rows of them behind one label."""
    for part in parts:
        count = len(part.strip.tokens)
        row = part.owner is not None and part.owner.word.role == "row"
        if (not row and count >= 3) or count > WIDTH + 3:
            return True
        if area.layout.by_row and _rows_shown(part.strip) > int(row):
            return True
    return False


def _rows_shown(strip: Strip) -> int:
    """How many printed rows of few numbers among empty cells a strip has."""
    shown = 0
    for before, after in zip(strip.gaps, strip.gaps[1:], strict=False):
        ends = after.row_end or after is strip.gaps[-1]
        shown += ends and before.least >= WIDTH - 2
    return shown


def _displaced(area: Area, parts: Sequence[Segment], rows: Sequence[str], subtotal: int | None) -> dict[str, Strip]:
    width = WIDTH + (subtotal is not None)
    cut = [cut_up(area, part, width) for part in parts]
    labelled = {p.owner.word.id for p in parts if p.owner and p.owner.word.role == "row"}
    near = _nearby(parts, cut, rows, labelled)
    if near is not None:
        return near
    ordered = _as_printed(parts, rows)
    out = align([c for chunks in cut for c in chunks], ordered, labelled, _groups(rows))
    empty: dict[str, Strip] = {r: s for r, s in _by_label(parts).items() if not s.tokens and r not in out}
    return {**empty, **out}


def _as_printed(parts: Sequence[Segment], rows: Sequence[str]) -> Sequence[str]:
    """The rows in the form's order, but as their labels stand where neighbours changed places or one came twice."""
    out = list(rows)
    for one, other in pairwise(parts):
        if one.owner is None or other.owner is None:
            continue
        first, second = one.owner.word.id, other.owner.word.id
        if first not in out or second not in out:
            continue
        at = out.index(second)
        if first == second:
            out.insert(at, first)
        elif out.index(first) == at + 1 and (one.strip.tokens or not _beside(other)):
            out[at], out[at + 1] = first, second
    return out


def _beside(part: Segment) -> bool:
    """Whether the values stand on the label's own line: then those of a label before it, which has none, are apart."""
    return bool(part.strip.tokens) and not part.strip.gaps[0].lines


def _nearby(
    parts: Sequence[Segment], cut: Sequence[Sequence[Chunk]], rows: Sequence[str], labelled: Collection[str]
) -> dict[str, Strip] | None:
    """Where only some labels are lost: the rows behind a label that were found by no label of their own.

    None where that does not account for every number, or where a label has none.
    """
    out: dict[str, Strip] = {}
    for part, chunks in zip(parts, cut, strict=True):
        if part.owner is None or part.owner.word.role != "row" or part.owner.word.id not in rows:
            if chunks:
                return None
            continue
        at = rows.index(part.owner.word.id)
        following = rows[at + 1 : at + len(chunks)]
        if not chunks or rows[at] in out or len(following) < len(chunks) - 1 or any(r in labelled for r in following):
            return None
        out[rows[at]] = part.strip if len(chunks) == 1 else chunks[0].strip
        out.update(zip(following, (c.strip for c in chunks[1:]), strict=True))
    return out


def _groups(rows: Sequence[str]) -> Mapping[str, str]:
    return {r: r.split(".")[0] if "." in r else "result" for r in rows}


def _subtotal(area: Area, parts: Sequence[Segment]) -> int | None:
    """The place of an extra column 小计 among the numbers of a row, where the head has one."""
    head = next((m for m in area.matches if m.word.id == "subtotal"), None)
    eights = [p.strip.tokens for p in parts if len(p.strip.tokens) == WIDTH + 1]
    if head is None and len(eights) < 5:
        return None
    before_total = WIDTH - 1
    best = max(range(WIDTH + 1), key=lambda i: (_without_holds(eights, i), i == before_total))
    if head is not None and _without_holds(eights, best) - _without_holds(eights, before_total) <= _MISPRINTS:
        best = before_total  # where such a column stands; a row or two may be wrong as printed
    telling = sum(any(t.value for t in r) for r in eights)
    if head is None and (not telling or _without_holds(eights, best) < telling):
        return None
    return best


def _without_holds(rows: Sequence[tuple[Token, ...]], index: int) -> int:
    """How many rows with numbers in them add up when the column is left out."""
    rest = [[t.value for i, t in enumerate(r) if i != index] for r in rows]
    return sum(bool(balances(r)) and any(r) for r in rest)
