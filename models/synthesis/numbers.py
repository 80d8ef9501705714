"""Numbers that balance: every cell of a report's tables, drawn so that each identity of the form holds.

Most reports are small: about a third have no request at all, six in ten at most ten, a few have thousands.
Amounts are in 万元. Row weights differ from report to report, so that every row and applicant occurs.
"""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random

from models.form import Form, Identity, load_form
from models.synthesis.facts import Facts, Level
from models.synthesis.names import draw_issuer

_APPLICANTS = {"natural": 60.0, "business": 9.0, "research": 1.2, "social": 1.4, "legal_service": 3.0, "other_org": 2.5}
_RESULTS = {
    "granted": 30.0, "partial": 11.0, "denied.state_secret": 0.6, "denied.law_forbidden": 1.0,
    "denied.safety_stability": 0.8, "denied.third_party": 1.6, "denied.internal_affairs": 2.2,
    "denied.process_info": 1.8, "denied.enforcement_file": 2.2, "denied.admin_query": 2.0,
    "unavailable.not_held": 22.0, "unavailable.needs_creation": 4.5, "unavailable.unclear": 3.0,
    "rejected.complaint": 4.5, "rejected.repeat": 3.0, "rejected.publication": 0.7, "rejected.massive": 1.0,
    "rejected.confirm": 1.0, "other.no_correction": 3.5, "other.no_fee": 0.7, "other.other": 4.5,
}  # fmt: skip
_OUTCOMES = {"maintain": 6.0, "correct": 1.6, "other": 1.8, "pending": 1.5}
_SINGLE = "other"


def draw_facts(rng: Random, form_id: str, year: int | None = None) -> Facts:
    """The truth of one report of the form ("2019" | "2021"): names, year and all cells. KeyError: unknown form."""
    form = load_form(form_id)
    issuer, place, level, area, we = draw_issuer(rng)
    if year is None:
        late = (2021, 2021, 2022, 2022, 2023, 2023, 2024, 2024, 2025)
        year = rng.choice((2019, 2020)) if form_id == "2019" else rng.choice(late)
    single = form_id == "2021" and rng.random() < 0.1
    values: dict[str, float] = {}
    values |= _table2(rng, form, level)
    table3 = _table3(rng, form, level, single)
    values |= table3
    values |= _table4(rng, table3["t3.new.total"], level)
    known = dict.fromkeys(_single_ids(form)) if single else dict.fromkeys(form.cell_ids())
    ordered = {c: values[c] for c in known}
    return Facts(form, year, issuer, place, level, area, we, ordered, single)


def value_of(facts: Facts, concept: str) -> float | None:
    """A concept's value; None where this report prints no such cell (also the three rows of a single （六） row)."""
    expression = facts.form.metrics[concept].expression
    if expression is None:
        return None
    if facts.single_other and concept.startswith("other"):
        return facts.values["t3.other.total"] if concept == _SINGLE else None
    return facts.value(expression)


def identities_of(facts: Facts) -> tuple[Identity, ...]:
    """The form's identities as this report prints them: one （六） row stands for its three where it is single."""
    if not facts.single_other:
        return facts.form.identities
    out: list[Identity] = []
    for one in facts.form.identities:
        if one.id.startswith("row_total.other."):
            if one.id != "row_total.other.other":
                continue
            one = replace(one, id="row_total.other")
        out.append(replace(one, left=_merge(one.left), right=_merge(one.right)))
    return tuple(out)


def spread(rng: Random, n: int, weights: list[float]) -> list[int]:
    """``n`` things over the weighted places: drawn one by one when few, by jittered shares when many."""
    if n <= 80:
        out = [0] * len(weights)
        for i in rng.choices(range(len(weights)), weights, k=n) if n else ():
            out[i] += 1
        return out
    noisy = [w * rng.uniform(0.7, 1.3) for w in weights]
    whole = sum(noisy)
    out = [int(n * w / whole) for w in noisy]
    for i in rng.choices(range(len(weights)), noisy, k=n - sum(out)):
        out[i] += 1
    return out


def log_int(rng: Random, low: int, high: int) -> int:
    """A whole number in [low, high], small ones as likely as large ones by their logarithm."""
    return min(high, max(low, round(math.exp(rng.uniform(math.log(max(low, 1)), math.log(high + 0.5))))))


def _merge(cells: tuple[str, ...]) -> tuple[str, ...]:
    renamed = [f"t3.other.{c.rsplit('.', 1)[1]}" if c.startswith("t3.other.") else c for c in cells]
    return tuple(dict.fromkeys(renamed))


def _single_ids(form: Form) -> list[str]:
    return list(_merge(form.cell_ids()))


def _requests(rng: Random, level: Level) -> int:
    shares = {
        "city": (2, 5, 15, 48, 30), "district": (6, 20, 34, 32, 8), "office": (18, 34, 28, 17, 3),
        "bureau": (34, 38, 18, 8, 2), "street": (58, 35, 6, 1, 0), "vertical": (32, 38, 20, 8, 2),
    }[level]  # fmt: skip
    low, high = rng.choices(((0, 0), (1, 10), (11, 60), (61, 600), (601, 9000)), shares)[0]
    return 0 if high == 0 else log_int(rng, low, high)


def _uneven(rng: Random, base: dict[str, float]) -> list[float]:
    """This report's weights: each row's share varies widely, and some rare rows are frequent here."""
    weights = [w * rng.gammavariate(0.7, 1.4) for w in base.values()]
    for _ in range(rng.choice((0, 0, 1, 2))):
        weights[rng.randrange(len(weights))] += rng.uniform(5, 40)
    return [w + 1e-6 for w in weights]


def _table3(rng: Random, form: Form, level: Level, single: bool) -> dict[str, float]:
    new = _requests(rng, level)
    carried_in = 0
    if rng.random() < (0.12 if new == 0 else 0.35 if new < 30 else 0.75):
        carried_in = max(1, round(new * rng.uniform(0, 0.12)))
    who = _uneven(rng, _APPLICANTS)
    new_by, in_by = spread(rng, new, who), spread(rng, carried_in, who)
    weights = _uneven(rng, _RESULTS)
    rate = rng.uniform(0, 0.12) if rng.random() < 0.55 else 0.0
    rows: dict[str, list[int]] = {"new": new_by, "carried_in": in_by}
    rows |= {r: [0] * 6 for r in (*_RESULTS, "result_total", "carried_out")}
    for i in range(6):
        open_now = new_by[i] + in_by[i]
        out = sum(rng.random() < rate for _ in range(open_now)) if open_now < 200 else round(open_now * rate)
        rows["carried_out"][i], rows["result_total"][i] = out, open_now - out
        for row, n in zip(_RESULTS, spread(rng, open_now - out, weights), strict=True):
            rows[row][i] = n
    if single or form.id == "2019":
        parts = [rows.pop(r) for r in ("other.no_correction", "other.no_fee", "other.other")]
        rows["other"] = [sum(column) for column in zip(*parts, strict=True)]
    return {
        f"t3.{r}.{c}": v for r, n in rows.items() for c, v in zip((*_APPLICANTS, "total"), (*n, sum(n)), strict=True)
    }


def _table4(rng: Random, new: float, level: Level) -> dict[str, float]:
    busy = rng.random() < min(0.85, 0.14 + math.log10(new + 1) * 0.24)
    out: dict[str, float] = {}
    for group in ("review", "litigation_direct", "litigation_after_review"):
        n = 0
        if busy and rng.random() < (0.75 if group == "review" else 0.42):
            n = log_int(rng, 1, max(3, int(new * 0.12)))
        weights = _uneven(rng, _OUTCOMES)
        if rng.random() < 0.3:  # every case ends alike
            weights = [0.0] * 4
            weights[rng.choices(range(4), list(_OUTCOMES.values()))[0]] = 1.0
        counts = spread(rng, n, weights)
        out |= {f"t4.{group}.{c}": v for c, v in zip((*_OUTCOMES, "total"), (*counts, n), strict=True)}
    return out


def _few(rng: Random, zero: float, *reach: tuple[int, int]) -> int:
    """Zero with this probability, else a number of one of the ranges."""
    return 0 if rng.random() < zero else log_int(rng, *rng.choice(reach))


def _amount(rng: Random, zero: float) -> float:
    if rng.random() < zero:
        return 0.0
    return round(math.exp(rng.uniform(math.log(0.05), math.log(9000))), rng.choice((0, 1, 2, 2, 2, 4, 4, 6)))


def _table2(rng: Random, form: Form, level: Level) -> dict[str, float]:
    out: dict[str, float] = {}
    rules = 0.45 if level == "city" else 0.9
    decided = {"licensing": 0.5, "penalty": 0.55, "coercion": 0.78}
    wide = ((1, 60), (20, 3000), (500, 150000))
    if form.id == "2021":
        for row, zero, reach in (("regulations", rules, (1, 12)), ("normative", 0.5, (1, 30))):
            made = _few(rng, zero, reach)
            gone = _few(rng, 0.7 if made or row == "normative" else 0.97, (1, 6), (1, 25))
            valid = made + (_few(rng, 0.3 if made else zero, (1, 40), (10, 400)))
            out |= {f"t2.{row}.made": made, f"t2.{row}.repealed": gone, f"t2.{row}.valid": valid}
        out |= {f"t2.{r}.processed": _few(rng, z, *wide) for r, z in decided.items()}
        return out | {"t2.fees.amount": _amount(rng, 0.68)}
    for row, zero in (("regulations", rules), ("normative", 0.5)):
        made = _few(rng, zero, (1, 25))
        public = made if rng.random() < 0.7 else _few(rng, 0.4, (1, 30))
        total = public + _few(rng, 0.5 if made else zero, (1, 60), (10, 500))
        out |= {f"t2.{row}.new_made": made, f"t2.{row}.new_public": public, f"t2.{row}.total_public": total}
    for row, zero in {**decided, "other_services": 0.6, "fees": 0.75}.items():
        before = _few(rng, zero, (1, 60), (10, 900))
        change = 0 if rng.random() < 0.6 else rng.randint(-min(before, 30), 30 if before else 8)
        out |= {f"t2.{row}.prev_items": before, f"t2.{row}.delta": change}
        if row != "fees":
            out[f"t2.{row}.processed"] = _few(rng, zero if before else 0.95, *wide)
    count = _few(rng, 0.5, (1, 20), (5, 600))
    return out | {"t2.procurement.count": count, "t2.procurement.amount": _amount(rng, 0.0) if count else 0.0}
