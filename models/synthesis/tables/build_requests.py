"""Table 3 as a sheet: three label columns, six kinds of applicant and the total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.form import Label, TableForm
from models.synthesis.facts import Facts
from models.synthesis.tables.labels import Words
from models.synthesis.tables.sheet import Row, Sheet, Slot, across, down
from models.synthesis.tables.values import PrintedCell

_SUBGROUPS = ("denied", "unavailable", "rejected", "other")


@dataclass(frozen=True, slots=True)
class _Columns:
    """The number columns of one row; ``subtotal`` adds 小计 of the organisations before the total."""

    table: TableForm
    cells: Mapping[str, PrintedCell]
    subtotal: bool

    def values(self, row: str) -> list[Slot]:
        ids = [f"t3.{row}.{c.id}" for c in self.table.columns]
        slots = [Slot(p.text, "value", i, "", p.lead, p.tail) for i, p in ((i, self.cells[i]) for i in ids)]
        if self.subtotal:
            whole = sum(self.cells[i].value or 0 for i in ids[1:6])
            text = str(int(whole)) if any(self.cells[i].text for i in ids[1:6]) else ""
            slots.insert(6, Slot(text, "value"))
        return slots


def request_rows(facts: Facts, words: Words, cells: Mapping[str, PrintedCell]) -> Sheet:
    """The sheet of table 3. Rows know their group, so that later steps can drop, double and reorder them."""
    table = facts.form.tables["t3"]
    columns = _Columns(table, cells, words.damage.subtotal)
    rows = _heads(table, words)
    rows += [_data(words, columns, r) for r in printed_rows(facts)]
    groups = {g.id: words.row(g) for g in table.groups}
    sheet = Sheet("t3", 10 + words.damage.subtotal, rows)
    label_groups(sheet, groups)
    return sheet


def printed_rows(facts: Facts) -> list[Label]:
    """The rows in printed order; the single （六）其他处理 row in place of its three where the report has it so."""
    table = facts.form.tables["t3"]
    if not facts.single_other:
        return list(table.rows)
    out = [r for r in table.rows if not r.id.startswith("other.")]
    if len(out) < len(table.rows):
        at = next(i for i, r in enumerate(out) if r.id == "result_total")
        out.insert(at, table.single_rows[0])
    return out


def _heads(table: TableForm, words: Words) -> list[Row]:
    look = words.damage.organisations
    natural, *organisations, total = table.columns
    note = words.note(table.words["note"])
    extra = int(words.damage.subtotal)
    subtotal = [Slot("小计", "header")] * extra
    first = Slot(note or "", "note") if note else down("note")
    wide = look if look in ("space", "wide") else "plain"
    own_row = words.rng.random() < 0.75  # 总计 spans the rows of heads below 申请人情况, or all of them
    top = [Slot(table.words["applicants"], "header"), *across("header", 6 + extra)]
    total_slot = Slot(words.split(total, wide), "header")
    if not own_row:
        top[-1] = total_slot
    second = [Slot(words.split(natural, wide) if look == "wide" else natural.text, "header")]
    second += [Slot(table.words["organisations"], "header"), *across("header", 4 + extra)]
    second.append(total_slot if own_row else down("header"))
    third = [down("header"), *(Slot(words.split(c, look), "header") for c in organisations), *subtotal, down("header")]
    left = [down("note"), *across("note", 2)]
    rows = [
        Row("head", [first, *across("note", 2), *top]),
        Row("head", [*left, *second]),
        Row("head", [*left, *third]),
    ]
    if look == "two_rows":
        rows[2].slots[4:9] = [Slot(words.halves(c)[0], "header") for c in organisations]
        lower = [words.halves(c)[1] for c in organisations]
        slots = [Slot(t, "header") if t else down("header") for t in lower]
        rows.append(Row("head", [*left, down("header"), *slots, *([down("header")] * extra), down("header")]))
    return rows


def _data(words: Words, columns: _Columns, row: Label) -> Row:
    group = row.group or ("result" if row.id == "result_total" else None)
    dropped = group is not None and group == words.damage.group_dropped
    slot = down("label") if dropped else Slot(words.row(row), "label")
    return Row("data", [slot, *columns.values(row.id)], row.id, group)


def label_groups(sheet: Sheet, names: Mapping[str, str]) -> None:
    """Give every data row its three label slots: group labels stand in the first row of their group."""
    seen: set[str] = set()
    for row in sheet.data:
        label, values = row.slots[0], row.slots[1:]
        if row.group is None:
            row.slots = [label, *across("label", 2), *values]
            continue
        outer = down("label") if "result" in seen else Slot(names["result"], "label")
        seen.add("result")
        if row.group not in _SUBGROUPS:
            row.slots = [outer, label, *across("label", 1), *values]
            continue
        inner = down("label") if row.group in seen else Slot(names[row.group], "label")
        seen.add(row.group)
        row.slots = [outer, inner, label, *values]
