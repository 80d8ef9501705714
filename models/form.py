"""The statutory report form as data: sections, tables, identities and the quantities that prose can claim.

Sources: 《中华人民共和国政府信息公开条例》(国务院令第711号) art. 50; 国办公开办函〔2019〕60号 (form "2019");
国办公开办函〔2021〕30号 (form "2021"). Forms are read from ``forms/*.yaml`` and checked when loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import yaml

FORM_IDS = ("2019", "2021")


class FormError(ValueError):
    """A form file breaks a rule of its own: says which file, what was met, what to mend."""


@dataclass(frozen=True, slots=True)
class Label:
    """A row, column or group of a table: its id, the text the law gives it, and the texts met for it."""

    id: str
    text: str
    variants: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    group: str | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The statutory text first, then the variants."""
        return (self.text, *self.variants)


@dataclass(frozen=True, slots=True)
class Section:
    ordinal: int
    kind: str
    title: str
    variants: tuple[str, ...] = ()

    @property
    def titles(self) -> tuple[str, ...]:
        return (self.title, *self.variants)


@dataclass(frozen=True, slots=True)
class Block:
    """One part of table 2: an article of the regulation, its columns and its rows."""

    article: str
    columns: tuple[Label, ...]
    rows: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class TableForm:
    """A statutory table. Cell ids are ``table.row.column`` (table 4: ``t4.group.column``)."""

    id: str
    section: int
    opens: tuple[str, ...]
    rows: tuple[Label, ...] = ()
    columns: tuple[Label, ...] = ()
    groups: tuple[Label, ...] = ()
    blocks: tuple[Block, ...] = ()
    single_rows: tuple[Label, ...] = ()
    words: dict[str, str] = field(default_factory=dict)

    def cell_ids(self) -> tuple[str, ...]:
        """Every cell of the table in the reading order of the printed form."""
        if self.blocks:
            return tuple(f"{self.id}.{r.id}.{c.id}" for b in self.blocks for r in b.rows for c in b.columns)
        rows = self.rows or self.groups
        return tuple(f"{self.id}.{r.id}.{c.id}" for r in rows for c in self.columns)


@dataclass(frozen=True, slots=True)
class Identity:
    """A sum that the form demands: the cells on the left add up to the cells on the right."""

    id: str
    rule: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Metric:
    """A quantity that prose can claim. ``expression`` joins cell ids with ``+``; ``*`` sums a dimension."""

    concept: str
    expression: str | None
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Form:
    id: str
    from_year: int
    to_year: int | None
    marks: tuple[str, ...]
    sections: tuple[Section, ...]
    tables: dict[str, TableForm]
    identities: tuple[Identity, ...]
    metrics: dict[str, Metric]

    def cell_ids(self) -> tuple[str, ...]:
        """Every cell of every table, tables in order."""
        return tuple(c for t in self.tables.values() for c in t.cell_ids())

    def expand(self, expression: str) -> tuple[str, ...]:
        """Cell ids that a metric expression sums: ``t3.denied.*.total`` → eight ids."""
        return tuple(c for part in expression.split("+") for c in _expand(part, self.tables))

    def concept_of(self, expression: str) -> str | None:
        """The concept with this expression, if the form has one."""
        return next((m.concept for m in self.metrics.values() if m.expression == expression), None)


def _expand(part: str, tables: dict[str, TableForm]) -> list[str]:
    if "*" not in part:
        return [part]
    if part.startswith("t4.litigation.*."):
        column = part.rsplit(".", 1)[1]
        return [f"t4.litigation_direct.{column}", f"t4.litigation_after_review.{column}"]
    table, row, _, column = part.split(".")
    rows = [r.id for r in tables[table].rows if r.id.startswith(row + ".")]
    return [f"{table}.{r}.{column}" for r in rows or [row]]


def _labels(items: list[dict[str, Any]]) -> tuple[Label, ...]:
    return tuple(
        Label(str(i["id"]), i["label"], tuple(i.get("variants", ())), tuple(i.get("examples", ())), i.get("group"))
        for i in items
    )


def _read(name: str) -> dict[str, Any]:
    text = resources.files("models").joinpath("forms", name).read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def _table(table_id: str, data: dict[str, Any]) -> TableForm:
    blocks = tuple(Block(b["article"], _labels(b["columns"]), _labels(b["rows"])) for b in data.get("blocks", ()))
    words: dict[str, str] = {k: data[k] for k in ("note", "applicants", "organisations", "over") if k in data}
    return TableForm(
        table_id, data["section"], tuple(data["opens"]), _labels(data.get("rows", [])),
        _labels(data.get("columns", [])), _labels(data.get("groups", [])), blocks,
        _labels(data.get("single_rows", [])), words,
    )  # fmt: skip


def _merge(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """A form that extends another: its own tables replace or amend those of the base."""
    tables = dict(base["tables"])
    for name, table in own["tables"].items():
        if "blocks" in table:
            tables[name] = table
            continue
        drop, replace = set(table["drop_rows"]), table["replace_rows"]
        rows: list[dict[str, Any]] = []
        for row in tables[name]["rows"]:
            if row["id"] not in drop:
                rows.append(row)
            elif replace:
                rows, replace = [*rows, *replace], []
        tables[name] = {**tables[name], "rows": rows, "single_rows": []}
    return {**base, **own, "tables": tables, "sections": base["sections"], "identities": base["identities"]}


def _identities(data: dict[str, Any], tables: dict[str, TableForm]) -> tuple[Identity, ...]:
    out: list[Identity] = []
    for rule in data["identities"]:
        table = tables[rule["table"]]
        for one in _along(rule, table):
            left = [_place(rule, table, x, one) for x in rule["left"]]
            right = [_place(rule, table, x, one) for x in rule["right"]]
            name = f"{rule['id']}.{one}"
            flat_left = tuple(c for part in left for c in part)
            flat_right = tuple(c for part in right for c in part)
            out.append(Identity(name, rule["id"], flat_left, flat_right, rule["zh"], rule["en"]))
    return tuple(out)


def _along(rule: dict[str, Any], table: TableForm) -> list[str]:
    return [x.id for x in {"rows": table.rows, "columns": table.columns, "groups": table.groups}[rule["over"]]]


def _place(rule: dict[str, Any], table: TableForm, item: str, one: str) -> list[str]:
    if rule["over"] == "columns":
        expression = f"{table.id}.{item}.{one}"
        return _expand(expression, {table.id: table})
    return [f"{table.id}.{one}.{item}"]


def _metrics(form_id: str) -> dict[str, Metric]:
    concepts = _read("metrics.yaml")["concepts"]
    return {k: Metric(k, v.get("any", v.get(form_id)), v["zh"], v["en"]) for k, v in concepts.items()}


def _check(form: Form) -> None:
    known = set(form.cell_ids())
    wanted = [c for i in form.identities for c in (*i.left, *i.right)]
    wanted += [c for m in form.metrics.values() if m.expression for c in form.expand(m.expression)]
    strangers = sorted(set(wanted) - known)
    if strangers:
        raise FormError(
            f"form {form.id}: cells {strangers[:3]} are named but no table has them; mend forms/{form.id}.yaml"
        )
    ids = form.cell_ids()
    if len(ids) != len(set(ids)):
        raise FormError(f"form {form.id}: a cell id stands twice; each row and column needs an id of its own")


@cache
def load_form(form_id: str) -> Form:
    """Read and check one form. Raises FormError where the file contradicts itself, KeyError for an unknown id."""
    if form_id not in FORM_IDS:
        raise KeyError(f"unknown form {form_id!r}; known: {', '.join(FORM_IDS)}")
    data = _read(f"{form_id}.yaml")
    if "extends" in data:
        data = _merge(_read(f"{data['extends']}.yaml"), data)
    sections = tuple(Section(s["ordinal"], s["kind"], s["title"], tuple(s["variants"])) for s in data["sections"])
    tables = {k: _table(k, v) for k, v in data["tables"].items()}
    form = Form(
        form_id, data["from_year"], data["to_year"], tuple(data["marks"]), sections, tables,
        _identities(data, tables), _metrics(form_id),
    )  # fmt: skip
    _check(form)
    return form


def load_forms() -> tuple[Form, ...]:
    """All statutory forms, oldest first."""
    return tuple(load_form(i) for i in FORM_IDS)


@cache
def concepts() -> tuple[str, ...]:
    """Every quantity that prose can claim, in the fixed order that the models' labels use."""
    return tuple(_read("metrics.yaml")["concepts"])


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of the statistics table of reports before 2019."""

    name: str
    unit: str
    concept: str | None = None


@cache
def old_sections() -> tuple[Section, ...]:
    """The free sections of reports before 2019."""
    data = _read("pre2019.yaml")["sections"]
    return tuple(Section(s["ordinal"], s["kind"], s["title"], tuple(s["variants"])) for s in data)


@cache
def indicators() -> tuple[Indicator, ...]:
    """The indicators known by name; others are read with the name they print."""
    return tuple(Indicator(i["name"], i["unit"], i.get("concept")) for i in _read("pre2019.yaml")["indicators"])
