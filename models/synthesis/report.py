"""One whole synthetic report: page, title, prose, tables, layout, planted faults, damage — and its gold."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import Any

from models.form import Section
from models.synthesis import page_old
from models.synthesis.damage import damage, draw_damage
from models.synthesis.facts import Facts
from models.synthesis.faults import Plant, doubtful, findings, plant
from models.synthesis.gold import build_gold, claim
from models.synthesis.markup import Mark, Marked
from models.synthesis.numbers import draw_facts
from models.synthesis.page import write_head, write_tail
from models.synthesis.page_layout import finish, paginate, run_together, spread, wrap
from models.synthesis.page_sections import HeadingStyle, draw_heading_style, write_heading
from models.synthesis.prose import (
    ProseOptions,
    write_intro,
    write_lead,
    write_narrative,
    write_old_report_sections,
    write_other,
    write_problems,
)
from models.synthesis.prose import draw_options as draw_prose
from models.synthesis.tables import STYLES, WITHHELD, Style, TableOptions, draw_style, write_table
from models.synthesis.tables import draw_options as draw_tables

WITHHELD_FAMILIES = ("cards", "register")
SHAPES = ("lines", "one_line", "pdf")
_STYLES_OF = {"one_line": ("G-line", "G-line", "G-line", "S"), "pdf": ("PDF-rows", "PDF-rows", "PDF-columns")}
_TABLES = {"disclosure": "t2", "requests": "t3", "disputes": "t4"}
_LEFT_OVERS = ("该部分以表格形式报告。表格如下：", "详见下表。", "见下表：", "具体情况如下表所示：")
_REGISTER_UNITS = ("纸", "角", "牍", "卷", "件", "")
_PICTURES = ("图{n} {t}", "（见附件）", "见下图", "[图片]", "表格见附件{n}")


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller may fix. ``None`` leaves a choice to chance.

    ``fault_rate``: share of reports with planted inconsistencies. ``form``: "2019" | "2021" | "pre2019".
    ``style``: a table style. ``shape``: one of SHAPES. ``damage``: names of damage to do (empty: none).
    ``families_withheld``: claim families that the prose must not use. ``shows``: which of ``WITHHELD_FAMILIES`` it
    has, things that ordinary synthesis never writes so that it can be shown that annotated reports teach them:
    ``cards`` (a table style) and ``register`` (a manner of stating requests). They are marked ``withheld``.
    """

    fault_rate: float = 1 / 3
    form: str | None = None
    style: str | None = None
    shape: str | None = None
    damage: tuple[str, ...] | None = None
    families_withheld: frozenset[str] = frozenset()
    shows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Synthetic:
    """A report with its annotation. ``marks`` are the final marks; ``meta`` tells how it was made."""

    id: str
    text: str
    gold: dict[str, Any]
    marks: tuple[Mark, ...]
    meta: dict[str, Any]


@dataclass(slots=True)
class Part:
    """A piece of the document: its role in the layout and what parts it from the piece before."""

    role: str
    marked: Marked
    before: str = "\n"


@dataclass(slots=True)
class Draft:
    """A report while it is put together."""

    rng: random.Random
    facts: Facts
    prose: ProseOptions
    tables: TableOptions
    style: Style
    shape: str
    headings: HeadingStyle
    old: bool = False
    free: dict[str, Marked] = field(default_factory=dict)
    mixed: bool = False
    glue_headings: float = 0.0
    run_in: float = 0.0
    parts: list[Part] = field(default_factory=list)
    groups: int = 0

    def put(self, role: str, marked: Marked, before: str = "\n") -> None:
        """Append a piece; the sums of its prose get numbers of their own."""
        if not marked.text.strip():
            return
        top = max((m.data["group"] for m in marked.marks if m.kind == "sum"), default=0)
        marks = [
            replace(m, data={**m.data, "group": m.data["group"] + self.groups}) if m.kind == "sum" else m
            for m in marked.marks
        ]
        self.groups += top + 1
        self.parts.append(Part(role, Marked(marked.text, marks), before))


def _draft(rng: random.Random, options: Options) -> Draft:
    form = options.form or rng.choices(("2021", "2019", "pre2019"), (75.5, 22, 2.5))[0]
    old = form == "pre2019"
    facts = draw_facts(rng, "2019", rng.randint(2012, 2018)) if old else draw_facts(rng, form)
    tables = draw_tables(rng)
    if form == "2021" and rng.random() < 0.01:
        tables = replace(tables, hybrid=True)
    if tables.hybrid:
        facts = replace(facts, notes={**facts.notes, "hybrid": "t2"})
    shape, style = _shape_and_style(rng, options)
    if shape == "pdf":  # pages are numbered throughout, not table by table
        tables = replace(tables, damage=replace(tables.damage, cut="none"))
    prose = draw_prose(rng, options.families_withheld)
    if "register" in options.shows:
        prose = replace(prose, register=True, unit=rng.choice(_REGISTER_UNITS))
    return Draft(
        rng,
        facts,
        prose,
        tables,
        style,
        shape,
        draw_heading_style(rng),
        old=old,
        free=write_old_report_sections(rng, facts, prose) if old else {},
        mixed=shape == "lines" and options.style is None and style is not WITHHELD and rng.random() < 0.06,
        glue_headings=0.6 if rng.random() < 0.03 else 0.0,
        run_in=0.7 if rng.random() < 0.025 else 0.0,
    )


def _shape_and_style(rng: random.Random, options: Options) -> tuple[str, Style]:
    """Table style and layout of the page go together: PDF text has PDF tables, one line has glued ones."""
    if "cards" in options.shows:
        return "lines", WITHHELD
    style = STYLES[options.style] if options.style else None
    if options.shape in _STYLES_OF and style is None:
        return options.shape, STYLES[rng.choice(_STYLES_OF[options.shape])]
    style = style or draw_style(rng)
    if options.shape:
        return options.shape, style
    roll = rng.random()
    if style.name.startswith("PDF"):
        return ("pdf" if roll < 0.85 else "lines"), style
    if style.one_line:
        return ("one_line" if roll < 0.65 else "lines"), style
    if roll < 0.02 and options.style is None:
        return "one_line", STYLES[rng.choice(_STYLES_OF["one_line"])]
    return ("pdf" if roll > 0.995 else "lines"), style


def _sections(draft: Draft) -> list[Section]:
    """The sections a report prints, in its order: nearly always all six as the form has them."""
    rng, facts = draft.rng, draft.facts
    if draft.old:
        return page_old.sections(rng)
    out = [s for s in facts.form.sections if s.kind == "overview" or rng.random() >= 0.012]
    if len(out) == 6 and rng.random() < 0.012:
        i = rng.randint(1, 4)
        out[i], out[i + 1] = out[i + 1], out[i]
    return out


def _compose(draft: Draft) -> Marked:
    """All parts of the report joined, one line break between them, each a ``region``."""
    rng, facts = draft.rng, draft.facts
    intro = write_intro(rng, facts, draft.prose) if rng.random() < 0.74 else Marked()
    late = rng.random() < 0.1
    head = write_head(rng, facts, intro.text.split("\n")[0])
    if head.of("title") and rng.random() < 0.02:  # last year's period was copied
        intro = Marked(intro.text.replace(str(facts.year), str(facts.year - 1)), intro.marks)
    draft.put("head", head)
    if not late:
        draft.put("prose", intro)
    keep_numbers = rng.random() < 0.5
    for i, section in enumerate(_sections(draft)):
        ordinal = section.ordinal if keep_numbers else i + 1
        heading = write_heading(rng, section, ordinal, draft.headings, facts.year)
        if section.kind == "overview" and late and intro.text:
            draft.put("prose", heading)
            draft.put("prose", intro)
            draft.put("prose", _body(draft, section))
        else:
            _section(draft, section, heading)
    draft.put("tail", write_tail(rng, facts))
    out = Marked()
    for part in draft.parts:
        out.add(part.before if out.text else "")
        out.join(part.marked, "region", role=part.role)
    return out


def _body(draft: Draft, section: Section) -> Marked:
    """A section's prose; what stands before the table for those that have one."""
    rng, facts = draft.rng, draft.facts
    if draft.old:
        return draft.free.get(section.kind, Marked())
    if section.kind == "overview":
        return write_narrative(rng, facts, draft.prose)
    if section.kind == "problems":
        return write_problems(rng, facts, draft.prose)
    if section.kind == "other_matters":
        return write_other(rng, facts, draft.prose) if rng.random() < 0.92 else Marked()
    if rng.random() < 0.08:
        return write_lead(rng, facts, _TABLES[section.kind], draft.prose)
    if rng.random() < 0.02:
        return Marked().add(rng.choice(_LEFT_OVERS), "block", type="paragraph")
    return Marked()


def _section(draft: Draft, section: Section, heading: Marked) -> None:
    rng = draft.rng
    body = _body(draft, section)
    before = "\n"
    last = draft.parts[-1] if draft.parts else None
    if last is not None and last.role == "prose" and rng.random() < draft.glue_headings:
        before = ""
    if body.text and rng.random() < draft.run_in and section.kind not in _TABLES:
        body = _opened(rng, heading, body)
    else:
        draft.put("prose", heading, before)
        before = "\n"
    draft.put("prose", body, before)
    if section.kind == "statistics":
        draft.put("table", page_old.write_statistics(rng, draft.facts))
    elif section.kind in _TABLES and not draft.old:
        _table(draft, _TABLES[section.kind], section)


def _opened(rng: random.Random, heading: Marked, body: Marked) -> Marked:
    """A section heading and the paragraph after it on one line."""
    opener = Marked(heading.text, [m for m in heading.marks if m.kind != "block"])
    if opener.text[-1] not in "。：、":
        opener.add(rng.choice(("。", " ", "", "  ")))
    size = len(opener.text)
    opener.join(body)
    first = min((m for m in body.marks if m.kind == "block"), key=lambda m: m.start, default=None)
    kind = "paragraph" if first is None or first.data["type"] == "heading" else first.data["type"]
    opener.mark(0, size, "block", type=kind)
    return opener


def _table(draft: Draft, table: str, section: Section) -> None:
    rng = draft.rng
    if rng.random() < 0.02:  # the table was a picture or an annex
        if rng.random() < 0.5:
            text = rng.choice(_PICTURES).format(n=rng.randint(1, 3), t=section.title)
            draft.put("prose", Marked().add(text, "block", type="caption"))
        return
    style = draw_style(rng) if draft.mixed else draft.style
    already = frozenset(line for p in draft.parts for line in p.marked.text.split("\n"))
    written = write_table(rng, draft.facts, table, style, replace(draft.tables, already=already))
    if style is WITHHELD:
        written.mark(0, len(written.text), "withheld", family=style.name)
    draft.put("table", written)


def _lay_out(draft: Draft, doc: Marked) -> Marked:
    rng = draft.rng
    if draft.shape == "one_line":
        # where cells are parted by spaces, a row's last number must not run into the next label's
        return finish(run_together(doc, rng.choice((" ", "", "")) if draft.style.one_line else " "))
    if draft.shape == "pdf":
        height = (90, 140) if draft.style.name == "PDF-columns" and not draft.old else (26, 44)
        return paginate(rng, finish(wrap(rng, doc)), rng.randint(*height))
    airy = draft.style.name == "L-blank"
    sep = rng.choices(("\n", "\n\n", "\n \n"), (15, 80, 5) if airy else (58, 40, 2))[0]
    indent = rng.choices(("", "\u3000\u3000", "  ", "\t", "        ", "\u00a0\u00a0"), (66, 18, 9, 2, 3, 2))[0]
    return finish(spread(doc, sep, indent, rng.random() < 0.6))


def synthesize(seed: int, index: int, options: Options = Options()) -> Synthetic:
    """Report ``index`` of the corpus ``seed``: the same arguments give the same bytes.

    Raises ValueError where the report contradicts itself without a planted fault (a mistake of the generator).
    """
    rng = random.Random(f"report:{seed}:{index}")
    draft = _draft(rng, options)
    doc = _lay_out(draft, _compose(draft))
    findings(doc, draft.facts, [])  # sound before anything is planted
    chaos = random.Random(f"faults:{seed}:{index}")
    plants: list[Plant] = []
    if chaos.random() < options.fault_rate:
        doc, plants = plant(chaos, doc, draft.facts, chaos.choices((1, 2, 3), (70, 23, 7))[0], _places(draft))
    wear = random.Random(f"damage:{seed}:{index}")
    kinds = draw_damage(wear) if options.damage is None else options.damage
    doc = damage(wear, doc, kinds)
    return _finished(f"syn-{seed}-{index:06d}", doc, draft, plants, kinds)


def _places(draft: Draft) -> bool:
    """Whether every printed number stands in a place of its own, so that a wrong one can be told for certain."""
    return not draft.mixed and draft.style.keeps in ("places", "numbers")


def _claims_in(open_cases: list[dict[str, Any]]) -> bool:
    return any(case["kind"] == "claim_vs_table" for case in open_cases)


def _finished(name: str, doc: Marked, draft: Draft, plants: list[Plant], kinds: tuple[str, ...]) -> Synthetic:
    found = findings(doc, draft.facts, plants)
    unsure = doubtful(doc, draft.facts)
    gold = build_gold(name, doc, draft.facts, found, unsure)
    meta = {
        "family": "report",
        "style": "several" if draft.mixed else draft.style.name,
        "shape": draft.shape,
        "blanks": draft.tables.blanks,
        "damage": list(kinds),
        "faults": [p.kind for p in plants] if found or _claims_in(unsure) else [],  # damage may have taken the numbers
    }
    if draft.old:
        gold |= {"format": "pre2019", "indicators": page_old.indicators_of(doc)}
        gold["claims"] = [claim(m, doc.text, None) for m in doc.of("claim")]
    return Synthetic(name, doc.text, {**gold, **meta}, tuple(doc.marks), meta)
