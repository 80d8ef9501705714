"""Planted inconsistencies: what a checker has to find, with every consequence of it in the gold."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from models.synthesis.consistency import (
    breakdowns,
    broken_identities,
    cells_of,
    contradicted,
    expressions,
    plain_number,
    printed,
    provable,
    undecided,
    uneven,
)
from models.synthesis.facts import Facts
from models.synthesis.markup import Mark, Marked
from models.synthesis.numbers import identities_of

_TO_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True, slots=True)
class Plant:
    """One planted fault: its kind, the cells changed in the table, and the text it stands in."""

    kind: str
    doc: Marked
    cells: tuple[str, ...]
    note: str


def _set(doc: Marked, changes: list[tuple[Mark, int]]) -> Marked:
    """The text with numbers replaced; every mark on such a number takes the new value."""
    new = {(m.start, m.end): value for m, value in changes}
    edits: list[tuple[int, int, str]] = []
    for (start, end), value in new.items():
        text = str(value)
        edits.append((start, end, text.translate(_TO_WIDE) if doc.text[start] > "\u00ff" else text))
    marks = [
        replace(m, data={**m.data, "value": float(new[m.start, m.end])})
        if m.kind in ("claim", "cell") and (m.start, m.end) in new
        else m
        for m in doc.marks
    ]
    return Marked(doc.text, marks).substitute(edits)


def _near(rng: random.Random, value: int) -> int:
    """A wrong number such as people write: one off, a digit changed or turned round, nothing filled in."""
    digits = str(value)
    ways = [value + rng.randint(1, 3)]
    if value > 0:
        ways += [max(0, value - rng.randint(1, 3)), value + rng.choice((-1, 1))]
    if len(digits) > 1:
        at = rng.randrange(len(digits) - 1)
        ways.append(int(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]))
        ways.append(value + 10 ** (len(digits) - 1))
        ways.append(int(digits[:-1]))
    choices = [w for w in ways if w != value]
    return rng.choice(choices)


def _digits(doc: Marked, mark: Mark) -> int | None:
    return plain_number(doc.text[mark.start : mark.end])


def _claims(doc: Marked, facts: Facts) -> list[Mark]:
    """Plain counts of the own year and body that the printed table can plainly contradict."""
    values = printed(doc)
    out: list[Mark] = []
    for m in doc.of("claim"):
        d = m.data
        if d["kind"] != "count" or d["scope"] != "own" or d["approx"] or d.get("optional") or _digits(doc, m) is None:
            continue
        ids = [c for name in d["concepts"] for e in expressions(name, facts) for c in cells_of(e, facts)]
        if provable(m, doc.text, facts) and ids and all(values.get(c) is not None for c in ids):
            out.append(m)
    return out


def wrong_claim(rng: random.Random, doc: Marked, facts: Facts) -> Plant | None:
    """The prose says another number than the table."""
    claims = _claims(doc, facts)
    if not claims:
        return None
    mark = rng.choice(claims)
    value = _digits(doc, mark)
    family = ("t3.new.total", "t3.carried_in.total", "t3.result_total.total")
    new, carried, results = (facts.values.get(c, 0.0) for c in family)
    wrong = _near(rng, value or 0)
    if any(c.startswith(("requests", "results")) for c in mark.data["concepts"]) and wrong in (
        new,
        new + carried,
        results,
    ):
        return None
    out = _set(doc, [(mark, wrong)])
    return Plant("claim", out, (), f"the prose says {wrong} where the table has {value}")


def _sound(doc: Marked, table: str) -> dict[str, Mark]:
    """The cells of a table whose every cell is certain, printed and a plain number; else none."""
    marks = {m.data["id"]: m for m in doc.marks if m.kind == "cell" and m.data["id"].startswith(table + ".")}
    fine = all(
        not m.data.get("uncertain") and m.data["value"] is not None and _digits(doc, m) is not None
        for m in marks.values()
    )
    return marks if fine else {}


def _with_identity(facts: Facts, marks: dict[str, Mark]) -> list[str]:
    """The cells that some sum of the form holds, all of whose cells are there."""
    sums = [(*i.left, *i.right) for i in identities_of(facts)]
    whole = {c for ids in sums if all(x in marks for x in ids) for c in ids}
    return [c for c in marks if c in whole]


def wrong_cell(rng: random.Random, doc: Marked, facts: Facts) -> Plant | None:
    """One cell of table 3 or 4 is wrong."""
    return _spoil(rng, doc, facts, "cell", lambda c: True)


def wrong_total(rng: random.Random, doc: Marked, facts: Facts) -> Plant | None:
    """A total is wrong, or was not filled in."""
    return _spoil(rng, doc, facts, "total", lambda c: c.endswith(".total") or c.startswith("t3.result_total."))


def _spoil(rng: random.Random, doc: Marked, facts: Facts, kind: str, wanted: Callable[[str], bool]) -> Plant | None:
    marks = _sound(doc, rng.choice(("t3", "t3", "t3", "t4")))
    cells = [c for c in _with_identity(facts, marks) if wanted(c)]
    if not cells:
        return None
    filled = [c for c in cells if marks[c].data["value"]]
    cell = rng.choice(filled if filled and rng.random() < 0.6 else cells)
    value = _digits(doc, marks[cell]) or 0
    wrong = 0 if kind == "total" and value and rng.random() < 0.25 else _near(rng, value)
    out = _set(doc, [(marks[cell], wrong)])
    return Plant(kind, out, (cell,), f"{cell} prints {wrong}, the sums want {value}")


def compensating_pair(rng: random.Random, doc: Marked, facts: Facts) -> Plant | None:
    """Two columns of one row are wrong by the same amount, so that the row still adds up."""
    marks = _sound(doc, "t3")
    known = set(_with_identity(facts, marks))
    rows = sorted({c.rsplit(".", 1)[0] for c in known})
    rng.shuffle(rows)
    for row in rows:
        cells = [c for c in known if c.rsplit(".", 1)[0] == row and not c.endswith(".total")]
        full = sorted(c for c in cells if marks[c].data["value"] >= 1)
        if not full:
            continue
        giver = rng.choice(full)
        taker = rng.choice(sorted(c for c in cells if c != giver))
        n = rng.randint(1, min(3, int(marks[giver].data["value"])))
        changes = [
            (marks[giver], int(marks[giver].data["value"]) - n),
            (marks[taker], int(marks[taker].data["value"]) + n),
        ]
        return Plant("pair", _set(doc, changes), (giver, taker), f"{n} moved from {giver} to {taker}")
    return None


def wrong_sum(rng: random.Random, doc: Marked, facts: Facts) -> Plant | None:
    """A total of the prose, or one of its parts, is wrong."""
    whole = [b for b in breakdowns(doc) if b.closed and not b.lost]
    fit = [b for b in whole if all(_digits(doc, m) is not None for m in b.marks)]
    if not fit:
        return None
    mark = rng.choice(rng.choice(fit).marks)
    value = _digits(doc, mark) or 0
    wrong = _near(rng, value)
    return Plant("sum", _set(doc, [(mark, wrong)]), (), f"the breakdown has {wrong} in place of {value}")


def shifted_table(rng: random.Random, doc: Marked, facts: Facts) -> Plant | None:
    """The table is sound in itself but tells of other numbers than the prose."""
    marks = {**_sound(doc, "t2"), **_sound(doc, "t3"), **_sound(doc, "t4")}
    changes: list[tuple[Mark, int]] = []
    n = rng.randint(1, 4)
    before = _contradictions(doc, facts)
    for name in rng.sample(("t2", "t3", "t4"), 3):
        ids = _chain(rng, name, marks)
        if not ids:
            continue
        changes = [(marks[c], int(marks[c].data["value"]) + n) for c in ids]
        out = _set(doc, changes)
        if _contradictions(out, facts) > before:
            return Plant("shift", out, tuple(ids), f"{', '.join(ids)} print {n} more than the prose")
    return None


def _contradictions(doc: Marked, facts: Facts) -> int:
    values = printed(doc)
    claims = (m for m in doc.of("claim") if provable(m, doc.text, facts))
    return sum(bool(contradicted(m, doc.text, facts, values)) for m in claims)


def _chain(rng: random.Random, table: str, marks: dict[str, Mark]) -> list[str]:
    """Cells that can all be raised by the same number without breaking a sum; empty where one is missing."""
    if table == "t2":
        ids = [rng.choice(sorted(c for c in marks if c.startswith("t2.normative."))[:3] or [""])]
    elif table == "t4":
        group = rng.choice(("review", "litigation_direct", "litigation_after_review"))
        ids = [f"t4.{group}.{rng.choice(('maintain', 'correct', 'other', 'pending'))}", f"t4.{group}.total"]
    else:
        row = rng.choice(("granted", "partial", "unavailable.not_held"))
        ids = [f"t3.{r}.{c}" for r in ("new", row, "result_total") for c in ("natural", "total")]
    return ids if all(c in marks for c in ids) else []


def _disagreements(doc: Marked, facts: Facts) -> int:
    sums = len(uneven(doc)) + len(uneven(doc, provable=False))
    return len(broken_identities(facts, printed(doc))) + _contradictions(doc, facts) + sums


KINDS: dict[str, Callable[[random.Random, Marked, Facts], Plant | None]] = {
    "claim": wrong_claim,
    "cell": wrong_cell,
    "total": wrong_total,
    "pair": compensating_pair,
    "sum": wrong_sum,
    "shift": shifted_table,
}
_WEIGHTS = {"claim": 0.34, "cell": 0.18, "total": 0.14, "pair": 0.08, "sum": 0.18, "shift": 0.08}


def plant(rng: random.Random, doc: Marked, facts: Facts, count: int, in_tables: bool) -> tuple[Marked, list[Plant]]:
    """The text with up to ``count`` faults of different kinds; fewer where the report offers no place for them.

    ``in_tables`` False keeps the tables as they are: where digits are glued, a wrong number is just another reading.
    """
    names = [n for n in _WEIGHTS if in_tables or n in ("claim", "sum")]
    done: list[Plant] = []
    for _ in range(8):
        if len(done) == count or not names:
            break
        name = rng.choices(names, [_WEIGHTS[n] for n in names])[0]
        names.remove(name)
        found = KINDS[name](rng, doc, facts)
        # a second fault may mend the first: only what adds a disagreement counts
        if found is not None and _disagreements(found.doc, facts) > _disagreements(doc, facts):
            doc = found.doc
            done.append(found)
    return doc, done


def findings(doc: Marked, facts: Facts, plants: list[Plant]) -> list[dict[str, Any]]:
    """Everything that does not agree in the finished text: planted faults and what follows from them.

    Each has ``kind``, ``cells``, ``spans`` (places of the numbers) and ``note``. Raises ValueError where a sum is
    broken that no planted fault explains: then the report was written wrong.
    """
    values = printed(doc)
    places = {m.data["id"]: [m.start, m.end] for m in doc.marks if m.kind == "cell"}
    out: list[dict[str, Any]] = []
    broken = broken_identities(facts, values)
    unexplained = broken
    for fault in plants:
        mine = [i for i in broken if set(fault.cells) & {*i.left, *i.right}]
        if mine:
            cells = dict.fromkeys(
                (*fault.cells, *(c for i in mine for c in (i.right if len(i.right) == 1 else (*i.left, *i.right))))
            )
            spans = [places[c] for c in cells]
            out.append({"kind": "table_arithmetic", "cells": list(cells), "spans": spans, "note": fault.note})
        unexplained = [i for i in unexplained if i not in mine]
    if unexplained:
        raise ValueError(f"{unexplained[0].id} does not hold and no fault was planted there; the table writer is wrong")
    for m in doc.of("claim"):
        cells_wrong = contradicted(m, doc.text, facts, values)
        if cells_wrong and provable(m, doc.text, facts):
            spans = [[m.start, m.end], *(places[c] for c in cells_wrong if c in places)]
            note = f"the prose says {m.data['value']:g}"
            out.append({"kind": "claim_vs_table", "cells": list(cells_wrong), "spans": spans, "note": note})
    for one in uneven(doc):
        spans = [[m.start, m.end] for m in one.marks]
        out.append({"kind": "narrative_arithmetic", "cells": [], "spans": spans, "note": "the parts do not add up"})
    return out


def doubtful(doc: Marked, facts: Facts) -> list[dict[str, Any]]:
    """What a checker may or may not flag: sums with a cell that is blank or lost, claims that lost their unit,
    breakdowns that are not whole."""
    out: list[dict[str, Any]] = []
    places = {m.data["id"]: [m.start, m.end] for m in doc.marks if m.kind == "cell"}
    for one in undecided(facts, printed(doc)):
        spans = [places[c] for c in one.right if c in places]
        cells = [*one.left, *one.right]
        out.append(
            {"kind": "table_arithmetic", "cells": cells, "spans": spans, "note": "a cell of the sum is not there"}
        )
    values = printed(doc)
    for m in doc.of("claim"):
        if not provable(m, doc.text, facts) and (cells_wrong := contradicted(m, doc.text, facts, values)):
            spans = [[m.start, m.end], *(places[c] for c in cells_wrong if c in places)]
            note = "the claim lost characters, or is of another scope than the form"
            out.append({"kind": "claim_vs_table", "cells": list(cells_wrong), "spans": spans, "note": note})
    unproven = [b.total for b in uneven(doc, provable=False)]
    for group in breakdowns(doc):
        if group.lost or not group.closed or group.total in unproven:
            spans = [[m.start, m.end] for m in group.marks if m.end > m.start]
            note = "a number was lost" if group.lost else "the parts need not be all"
            out.append({"kind": "narrative_arithmetic", "cells": [], "spans": spans, "note": note})
    return out
