"""Small whole reports for the golden cases: sentences with their claims written into them, and the tables they need.

``收到申请{21|t3.new.total}件`` says that 21 is a claim about that cell. Behind the first ``|`` stand the metrics (comma
between several, nothing for none); further fields set the kind (zero, ratio, delta, money; a surface without digits is
zero), the scope (other_org, other_year), ``approx``, the value (``=20000``) and what the tables say of the claim:
``wrong`` (a mismatch) or ``open`` (not decided; a match would be wrong). Own claims with metrics match unless said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from extractor.document import Document
from models.form import TableForm, load_form
from models.text import simplify

CASES = Path(__file__).parents[1] / "cases"
ISSUER, YEAR = "临禾县水务局", 2023
_MARK = re.compile(r"\{([^{}|]+)\|?([^{}]*)\}")
_KINDS = ("count", "zero", "ratio", "delta", "money")
_SCOPES = ("own", "other_org", "other_year")
_VERDICTS = ("match", "wrong", "open", "match+wrong", "match+open")


@dataclass(frozen=True)
class Told:
    """A claim as a case expects it, or as the pipeline made it."""

    surface: str
    kind: str
    value: float | None
    scope: str
    metrics: frozenset[str]
    approx: bool = False
    start: int = -1
    verdict: str = "match"

    @property
    def facts(self) -> tuple[str, str, float | None, str, tuple[str, ...], bool]:
        return self.surface, self.kind, self.value, self.scope, tuple(sorted(self.metrics)), self.approx


@dataclass(frozen=True)
class Report:
    text: str
    claims: tuple[Told, ...]
    case: dict[str, Any]


def cases(folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every case of a folder, named by its file and by its name in the file."""
    for path in sorted((CASES / folder).glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield f"{path.stem}: {case['name']}", case


def report(case: dict[str, Any]) -> Report:
    """The report of a case: its sentences in section one (or before table ``before``), its tables, the rest plain."""
    year, form_id = case.get("year", YEAR), str(case.get("form", "2021"))
    issuer = case.get("issuer", ISSUER)
    prose = {1: case.get("text", ""), **{int(k): v for k, v in case.get("sections", {}).items()}}
    lines = [] if case.get("untitled") else [f"{issuer}{year}年政府信息公开工作年度报告"]
    lines += [f"本报告依据政府信息公开条例编制，所列数据的统计期限为{year}年1月1日至{year}年12月31日。", "一、总体情况"]
    lines += [prose[1].strip("\n") or "全年工作平稳有序。"]
    for section, title, table in _BODY:
        lines += [title, *prose.get(section, "").strip("\n").splitlines()]
        if case.get("tables", True) and table not in case.get("without", ()):
            lines += table_lines(form_id, table, case.get("cells", {}))
    lines += ["五、存在的主要问题及改进情况", prose.get(5, "公开的深度还不够，今后将加强学习。").strip("\n")]
    lines += ["六、其他需要报告的事项", prose.get(6, "无。").strip("\n")]
    return marked("\n".join(lines) + "\n", case)


_BODY = (
    (2, "二、主动公开政府信息情况", "t2"),
    (3, "三、收到和处理政府信息公开申请情况", "t3"),
    (4, "四、政府信息公开行政复议、行政诉讼情况", "t4"),
)


def marked(source: str, case: dict[str, Any]) -> Report:
    """The plain text and the claims marked in it."""
    text, at, told = "", 0, []
    for mark in _MARK.finditer(source):
        text += source[at : mark.start()]
        told.append(_told(mark[1], mark[2].split("|"), len(text)))
        text += mark[1]
        at = mark.end()
    return Report(text + source[at:], tuple(told), case)


def _told(surface: str, fields: list[str], start: int) -> Told:
    metrics = frozenset(m for m in fields[0].split(",") if m)
    rest = fields[1:]
    kind = next(
        (f for f in rest if f in _KINDS), "count" if re.search(r"[0-9０-９一二两三四五六七八九十]", surface) else "zero"
    )
    given = next((float(f[1:]) for f in rest if f.startswith("=")), None)
    value = given if given is not None else 0.0 if kind == "zero" else _plain(surface)
    scope = next((f for f in rest if f in _SCOPES), "own")
    verdict = next((f for f in rest if f in _VERDICTS), "match" if metrics and scope == "own" else "")
    return Told(surface, kind, value, scope, metrics, "approx" in rest, start, verdict)


def _plain(surface: str) -> float:
    return float(simplify(surface).replace(",", "").replace("，", "").replace(" ", ""))


def told_in(document: Document) -> list[Told]:
    """The claims that the pipeline made; what the tables say of each is its verdict."""
    found: dict[str, set[str]] = {}
    for f in document.findings:
        if f.kind == "claim_vs_table" and f.claim:
            found.setdefault(f.claim, set()).add({"mismatch": "wrong", "unverifiable": "open"}.get(f.status, f.status))
    return [
        Told(
            c.span.of(document.text), c.kind, c.value, c.scope, frozenset(c.metrics), c.approx, c.span.start,
            "+".join(sorted(found.get(c.id, ()))),
        )
        for c in document.claims
    ]  # fmt: skip


def differences(expected: tuple[Told, ...], met: list[Told], tables: bool) -> list[str]:
    """What was expected and not met, and what was met and not expected, in words."""
    out = []
    left = list(met)
    for one in expected:
        near = next((m for m in left if _same_place(one, m)), None)
        if near is None:
            out.append(f"missed {one.facts} at {one.start}")
            continue
        left.remove(near)
        wanted = one.facts if one.kind != "zero" else (near.surface, *one.facts[1:])
        if near.facts != wanted:
            out.append(f"expected {wanted}, met {near.facts}")
        if "wrong" in near.verdict and "wrong" not in one.verdict:
            out.append(f"{one.surface} at {one.start}: a false alarm")
        elif tables and near.metrics == one.metrics and near.verdict != one.verdict:
            out.append(f"{one.surface} at {one.start}: expected verdict {one.verdict!r}, met {near.verdict!r}")
    return out + [f"not expected {m.facts} at {m.start}" for m in left]


def _same_place(one: Told, other: Told) -> bool:
    """Numbers stand at one place; the trigger phrases of zero statements overlap."""
    if one.kind != "zero":
        return one.start == other.start
    return one.start < other.start + len(other.surface) and other.start < one.start + len(one.surface)


def table_lines(form_id: str, table: str, given: dict[str, Any]) -> list[str]:
    """A table, a row a line with pipes; cells not given are 0 (``blank: true``: nothing), totals are added up."""
    form = load_form(form_id).tables[table]
    values = {**dict.fromkeys(form.cell_ids(), "" if given.get("blank") else 0), **filled(form_id, table, given)}

    def row(label: str, ids: list[str]) -> str:
        return " | ".join([label, *(f"{values[i]:g}" if values[i] != "" else "" for i in ids)]) + " |"

    if form.blocks:
        lines = []
        for block in form.blocks:
            lines += [f"{block.article} |", "信息内容 | " + " | ".join(c.text for c in block.columns) + " |"]
            lines += [row(r.text, [f"t2.{r.id}.{c.id}" for c in block.columns]) for r in block.rows]
        return lines
    names = " | ".join(c.text for c in form.columns)
    if form.groups and not form.rows:
        head = ["行政复议 | 行政诉讼 |", "未经复议直接起诉 | 复议后起诉 |", " | ".join([names] * 3) + " |"]
        ids = [f"t4.{g.id}.{c.id}" for g in form.groups for c in form.columns]
        return [*head, row("", ids)[3:]]
    inner = " | ".join(c.text for c in form.columns[1:-1])
    lines = [form.words["note"] + " |", "申请人情况 |", "自然人 | 法人或其他组织 | 总计 |", inner + " |"]
    return [*lines, *_rows_of_requests(form, row)]


def _rows_of_requests(form: TableForm, row: Any) -> Iterator[str]:
    groups, open_ = {g.id: g.text for g in form.groups}, set()
    for r in form.rows:
        chain = ["result"] if r.id in ("granted", "partial") else [r.group] if r.group else []
        lead = [groups[g] for g in chain if g not in open_ and groups[g] not in r.text]
        open_ |= set(chain)
        yield row(" | ".join([*lead, r.text]), [f"t3.{r.id}.{c.id}" for c in form.columns])


def filled(form_id: str, table: str, given: dict[str, Any]) -> dict[str, float]:
    """The cells that a case gives: ``t3.new: 21`` is all of natural persons, a list is the row."""
    form = load_form(form_id).tables[table]
    columns = [c.id for c in form.columns]
    values: dict[str, float] = {}
    for key, value in given.items():
        if not key.startswith(f"{table}."):
            continue
        if isinstance(value, list):
            block = next((b for b in form.blocks if key.split(".")[1] in [r.id for r in b.rows]), None)
            names = [c.id for c in block.columns] if block else columns
            values |= {f"{key}.{name}": v for name, v in zip(names, value, strict=True)}
        elif key in form.cell_ids():
            values[key] = value
        else:
            values |= {f"{key}.natural": value, f"{key}.total": value}
    if table == "t3" and not any(k.startswith("t3.result_total") for k in values):
        outside = ("t3.new.", "t3.carried_in.", "t3.carried_out.")
        for column in columns:
            parts = [v for k, v in values.items() if k.endswith(f".{column}") and not k.startswith(outside)]
            values[f"t3.result_total.{column}"] = sum(parts)
    if table == "t4":
        for group in ("review", "litigation_direct", "litigation_after_review"):
            parts = [v for k, v in values.items() if k.startswith(f"t4.{group}.") and not k.endswith(".total")]
            values.setdefault(f"t4.{group}.total", sum(parts))
    return values
