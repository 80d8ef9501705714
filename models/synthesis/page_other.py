"""Documents that are no disclosure reports, though they share words, pages or tables with them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib import resources
from typing import Any

import yaml

from models.synthesis.damage import damage, draw_damage
from models.synthesis.facts import Facts
from models.synthesis.gold import blocks
from models.synthesis.markup import Mark, Marked
from models.synthesis.numbers import draw_facts, log_int
from models.synthesis.page import joined, noise, write_head, write_tail
from models.synthesis.page_words import NAV_TRAPS, NAV_WORDS
from models.synthesis.tables import TableOptions, draw_style, write_table
from models.synthesis.tables import draw_options as draw_tables


@dataclass(frozen=True, slots=True)
class Other:
    """A document of another family; its gold has no cell, no claim and no finding."""

    id: str
    text: str
    gold: dict[str, Any]
    marks: tuple[Mark, ...]
    meta: dict[str, Any]


def _lines(*texts: tuple[str, str]) -> Marked:
    """Lines of text, each with its block type."""
    return joined([Marked().add(text, "block", type=kind) for kind, text in texts], "\n")


def _navigation(rng: random.Random, facts: Facts) -> Marked:
    words = [*rng.choices(NAV_WORDS, k=rng.randint(20, 90)), *(w for t in NAV_TRAPS[:3] for w in t)]
    rng.shuffle(words)
    dates = [f"{facts.place}{rng.choice(NAV_WORDS)}工作动态 {facts.year}-{rng.randint(1, 12):02d}-11" for _ in range(9)]
    return noise(rng.choice(("\n", " | ", "\n\n")).join([*words, *dates]))


@cache
def _library() -> dict[str, list[list[list[str]]]]:
    """The documents of page_other.yaml: family → documents → lines of (block type, text)."""
    text = resources.files("models").joinpath("synthesis", "page_other.yaml").read_text(encoding="utf-8")
    data: dict[str, list[list[list[str]]]] = yaml.safe_load(text)
    return data


def _written(family: str, rng: random.Random, facts: Facts) -> Marked:
    """One of the library's documents with names and numbers filled in."""
    words = {
        "issuer": facts.issuer, "year": facts.year, "next": facts.year + 1, "place": facts.place, "we": facts.we,
        "p": rng.randint(80, 100), "d": rng.randint(8, 28), "tel": rng.randint(2000000, 8999999),
        **{k: log_int(rng, 1, 600) for k in "abc"},
    }  # fmt: skip
    lines = rng.choice(_library()[family])
    return _lines(*((kind, text.format(**words)) for kind, text in lines))


def _template(rng: random.Random, facts: Facts) -> Marked:
    """The official form, sent out empty."""
    style = draw_style(rng)
    while style.keeps != "places":
        style = draw_style(rng)
    options: TableOptions = replace(draw_tables(rng), blanks="empty")
    titles = {s.section: t for t, s in facts.form.tables.items()}
    parts = [_lines(("title", "政府信息公开工作年度报告（格式）"))]
    for section in facts.form.sections:
        heading = "一二三四五六"[section.ordinal - 1] + "、" + section.title
        parts.append(_lines(("heading", heading)))
        if section.ordinal in titles:
            parts.append(write_table(rng, facts, titles[section.ordinal], style, options))
        else:
            parts.append(_lines(("paragraph", rng.choice(("（填写说明：以文字表述为主。）", "××××××。", "……")))))
    return joined(parts, "\n")


def _grid(rng: random.Random, heads: list[str], rows: list[tuple[str, list[str]]]) -> Marked:
    """A plain table of another kind in one of four flattened shapes."""
    sep, end = rng.choice((("\t", "\n"), (" | ", " |\n"), (" |\n", " |\n"), ("\n\n", "\n\n")))
    out = Marked()
    for n, (label, values) in enumerate([("项目", heads), *rows]):
        for i, cell in enumerate([label, *values]):
            kind = "header" if n == 0 else "label" if i == 0 else "value"
            out.add(cell, "block", type=kind).add(end if i == len(values) else sep)
    return Marked(out.text.rstrip("\n"), out.marks)


def _budget(rng: random.Random, facts: Facts) -> Marked:
    amounts = [round(rng.choice((0.0, rng.uniform(0.5, 90))), 2) for _ in range(3)]
    total, before = round(sum(amounts), 2), round(sum(amounts) * rng.uniform(0.8, 1.3) + 1, 2)
    values = [f"{a:.2f}" for a in (total, *amounts)]
    change = f"{'减少' if total < before else '增加'}{abs(before - total):.2f}万元"
    visits = f"国内接待{rng.randint(0, 90)}批次、{rng.randint(0, 900)}人次"
    table = _grid(
        rng,
        ["合计", "因公出国（境）费", "公务用车购置及运行费", "公务接待费"],
        [("预算数", values), ("决算数", values)],
    )
    return joined([
        _lines(
            ("title", f"{facts.issuer}{facts.year}年度“三公”经费支出情况说明"),
            ("heading", "一、“三公”经费支出总体情况"),
            ("paragraph", f"{facts.year}年度“三公”经费支出{total:.2f}万元，比上年{change}。"),
            ("caption", "单位：万元"),
        ),
        table,
        _lines(("paragraph", f"公务接待费支出{amounts[2]:.2f}万元，{visits}。")),
    ], "\n")  # fmt: skip


def _enforcement(rng: random.Random, facts: Facts) -> Marked:
    heads = [
        "警告",
        "罚款",
        "没收违法所得",
        "责令停产停业",
        "吊销许可证件",
        "行政拘留",
        "其他",
        "合计（宗）",
        "罚没金额（万元）",
    ]
    parts = [rng.choice((0, log_int(rng, 1, 400))) for _ in heads[:7]]
    row = [*map(str, [*parts, sum(parts)]), f"{rng.uniform(0, 900):.2f}"]
    licences = [str(n) for n in sorted((log_int(rng, 1, 9000) for _ in range(3)), reverse=True)]
    return joined([
        _lines(("title", f"{facts.issuer}{facts.year}年度行政执法统计年报"), ("heading", "一、行政处罚实施情况统计表")),
        _grid(rng, heads, [(facts.issuer, row)]),
        _lines(("note", "说明：1.行政处罚实施数量的统计范围为当年作出决定的数量。2.单处一个类别的，计入相应类别。")),
        _lines(("heading", "二、行政许可实施情况统计表")),
        _grid(rng, ["申请数量（宗）", "受理数量（宗）", "许可数量（宗）"], [(facts.issuer, licences)]),
    ], "\n")  # fmt: skip


FAMILIES: dict[str, Callable[[random.Random, Facts], Marked]] = {
    "navigation": _navigation,
    "template": _template,
    "budget": _budget,
    "enforcement": _enforcement,
    **{name: partial(_written, name) for name in ("notice", "interpretation", "rule_of_law", "school")},
}


def _empty(mark: Mark) -> bool:
    return mark.kind in ("cell", "title", "issuer", "year", "published")


def synthesize_other(seed: int, index: int, family: str | None = None) -> Other:
    """Document ``index`` of the other families: the same arguments give the same bytes. KeyError: unknown family.

    Gold has empty ``cells``, ``claims`` and ``findings``, ``format`` None and the blocks; nothing is said of headings.
    """
    rng = random.Random(f"other:{seed}:{index}")
    name = family or rng.choice(list(FAMILIES))
    facts = draw_facts(rng, "2021")
    body = FAMILIES[name](rng, facts)
    head = Marked() if name == "navigation" or rng.random() < 0.5 else write_head(rng, facts)
    if head.of("title"):  # these pages are not headed as reports
        head = Marked()
    doc = joined([m for m in (head, body, write_tail(rng, facts)) if m.text], "\n")
    kinds = draw_damage(rng)
    doc = damage(rng, doc, kinds)
    doc = Marked(doc.text, [m for m in doc.marks if not _empty(m)])
    label = f"oth-{seed}-{index:06d}"
    meta = {"family": name, "style": name, "shape": "lines", "blanks": "", "damage": list(kinds), "faults": []}
    gold: dict[str, Any] = {
        "id": label,
        "format": None,
        "cells": {},
        "claims": [],
        "findings": [],
        "blocks": blocks(doc),
        **meta,
    }
    return Other(label, doc.text, gold, tuple(doc.marks), meta)
