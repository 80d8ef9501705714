"""Reports for tests: prose with the classifier's marks written into it, and tables as dictionaries.

``收到申请{21|requests_new}件`` marks 21 as a count about requests_new; more fields behind ``|`` set the kind (zero,
ratio, delta, money), the scope (other_org, other_year), ``approx`` and the score (``0.4``).
"""

import re

from extractor.document import Cell, Document, Indicator, Metadata, Prose, Span, Table
from extractor.stages.claims import ClaimStage
from extractor.stages.links import LinkStage
from extractor.stages.reconcile import ReconcileStage
from models.claims.spans import TagSpan
from models.form import load_form

_MARK = re.compile(r"\{([^{}|]+)\|?([^{}]*)\}")
_KINDS = ("count", "zero", "ratio", "delta", "money")


def tagged(marked: str) -> tuple[str, tuple[TagSpan, ...]]:
    """The plain text and the spans marked in it."""
    text, at, tags = "", 0, []
    for mark in _MARK.finditer(marked):
        text += marked[at : mark.start()]
        fields = [f for f in mark[2].split("|") if f]
        score = next((float(f) for f in fields if re.fullmatch(r"[01][.][0-9]+", f)), 0.99)
        kind = next((f for f in fields if f in _KINDS), "count")
        scope = next((f for f in fields if f.startswith("other_") and f in ("other_org", "other_year")), "own")
        plain = [f for f in fields if f not in (*_KINDS, "approx", "other_org", "other_year") and not f[0].isdigit()]
        concepts = tuple((c, score) for c in plain[0].split(",")) if plain else ()
        tags.append(TagSpan(len(text), len(text) + len(mark[1]), kind, score, "approx" in fields, scope, concepts))
        text += mark[1]
        at = mark.end()
    return text + marked[at:], tuple(tags)


def cells_of(form: str, table: str, values: dict[str, float | None], default: float | None = 0) -> Table:
    """A table whose cells are ``default`` but for those named (without the table's id)."""
    ids = load_form(form).tables[table].cell_ids()
    known = {f"{table}.{k}": v for k, v in values.items()}
    ids = (*ids, *(k for k in known if k not in ids))
    return Table(table, form, Span(0, 0), tuple(cell(i, known.get(i, default)) for i in ids))


def cell(cell_id: str, value: float | None, status: str = "", confidence: float = 0.99) -> Cell:
    state = status or ("blank" if value is None else "read")
    return Cell(cell_id, value, "" if value is None else f"{value:g}", None, state, confidence)


def requests_table(form: str = "2021", **rows: float) -> Table:
    """Table 3 of applications by natural persons only: ``requests_table(new=21, granted=20, …)``; it balances."""
    values: dict[str, float | None] = {}
    for row, value in rows.items():
        name = row.replace("__", ".")
        values |= {f"{name}.natural": value, f"{name}.total": value}
    outcomes = sum(v for r, v in rows.items() if r not in ("new", "carried_in", "carried_out"))
    values |= {"result_total.natural": outcomes, "result_total.total": outcomes}
    return cells_of(form, "t3", values)


def report(
    marked: str, *tables: Table, form: str | None = "2021", year: int = 2023, issuer: str = "青禾县水务局"
) -> Document:
    """A document as it stands when the claims stage begins."""
    text, tags = tagged(marked)
    metadata = Metadata(issuer=issuer, year=year, format=form)
    return Document(text, prose=(Prose(Span(0, len(text)), tags),), tables=tables, metadata=metadata)


def examined(*args: object, **options: object) -> Document:
    """The report after claims, links and reconcile."""
    document = report(*args, **options)  # type: ignore[arg-type]
    for stage in (ClaimStage(), LinkStage(), ReconcileStage()):
        document = stage(document)
    return document


def statuses(document: Document, kind: str) -> list[str]:
    return [f.status for f in document.findings if f.kind == kind]


def indicator_table(**values: float | None) -> Table:
    rows = tuple(Indicator(name, "件", value, Span(900, 901)) for name, value in values.items())
    return Table("x1", "pre2019", Span(900, 901), (), rows)
