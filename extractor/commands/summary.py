"""A result for people to read in a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text
from rich.tree import Tree

from extractor.commands.check import Disagreement
from extractor.commands.check import show as show_disagreement
from extractor.result import Result, Section, Table
from models.form import FORM_IDS, load_form

_ALWAYS = ("t3.new.total", "t3.carried_in.total", "t3.result_total.total", "t3.carried_out.total")


def show(result: Result, wrong: list[Disagreement], name: str, console: Console) -> None:
    """Print title, sections, the tables' totals, what the prose claims, and what does not agree."""
    facts = result.document
    console.rule(Text(name, style="bold"), align="left")
    console.print(Text(facts.title or "（无标题 / no title）", style="bold"))
    told = {"发布机关 issuer": facts.issuer, "年度 year": facts.year, "格式 form": facts.format}
    told["发布日期 published"] = facts.published
    console.print(Text("  ".join(f"{label}: {'—' if value is None else value}" for label, value in told.items())))
    if result.sections:
        console.print(_outline(result.sections))
    for table in result.tables:
        console.print(_totals(table, facts.format))
    console.print(_counts(result))
    for one in wrong:
        show_disagreement(one, console)
    for warning in result.warnings:
        console.print(Text(f"  ! {warning.message} / {warning.message_en} [{warning.code}]", style="yellow"))


def _outline(sections: Iterable[Section]) -> Tree:
    tree = Tree(Text("章节 sections", style="bold"))
    _grow(tree, sections)
    return tree


def _grow(tree: Tree, sections: Iterable[Section]) -> None:
    for section in sections:
        title = section.heading.text if section.heading else section.title
        _grow(tree.add(Text(" ".join(title.split()) or "—")), section.children)


def _totals(table: Table, form_id: str | None) -> Grid:
    """The table's printed totals: main rows always, others where they are not zero."""
    states = Counter(cell.status for cell in table.cells)
    told = ", ".join(f"{count} {status}" for status, count in sorted(states.items()))
    grid = Grid(title=f"{table.id}: {told or f'{len(table.indicators)} indicators'}", title_justify="left")
    grid.add_column("项目 item")
    grid.add_column("数值 value", justify="right")
    names = _names(form_id)
    for cell in table.cells:
        shown = table.id == "t2" or cell.id.endswith(".total")
        if shown and (cell.value or cell.id in _ALWAYS):
            grid.add_row(names.get(cell.id, cell.id), "—" if cell.value is None else f"{cell.value}")
    for indicator in table.indicators:
        if indicator.value:
            grid.add_row(indicator.name, f"{indicator.value} {indicator.unit}")
    return grid


def _names(form_id: str | None) -> dict[str, str]:
    """The label of each cell that can be a total: its row's, and in table 2 its column's too."""
    out: dict[str, str] = {}
    for table in load_form(form_id).tables.values() if form_id in FORM_IDS else ():
        for block in table.blocks:
            out |= {f"{table.id}.{r.id}.{c.id}": f"{r.text} · {c.text}" for r in block.rows for c in block.columns}
        rows = (*table.rows, *table.groups, *table.single_rows)
        out |= {f"{table.id}.{row.id}.total": row.text for row in rows}
    return out


def _counts(result: Result) -> Text:
    linked = sum(bool(claim.metrics) for claim in result.claims)
    status = Counter(finding.status for finding in result.findings)
    agree, differ, open_ = status["match"], status["mismatch"], status["unverifiable"]
    return Text.assemble(
        f"文中数据 claims: {len(result.claims)}（对应表格 linked: {linked}）\n核对 checks: {agree} 一致 agree, ",
        (f"{differ} 不一致 differ", "bold red" if differ else ""),
        f", {open_} 无法核对 unverifiable",
    )
