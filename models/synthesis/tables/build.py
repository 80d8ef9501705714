"""A sheet from facts: the statutory grid of tables 2 and 4; table 3 is built in ``build_requests``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

from models.form import Block, Form, Label, load_form
from models.synthesis.facts import Facts
from models.synthesis.tables.build_requests import request_rows
from models.synthesis.tables.damage import TableOptions
from models.synthesis.tables.labels import Words
from models.synthesis.tables.order import cut_up, lose_and_double
from models.synthesis.tables.sheet import Keeps, Row, Sheet, Slot, across, down
from models.synthesis.tables.values import PrintedCell, print_cells

_EXTRA = Label("extra", "其他主动公开文件")
_CAPTIONS = {
    "t2": "主动公开政府信息情况",
    "t3": "收到和处理政府信息公开申请情况",
    "t4": "政府信息公开行政复议、行政诉讼情况",
}
_FOOTNOTES = {
    "t2": ("注：本表按统计年度填报，收费金额以万元计。", "注：规范性文件以合法性审核登记为准。"),
    "t3": ("注：同一申请涉及多项内容的，按主要办理结果统计。", "备注：数据由受理窗口汇总。"),
    "t4": ("注：以收到的复议决定书和裁判文书为准。", "说明：当年未结案件列入尚未审结。"),
}


def table_ids(facts: Facts, table: str, hybrid: bool = False) -> tuple[str, ...]:
    """The ids of a table's cells as this report prints it, in reading order."""
    ids: list[str] = []
    for cell in _columns_of(facts.form, table, hybrid):
        if facts.single_other and cell.startswith("t3.other."):
            cell = f"t3.other.{cell.rsplit('.', 1)[1]}"
            if cell in ids:
                continue
        ids.append(cell)
    return tuple(ids)


def _columns_of(form: Form, table: str, hybrid: bool) -> tuple[str, ...]:
    if table != "t2" or not hybrid:
        return form.tables[table].cell_ids()
    return tuple(f"t2.{r.id}.{c.id}" for b in _blocks(form, True) for r in b.rows for c in b.columns)


def _blocks(form: Form, hybrid: bool) -> tuple[Block, ...]:
    blocks = form.tables["t2"].blocks
    return (load_form("2019").tables["t2"].blocks[0], *blocks[1:]) if hybrid and form.id == "2021" else blocks


def build_sheet(
    rng: Random, facts: Facts, table: str, options: TableOptions, keeps: Keeps
) -> tuple[Sheet, dict[str, PrintedCell]]:
    """The table's sheet and what each cell prints. Defects that a style cannot carry, by what it keeps, stay out."""
    damage = options.damage
    if keeps != "places":
        # another column, or an empty one, would be beyond reading where places are lost
        damage = replace(damage, subtotal=False, drift=0.0)
    if keeps in ("digits", "first"):
        damage = replace(damage, group_dropped=None)
    if keeps == "digits":
        # a label that lost its point would lend its number to the digits before it
        damage = replace(damage, cut="none", broken=0.0)
    words = Words(rng, damage)
    cells = print_cells(facts, table_ids(facts, table, options.hybrid), options.blanks, options.look, options.cells)
    if table == "t2":
        sheet = Sheet(table, 4, _disclosure(facts, words, cells, options.hybrid))
    elif table == "t3":
        sheet = request_rows(facts, words, cells)
    else:
        sheet = Sheet(table, 15, _disputes(rng, facts.form, words, cells))
    lose_and_double(rng, sheet, damage)
    cut_up(rng, sheet, damage)
    _surround(rng, sheet, options)
    return sheet, cells


def value_slot(cells: Mapping[str, PrintedCell], cell: str) -> Slot:
    """The slot of a statutory cell."""
    printed = cells[cell]
    return Slot(printed.text, "value", cell, "", printed.lead, printed.tail)


def _disclosure(facts: Facts, words: Words, cells: Mapping[str, PrintedCell], hybrid: bool) -> list[Row]:
    rows: list[Row] = []
    for number, block in enumerate(_blocks(facts.form, hybrid)):
        rest = 3 - len(block.columns)
        rows.append(Row("head", [Slot(words.article(block.article), "header"), *across("header", 3)]))
        heads = [Slot(words.column(c), "header") for c in block.columns]
        rows.append(Row("head", [Slot("信息内容", "header"), *heads, *across("header", rest)]))
        for label in block.rows:
            values = [value_slot(cells, f"t2.{label.id}.{c.id}") for c in block.columns]
            slots = [Slot(words.row(label), "label"), *values, *across("value", rest)]
            rows.append(Row("data", slots, label.id, block.article))
        if number == 0 and words.damage.extra_row and facts.form.id == "2019":
            rows.append(_extra_row(words, block))
    return rows


def _extra_row(words: Words, block: Block) -> Row:
    """A row that one province adds to the form; none of its cells is statutory."""
    made = words.rng.choice((0, 0, words.rng.randint(1, 300)))
    values = [Slot(str(v), "value") for v in (made, made, made + words.rng.choice((0, 12, 85)))]
    return Row("data", [Slot(words.row(_EXTRA), "label"), *values], "extra", block.article)


def _disputes(rng: Random, form: Form, words: Words, cells: Mapping[str, PrintedCell]) -> list[Row]:
    table, look = form.tables["t4"], words.damage.outcomes
    outcomes = table.columns
    review, direct, after = table.groups

    def head(group: bool) -> list[Slot]:
        return [Slot(words.split(c, look), "header") for c in outcomes] if group else [down("header") for _ in outcomes]

    top = [Slot(review.text, "header"), *across("header", 4), Slot(table.words["over"], "header"), *across("header", 9)]
    inline = rng.random() < 0.7  # the review's outcomes span two rows of heads
    second = [Slot(direct.text, "header"), *across("header", 4), Slot(after.text, "header"), *across("header", 4)]
    rows = [
        Row("head", top),
        Row("head", [*(head(True) if inline else [down("header") for _ in outcomes]), *second]),
        Row("head", [*head(not inline), *head(True), *head(True)]),
    ]
    if look == "two_rows":
        lower = [words.halves(c)[1] for c in outcomes]
        slots = [Slot(text, "header") if text else down("header") for text in lower * 3]
        rows.append(Row("head", [*(down("header") for _ in outcomes), *slots[5:]] if inline else slots))
        if inline:
            whole = [Slot(c.text, "header") for c in outcomes]
            rows[1].slots[:5] = whole
    values = [value_slot(cells, f"t4.{g.id}.{c.id}") for g in table.groups for c in outcomes]
    return [*rows, Row("data", values, "outcomes")]


def _surround(rng: Random, sheet: Sheet, options: TableOptions) -> None:
    if options.damage.caption:
        title = _CAPTIONS[sheet.table]
        number, ordinal = int(sheet.table[1]) - 1, "一二三"[int(sheet.table[1]) - 2]
        choices = (
            f"表{number} {title}",
            f"表{ordinal}：{title}表",
            f"{title}统计表",
            "单位：件",
            f"## 表{ordinal}：{title}",
        )
        text = rng.choice(choices)
        sheet.rows.insert(0, Row("caption", [Slot(text, "caption")]))
    if options.damage.footnote:
        sheet.rows.append(Row("note", [Slot(rng.choice(_FOOTNOTES[sheet.table]), "note")]))
