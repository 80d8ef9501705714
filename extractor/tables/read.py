"""Reads the statutory tables of a report: every cell of the form that the text prints, and why.

Labels are found first (``find``, ``mend``), then the values between them (``values``); rows are fitted to the form's
columns (``fit``, ``glue``, ``chunks``) and sums choose where the text leaves a reading open (``solve``). A number
that the report prints is never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractor.document import Block, Message, Notice, Span, Table
from extractor.tables.area import Area, make_area, share_layout
from extractor.tables.cells import Cells
from extractor.tables.find import Match, clusters, find_all
from extractor.tables.formats import columns_say, rows_say, year_says
from extractor.tables.items import read_items
from extractor.tables.labels import rows_of
from extractor.tables.mend import mend
from extractor.tables.outcomes import Outcomes, find_outcomes, read_outcomes
from extractor.tables.page import Page, make_page
from extractor.tables.pagination import countings
from extractor.tables.repeats import repeats_removed, without_guesses
from extractor.tables.requests import read_requests
from extractor.tables.values import Layout
from extractor.tables.weigh import defects
from models.form import load_form

_NO_VALUES = frozenset({"page_number", "noise", "heading"})
_SURE_BLOCK = 0.9
_LATEST = "2021"
_ENDS = frozenset({"new", "carried_in", "result_total", "carried_out"})
_WELL_SHOWN = 20


@dataclass(frozen=True, slots=True)
class TablesRead:
    """What was read. ``format`` is "2019", "2021" or None; ``labels`` are the places of the tables' labels."""

    format: str | None
    tables: tuple[Table, ...]
    label_spans: tuple[Span, ...]
    notices: tuple[Notice, ...] = ()

    def table(self, table_id: str) -> Table | None:
        """The table with this id, None where the report has none."""
        return next((t for t in self.tables if t.id == table_id), None)


def read_tables(text: str, blocks: Sequence[Block] = (), headings: Sequence[Span] = ()) -> TablesRead:
    """The statutory tables of a report. ``blocks`` and ``headings`` are hints: places that hold no values.

    A report without a table has no Table of that id: what is absent is not zero.
    """
    page = make_page(text)
    holes = _holes(page, blocks, headings)
    plain = _read_page(page, holes)
    ways = countings(page.text, _numbers(page, blocks)) if plain.tables and not page.numbered else []
    first = defects(plain.tables)
    best, least = plain, first
    for way in ways:
        read = _read_page(page.without((n.start, n.end) for n in way.numbers), holes)
        wrong = defects(read.tables) + 100 * (len(plain.tables) - len(read.tables))
        if not way.support and not way.certain and wrong > (first if way.even else first / 2):
            continue  # cells that happen to stand evenly apart
        if wrong - way.weight < least - 1e-9:
            best, least = read, wrong - way.weight
    return best


def _read_page(page: Page, holes: list[tuple[int, int]]) -> TablesRead:
    found = find_all(page)
    items, requests = _best_items(page, found["t2"]), _best_requests(page, found["t3"])
    if items:
        items = mend(page, "t2", items, _t2_rows(columns_say(page, items)))
    if requests:
        requests = mend(page, "t3", requests, _t3_rows(requests, columns_say(page, items)))
    outcomes = find_outcomes(page, holes)
    until = outcomes.start if outcomes else None
    areas: dict[str, Area] = {}
    if items:
        areas["t2"] = make_area(page, "t2", items, holes, _before(items, requests))
    if requests:
        areas["t3"] = make_area(page, "t3", requests, holes, until if _is_behind(requests, until) else None)
    areas = {a.table: a for a in share_layout(list(areas.values()))}
    return _read(page, areas, outcomes, _format(page, items, requests))


def _read(page: Page, areas: Mapping[str, Area], outcomes: Outcomes | None, form: str | None) -> TablesRead:
    items, requests = areas.get("t2"), areas.get("t3")
    glued = _is_glued(requests, outcomes, items)
    presumed = form or _LATEST
    tables: list[Table] = []
    if items:
        first = columns_say(page, items.matches, True) or presumed
        rest = columns_say(page, items.matches, False) or presumed
        tables.append(_table(page, "t2", items.start, items.last_value, read_items(items, first, rest, glued)))
    if requests:
        cells = read_requests(requests, presumed == "2019", glued)
        tables.append(_table(page, "t3", requests.start, requests.last_value, cells))
    if outcomes:
        tables.append(
            _table(page, "t4", outcomes.start, outcomes.last, read_outcomes(outcomes, glued, _shown(requests)))
        )
    if repeats_removed(items, outcomes):
        tables = without_guesses(tables)
    return TablesRead(form, tuple(tables), _labels(page, areas, outcomes), tuple(_notices(tables)))


def _shown(area: Area | None) -> Layout | None:
    return area.layout if area and len(area.values) >= _WELL_SHOWN else None


def _holes(page: Page, blocks: Iterable[Block], headings: Iterable[Span]) -> list[tuple[int, int]]:
    """Places of the page's text where the layout or a heading says that there is no value."""
    spans = [b.span for b in blocks if b.type in _NO_VALUES and b.score >= _SURE_BLOCK and b.type == "page_number"]
    spans += list(headings)
    return [(page.place(s.start), page.place(s.end)) for s in spans]


def _numbers(page: Page, blocks: Iterable[Block]) -> frozenset[int]:
    """Places of the page's text where the layout sees a page number."""
    return frozenset(page.place(b.span.start) for b in blocks if b.type == "page_number")


def _best_items(page: Page, matches: list[Match]) -> list[Match]:
    """The labels of table 2: the cluster with most different labels, among those that have rows and heads."""
    best: list[Match] = []
    most = 0
    for cluster in clusters(page, matches):
        rows = {m.word.id for m in cluster if m.word.role == "row"}
        heads = {m.word.core for m in cluster if m.word.role in ("article", "column")}
        valued = any(c.isdigit() for c in page.text[cluster[0].end : cluster[-1].end + 9])
        if not rows or not (heads or (len(rows) >= 3 and valued)):
            continue
        if 2 * len(rows) + len(heads) > most:
            best, most = cluster, 2 * len(rows) + len(heads)
    return best


def _best_requests(page: Page, matches: list[Match]) -> list[Match]:
    """The labels of table 3, likewise; a sentence that names reasons has neither heads nor the ends of the table."""
    best: list[Match] = []
    most = 0
    for cluster in clusters(page, matches):
        rows = {m.word.id for m in cluster if m.word.role == "row"}
        heads = {m.word.id for m in cluster if m.word.role in ("header", "column")}
        if (len(rows) < 3 and (not rows or len(heads) < 3)) or not (heads or len(rows & _ENDS) > 1):
            continue
        if 2 * len(rows) + len(heads) > most:
            best, most = cluster, 2 * len(rows) + len(heads)
    return best


def _t2_rows(form: str | None) -> list[str]:
    return [r.id for b in load_form(form or "2019").tables["t2"].blocks for r in b.rows]


def _t3_rows(matches: Sequence[Match], form: str | None) -> tuple[str, ...]:
    """The rows to look for: the three of （六） only where one of them was met or the form has them."""
    ids = {m.word.id for m in matches}
    single = form == "2019" and "other" in ids and not any(i.startswith("other.") for i in ids)
    return rows_of("t3", single)


def _before(items: Sequence[Match], requests: Sequence[Match]) -> int | None:
    return requests[0].start if items and requests and requests[0].start > items[-1].start else None


def _is_behind(requests: Sequence[Match], place: int | None) -> bool:
    return bool(requests) and place is not None and place > requests[-1].start


def _format(page: Page, items: Sequence[Match], requests: Sequence[Match]) -> str | None:
    if not items and not requests:
        return None
    return columns_say(page, items) or rows_say(items, requests) or year_says(page)


def _is_glued(requests: Area | None, outcomes: Outcomes | None, items: Area | None) -> bool:
    """Whether the document's digits are glued: leading zeros, marks among digits, long rows of one."""
    values = [t for a in (items, requests, outcomes) if a for t in a.values]
    counts = [t for a in (requests, outcomes) if a for t in a.values]
    if any(t.glued for t in values) or any(a.end == b.start for a, b in pairwise(counts)):
        return True
    return requests is not None and sum(len(t.text) >= 7 and t.digits for t in requests.values) >= 3


def _table(page: Page, table_id: str, start: int, end: int, read: Cells) -> Table:
    span = Span(*page.span(start, end))
    return Table(table_id, f"statutory.{table_id}", span, read.cells, alternatives=read.alternatives)


def _labels(page: Page, areas: Mapping[str, Area], outcomes: Outcomes | None) -> tuple[Span, ...]:
    places = [(m.start, m.end) for a in areas.values() for m in a.matches]
    if outcomes:
        places.append((outcomes.start, page.at[outcomes.t1 - 1] + 1))
    return tuple(Span(*page.span(a, b)) for a, b in sorted(places))


def _notices(tables: Sequence[Table]) -> list[Notice]:
    out: list[Notice] = []
    for table in tables:
        lost = [c for c in table.cells if c.status == "unread"]
        if lost:
            message = Message(
                f"表{table.id[1]}有{len(lost)}个单元格未能读出：{lost[0].id}（{lost[0].why}）",
                f"table {table.id[1]}: {len(lost)} cells could not be read, first {lost[0].id} ({lost[0].why})",
            )
            out.append(Notice("cells_unread", message, table.span))
    return out
