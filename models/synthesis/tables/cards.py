"""A style that ordinary synthesis never uses: every cell a card of its own, in abbreviations and marks of its own.

Pages made for small screens turn a table's rows into cards and name the column at each number. This one is kept back so
that it can be shown that annotated reports teach it.
"""

from __future__ import annotations

from random import Random

from models.synthesis.tables.pen import Pen
from models.synthesis.tables.sheet import Row, Sheet, Slot

ROWS = {
    "regulations": "规", "normative": "规范件", "licensing": "许", "penalty": "罚", "coercion": "强", "fees": "费",
    "other_services": "服", "procurement": "购",
    "new": "新", "carried_in": "旧", "granted": "全公", "partial": "半公",
    "denied.state_secret": "拒·密", "denied.law_forbidden": "拒·禁", "denied.safety_stability": "拒·稳",
    "denied.third_party": "拒·他方", "denied.internal_affairs": "拒·内务", "denied.process_info": "拒·过程",
    "denied.enforcement_file": "拒·案卷", "denied.admin_query": "拒·查询",
    "unavailable.not_held": "缺·无此", "unavailable.needs_creation": "缺·待制", "unavailable.unclear": "缺·不明",
    "rejected.complaint": "免·访", "rejected.repeat": "免·重", "rejected.publication": "免·书",
    "rejected.massive": "免·滥", "rejected.confirm": "免·证",
    "other.no_correction": "余·未补", "other.no_fee": "余·未缴", "other.other": "余·杂", "other": "余",
    "result_total": "办讫", "carried_out": "转后", "outcomes": "案",
}  # fmt: skip
COLUMNS = {
    "made": "制", "new_made": "新制", "new_public": "新公", "total_public": "总公", "prev_items": "前", "delta": "增减",
    "count": "数", "repealed": "废", "valid": "存", "processed": "办", "amount": "额",
    "natural": "民", "business": "商", "research": "研", "social": "益", "legal_service": "律", "other_org": "余社",
    "total": "∑", "maintain": "维", "correct": "纠", "other": "它", "pending": "未",
}  # fmt: skip
GROUPS = {"review": "议", "litigation_direct": "径讼", "litigation_after_review": "议后讼"}
TITLES = {"t2": "卡组甲", "t3": "卡组乙", "t4": "卡组丙"}


def write_cards(rng: Random, sheet: Sheet, pen: Pen) -> None:
    """A label line, then for each column its head and its number on lines of their own."""
    look = _Look(rng)
    pen.wrap = ""
    pen.piece(look.title(TITLES[sheet.table]), "caption")
    pen.raw("\n")
    for row in sheet.rows:
        if row.kind == "data":
            _card(row, look, pen)
        elif row.plain and row.kind != "blank":
            pen.plain(row)


class _Look:
    """How one document marks titles, labels, heads and numbers."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.title_mark = rng.choice(("〖{}〗", "◆{}", "{}＞"))
        self.label_mark = rng.choice(("▸{}", "{}／", "#{}", "{}"))
        self.head_mark = rng.choice(("◦{}", "{}＝", "{}格", "{}"))
        self.lead, self.tail = rng.choice((("得", ""), ("＝", ""), ("「", "」"), ("", "整"), ("计", "")))
        self.blank = rng.choice(("缺", "阙", "〇"))
        self.gap = rng.choice(("\n", "\n\n"))
        self.head_first = rng.random() < 0.7

    def title(self, text: str) -> str:
        return self.title_mark.format(text)


def _card(row: Row, look: _Look, pen: Pen) -> None:
    for number, slot in enumerate(row.values):
        if slot.cell is None:
            continue
        table, *middle, column = slot.cell.split(".")
        name = ".".join(middle)
        label = GROUPS[name] if table == "t4" else ROWS.get(name, name)
        if number == 0 or table == "t4":
            pen.piece(look.label_mark.format(label), "label")
            pen.raw(look.gap)
        head = look.head_mark.format(COLUMNS[column])
        if look.head_first:
            pen.piece(head, "header")
            pen.raw(look.gap)
        _value(slot, look, pen)
        pen.raw(look.gap)
        if not look.head_first:
            pen.piece(head, "header")
            pen.raw(look.gap)


def _value(slot: Slot, look: _Look, pen: Pen) -> None:
    if not slot.text:
        pen.piece(look.blank, "value")
        pen.slot(slot)
        return
    pen.raw(look.lead)
    pen.slot(slot)
    pen.raw(look.tail)
