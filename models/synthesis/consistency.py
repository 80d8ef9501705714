"""What a report says twice, and whether it says the same: sums of its tables, claims and cells, sums in its prose."""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.form import Identity
from models.synthesis.facts import Facts
from models.synthesis.markup import Mark, Marked
from models.synthesis.numbers import identities_of

# the columns that a 2019 block of table 2 has in place of those of 2021
_HYBRID = {
    "t2.normative.made": "t2.normative.new_made",
    "t2.normative.valid": "t2.normative.total_public",
    "t2.regulations.made": "t2.regulations.new_made",
    "t2.regulations.valid": "t2.regulations.total_public",
}
_PUBLISHED = re.compile("公开|公布|发布|公開|公佈|發布|發佈")
_MADE = re.compile("制定|制发|制作|出台|印发|新增|拟定|起草|颁布|製|制發|出臺|印發|擬定|頒布")
_HANDLED = re.compile(r"受理|办理|收办|辦理|处理")
_WIDE = str.maketrans("０１２３４５６７８９．，", "0123456789.,")

Values = dict[str, float | None]

_REST = re.compile(r"其[他它余餘]|剩[余餘]")
_BRACKET = re.compile(r"[余多]?[\u4e00-\u9fff]{0,3}\s?[，,]?[(（](?![a-zà-ǜ]|\s?[:：]?\s?(?:其中|主要|包括|包含))")


def printed(doc: Marked) -> Values:
    """What each cell prints: a number, or None for a blank; cells that cannot be read for certain are left out."""
    return {m.data["id"]: m.data["value"] for m in doc.marks if m.kind == "cell" and not m.data.get("uncertain")}


def same(a: float, b: float) -> bool:
    return abs(a - b) < 1e-6


def _whole(ids: tuple[str, ...], values: Values) -> list[float] | None:
    """The cells' numbers, None where one is blank or not to be read."""
    found = [values.get(c) for c in ids]
    return None if any(v is None for v in found) else [v for v in found if v is not None]


def broken_identities(facts: Facts, values: Values) -> list[Identity]:
    """The form's sums that the printed numbers contradict; sums with a blank or unreadable cell decide nothing."""
    out: list[Identity] = []
    for one in identities_of(facts):
        left, right = _whole(one.left, values), _whole(one.right, values)
        if left is not None and right is not None and not same(sum(left), sum(right)):
            out.append(one)
    return out


def undecided(facts: Facts, values: Values) -> list[Identity]:
    """The sums of printed tables that only seem broken because a cell is blank, lost or not to be read for certain."""
    tables = {c.split(".")[0] for c in values}
    out: list[Identity] = []
    for one in identities_of(facts):
        ids = (*one.left, *one.right)
        if one.left[0].split(".")[0] not in tables or all(values.get(c) is not None for c in ids):
            continue
        left, right = (sum(values.get(c) or 0.0 for c in side) for side in (one.left, one.right))
        if not same(left, right):
            out.append(one)
    return out


def expressions(concept: str, facts: Facts) -> list[str]:
    """The metric of a concept, and those that say the same in this report; empty where the form has none."""
    main = facts.form.metrics[concept].expression
    if main is None:
        return []
    out = [main]
    if main == "t3.other.*.total" and facts.single_other:
        out.append("t3.other.total")
    if main in _HYBRID and facts.form.id == "2021" and facts.notes.get("hybrid"):
        out.append(_HYBRID[main])
    return out


def cells_of(expression: str, facts: Facts) -> tuple[str, ...]:
    """The printed cells that an expression sums."""
    ids = facts.form.expand(expression) if expression != "t3.other.total" else ("t3.other.total",)
    return ids


def alternatives(mark: Mark, text: str) -> list[list[str]]:
    """Other links that are as right: “受理 N 件” may mean new, or new and carried in."""
    if tuple(mark.data["concepts"]) != ("requests_new",) or mark.data["kind"] != "count":
        return []
    around = text[max(0, mark.start - 14) : mark.end + 14]
    return [["t3.new.total+t3.carried_in.total"]] if _HANDLED.search(around) else []


def _read(expression: str, facts: Facts, values: Values) -> tuple[float, bool] | None:
    """The sum of an expression's printed cells and whether all print a number; None where a cell is not to be read."""
    ids = cells_of(expression, facts)
    if any(c not in values for c in ids):
        return None
    found = [values[c] for c in ids]
    return sum(v or 0.0 for v in found), None not in found


def contradicted(mark: Mark, text: str, facts: Facts, values: Values) -> tuple[str, ...]:
    """The cells that a claim of the own year and body contradicts; none where it agrees or nothing can be said."""
    data = mark.data
    if data["scope"] != "own" or data["approx"] or data["kind"] == "ratio":
        return ()
    if data["kind"] == "money" and not data["unit"]:
        return ()  # yuan or ten thousand yuan: the text no longer says
    claimed = data["value"] / 10000 if data["kind"] == "money" and data["unit"] == "元" else data["value"]
    accepted = [_read(alt[0], facts, values) for alt in alternatives(mark, text)]
    if any(a is not None and same(a[0], claimed) for a in accepted):
        return ()
    wrong: list[str] = []
    for concept in data["concepts"]:
        for expression in expressions(concept, facts):
            got = _read(expression, facts, values)
            if got is not None and got[1] and not same(got[0], claimed):
                wrong += cells_of(expression, facts)
    return tuple(dict.fromkeys(wrong))


def provable(mark: Mark, text: str, facts: Facts) -> bool:
    """Can a reader prove a contradicted claim wrong?

    Not where its unit was lost, or a sign of something lost touches it, since digits may be lost, too; nor where the
    words count documents published, or do not say whether they were made or are in force; nor where the form of 2019
    asks for those open to the public and the words tell those in force.
    """
    documents = [c for c in mark.data["concepts"] if c.startswith(("normative_", "regulations_"))]
    old = facts.form.id == "2019" and any(c.endswith("_valid") for c in documents)
    around = text[max(0, mark.start - 20) : mark.end + 12]
    published = bool(documents) and bool(_PUBLISHED.search(around))
    made = any(c.endswith("_made") for c in documents)
    untold = made and mark.data["kind"] != "zero" and not _MADE.search(_clause(text, mark))
    torn = "?" in (text[mark.start - 1 : mark.start], text[mark.end : mark.end + 1])
    return not (torn or mark.data.get("maimed") or mark.data.get("optional") or old or published or untold)


def _clause(text: str, mark: Mark) -> str:
    """The words around a number, back to the last stop and ahead to the next."""
    head = re.split("[。；;，,]", text[max(0, mark.start - 40) : mark.start])[-1]
    return head + re.split("[。；;，,]", text[mark.end : mark.end + 24])[0]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A total of the prose and its parts. ``closed``: the parts are meant to be all; ``lost``: damage took one."""

    total: Mark
    parts: tuple[Mark, ...]
    closed: bool
    lost: bool

    @property
    def marks(self) -> tuple[Mark, ...]:
        return (self.total, *self.parts)


def breakdowns(doc: Marked) -> list[Breakdown]:
    """Every breakdown of the prose that has a total."""
    groups: dict[int, list[Mark]] = {}
    for m in doc.of("sum"):
        groups.setdefault(m.data["group"], []).append(m)
    out: list[Breakdown] = []
    for marks in groups.values():
        totals = [m for m in marks if m.data["role"] == "total"]
        parts = tuple(m for m in marks if m.data["role"] == "part")
        if len(totals) == 1 and parts:
            lost = any(m.data.get("lost") or m.start == m.end for m in marks)
            out.append(Breakdown(totals[0], parts, all(m.data["closed"] for m in marks), lost))
    return out


def number_at(doc: Marked, mark: Mark) -> float:
    """The value of the claim that stands where a sum mark stands. ValueError where there is none."""
    for m in doc.marks:
        if m.kind == "claim" and (m.start, m.end) == (mark.start, mark.end):
            return float(m.data["value"])
    raise ValueError(f"no claim at {mark.start}: a number of a breakdown must be marked as a claim too")


def plain_number(text: str) -> int | None:
    """A whole number printed in digits, full-width ones too; None for anything else."""
    digits = text.translate(_WIDE)
    return int(digits) if digits.isascii() and digits.isdigit() else None


def uneven(doc: Marked, provable: bool = True) -> list[Breakdown]:
    """The whole breakdowns whose parts do not add up to their total, and that a reader can (or cannot) prove wrong.

    Parts that exceed their total prove it, if all count the same unit and there are more than two, or one alone
    exceeds it; else only where the wording closes the list besides.
    """
    values = {(m.start, m.end): float(m.data["value"]) for m in doc.marks if m.kind == "claim"}
    units = {(m.start, m.end): m.data["unit"] for m in doc.marks if m.kind == "claim"}
    maimed = {(m.start, m.end) for m in doc.marks if m.kind == "claim" and m.data.get("maimed")}
    out: list[Breakdown] = []
    for one in breakdowns(doc):
        if one.lost or not one.closed:
            continue
        total = values.get((one.total.start, one.total.end))
        parts = [p for m in one.parts if (p := values.get((m.start, m.end))) is not None]
        if total is None or len(parts) < len(one.parts) or same(total, sum(parts)):
            continue
        alike = len({units.get((m.start, m.end)) for m in one.marks}) == 1
        alike = alike and not any((m.start, m.end) in maimed for m in one.marks)
        exceeds = sum(parts) > total and (len(parts) > 2 or max(parts) > total)  # two topics may overlap
        if (alike and (exceeds or _closes(doc.text, one))) is provable:
            out.append(one)
    return out


def _closes(text: str, one: Breakdown) -> bool:
    """Do the words say that these parts are all: a rest is named, or they stand in a bracket behind the total?"""
    last = max(one.parts, key=lambda m: m.start)
    return bool(_REST.search(text[max(0, last.start - 14) : last.start]) or _BRACKET.match(text, one.total.end))
