"""Reports of 2018 and before: six free headings and, often, the list of indicators of the statistics return."""

from __future__ import annotations

import random
from typing import Any

from models.form import Section, indicators, old_sections
from models.synthesis.facts import Facts
from models.synthesis.markup import Mark, Marked
from models.synthesis.numbers import log_int, spread, value_of

_ORDER = (
    "主动公开文件数", "政府网站公开数", "政府公报公开数", "政务微博公开数", "政务微信公开数", "其他方式公开数",
    "收到申请数", "当面申请数", "网络申请数", "传真申请数", "信函申请数",
    "申请办结数", "同意公开答复数", "同意部分公开答复数", "不同意公开答复数", "其他类型答复数",
    "行政复议数", "行政诉讼数", "举报投诉数",
)  # fmt: skip
_INDENTED = {1: "其中：1.", 7: "其中：1."}


def sections(rng: random.Random) -> list[Section]:
    """The headings of an old report; the statistics table only in some."""
    return [s for s in old_sections() if s.kind != "statistics" or rng.random() < 0.6]


def _values(rng: random.Random, facts: Facts) -> list[int]:
    """One value for each indicator; channels add up, requests and outcomes are those of the facts."""
    published = log_int(rng, 20, 9000)
    channels = spread(rng, published, [50.0, 3.0, 12.0, 14.0, 21.0])
    new = int(value_of(facts, "requests_new") or 0)
    ways = spread(rng, new, [20.0, 60.0, 4.0, 16.0])
    done = int(value_of(facts, "results") or 0)
    granted, partial, denied = (int(value_of(facts, c) or 0) for c in ("granted", "partial", "denied"))
    disputes = [int(value_of(facts, c) or 0) for c in ("review", "litigation")]
    return [
        published,
        *channels,
        new,
        *ways,
        done,
        granted,
        partial,
        denied,
        done - granted - partial - denied,
        *disputes,
        0,
    ]


def write_statistics(rng: random.Random, facts: Facts) -> Marked:
    """The table of indicators in one of four flattened shapes. Marks: block, and ``indicator`` {name, unit, value}."""
    units = {i.name: i.unit for i in indicators()}
    rows = list(zip(_ORDER, (units[n] for n in _ORDER), _values(rng, facts), strict=True))
    numbered = rng.random() < 0.5
    write = rng.choice((_tabs, _pipes, _lines, _glued))
    out = Marked()
    head = rng.choice((["指标名称", "计量单位", f"{facts.year}年度"], ["指标名称", "单位", "统计数"]))
    for n, row in enumerate([head, *rows]):
        name, unit, value = (str(x) for x in row)
        lead = _INDENTED.get(n - 1, "") if numbered and n else ""
        write(out, lead + name, unit, value, n == 0)
        if n:
            start = out.text.rstrip("\n |").rfind(value)
            data = {"name": name, "unit": unit, "value": int(value)}
            out.marks.append(Mark(start, start + len(value), "indicator", data))
    return Marked(out.text.rstrip("\n"), out.marks)


def _tabs(out: Marked, name: str, unit: str, value: str, head: bool) -> None:
    _cells(out, (name, unit, value), head, "\t", "\n")


def _pipes(out: Marked, name: str, unit: str, value: str, head: bool) -> None:
    _cells(out, (name, unit, value), head, " | ", " |\n")


def _lines(out: Marked, name: str, unit: str, value: str, head: bool) -> None:
    _cells(out, (name, unit, value), head, "\n\n", "\n\n")


def _glued(out: Marked, name: str, unit: str, value: str, head: bool) -> None:
    out.add(name + unit + value, "block", type="header" if head else "row").add("\n")


def _cells(out: Marked, cells: tuple[str, str, str], head: bool, sep: str, end: str) -> None:
    for i, cell in enumerate(cells):
        out.add(cell, "block", type="header" if head else "value" if i == 2 else "label")
        out.add(end if i == 2 else sep)


def indicators_of(doc: Marked) -> list[dict[str, Any]]:
    """Gold of the indicators: name, unit, value, place."""
    return [{**m.data, "start": m.start, "end": m.end} for m in doc.of("indicator")]
