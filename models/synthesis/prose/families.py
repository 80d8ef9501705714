"""The claim families: each says one kind of thing in many ways, and only where it is true of the facts.

A family of the data files has ``place`` (where in a report it stands), ``weight``, ``if`` (conditions on concepts,
``form``, ``consolidated``), ``let`` (free numbers by name), ``sum`` (a total, free or a concept, and the concept of
its parts: its parts ``p1``, ``p2`` … add up to ``t``), ``base`` (a concept compared with last year's ``old``) and
``say`` (templates). Chains are written in code.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from models.synthesis.numbers import log_int, spread
from models.synthesis.prose.chains import publication_chain, request_chain
from models.synthesis.prose.grammar import bound_names, parse, settle
from models.synthesis.prose.scribe import Bindings, Bound, Scribe
from models.synthesis.prose.vocabulary import claiming, load_yaml

FILES = ("requests.yaml", "disputes.yaml", "documents.yaml", "publication.yaml", "activities.yaml")
PLACES = ("requests", "disputes", "documents", "publication", "platform", "supervision", "other")

_TESTS: dict[str, Callable[[float, float], bool]] = {">": operator.gt, "<": operator.lt, "==": operator.eq}


@dataclass(frozen=True, slots=True)
class Family:
    """``write`` appends one statement without its final stop; False where nothing fitted (and nothing was written)."""

    name: str
    place: str
    weight: float
    write: Callable[[Scribe], bool]


def _conditions(tests: list[str]) -> Callable[[Scribe], bool]:
    parsed = [t.split() for t in tests]

    def holds(s: Scribe) -> bool:
        special = {"form": float(s.facts.form.id), "consolidated": float(s.facts.consolidated)}
        for name, sign, number in parsed:
            value = special[name] if name in special else s.known(name)
            if value is None or not _TESTS[sign](value, float(number)):
                return False
        return True

    return holds


def _family(name: str, data: dict[str, Any]) -> Family:
    templates = [parse(source, claiming()) for source in data["say"]]
    holds = _conditions(data.get("if", []))

    def write(s: Scribe) -> bool:
        if not holds(s):
            return False
        order = s.rng.sample(templates, len(templates))
        chosen = next((t for t in order if s.fits(t)), None)
        if chosen is None:
            return False
        s.recent.clear()
        names = bound_names(chosen)
        bound: Bindings = {}
        if names:
            available = _available(s.rng, data, s)
            chosen = settle(s.rng, chosen, available)
            bound = _bind(s, data, bound_names(chosen))
        s.render(chosen, bound)
        return True

    return Family(name, data["place"], float(data["weight"]), write)


def _available(rng: Random, data: dict[str, Any], s: Scribe) -> frozenset[str]:
    if "base" not in data:
        return frozenset(("t", "n", "p1", "p2", "p3", "p4", "p5"))
    rises = rng.random() < 0.5 and (s.known(data["base"]) or 0) > 1
    return frozenset(("old", "rise", "more") if rises else ("old", "fall", "less"))


def _bind(s: Scribe, data: dict[str, Any], names: frozenset[str]) -> Bindings:
    if "let" in data:
        return {k: Bound(log_int(s.rng, *_reach(v))) for k, v in data["let"].items()}
    if "base" in data:
        return _compared(s, data["base"], names)
    return _summed(s, data["sum"], sorted(n for n in names if n != "t"), "t" in names)


def _reach(text: str) -> tuple[int, int]:
    low, high = text.split("..")
    return int(low), int(high)


def _summed(s: Scribe, spec: str, parts: list[str], with_total: bool) -> Bindings:
    """A total and its parts: the parts that the chosen wording names are all there are."""
    total_spec, _, part_spec = spec.partition(" ")
    concepts: tuple[str, ...] = ()
    if ".." in total_spec:
        total = log_int(s.rng, *_reach(total_spec))
    else:
        concepts, total = (total_spec,), int(s.known(total_spec) or 0)
    scope, part_concepts = ("other_org", (part_spec.removeprefix("oo/"),)) if part_spec else ("own", ())
    summed = with_total and len(parts) > 1
    group = s.new_group() if summed else 0
    shares = spread(s.rng, total, [s.rng.gammavariate(0.9, 1.0) + 0.05 for _ in parts]) if parts else []
    roles = ("total", "part") if summed else (None, None)
    out: Bindings = {"t": Bound(total, concepts, "own", roles[0], group, summed)}
    return out | {
        p: Bound(n, part_concepts, scope, roles[1], group, summed) for p, n in zip(parts, shares, strict=True)
    }


def _compared(s: Scribe, concept: str, names: frozenset[str]) -> Bindings:
    """Last year's number, and the difference to this year's in the direction that the wording needs."""
    now = int(s.known(concept) or 0)
    rises = bool(names & {"rise", "more"}) or (not names & {"fall", "less"} and now > 1 and s.rng.random() < 0.5)
    old = s.rng.randint(max(1, now // 4), now - 1) if rises and now > 1 else now + log_int(s.rng, 1, max(3, now))
    percent = round(100 * abs(now - old) / old, s.rng.choice((0, 1, 2, 2)))
    out: Bindings = {"old": Bound(old, (concept,), "other_year")}
    return (
        out | dict.fromkeys(("rise", "fall"), Bound(percent)) | dict.fromkeys(("more", "less"), Bound(abs(now - old)))
    )


@cache
def withheld() -> dict[str, Family]:
    """The families that only a report in the register's manner uses (``ProseOptions.register``)."""
    return {name: _family(name, dict(data)) for name, data in load_yaml("withheld.yaml").items()}  # type: ignore[call-overload]


@cache
def families() -> dict[str, Family]:
    """Every family by name, in the order of the files."""
    found: dict[str, Family] = {}
    for name in FILES:
        for key, data in load_yaml(name).items():
            if not isinstance(data, dict):
                raise ValueError(f"{name}: family {key} is no mapping; give it place, weight and say")
            found[key] = _family(key, data)
    for chain in (
        Family("request_chain", "requests", 9.0, lambda s: request_chain(s, full=True)),
        Family("request_chain_part", "requests", 5.0, lambda s: request_chain(s, full=False)),
        Family("publication_chain", "publication", 9.0, publication_chain),
    ):
        found[chain.name] = chain
    return found


FAMILIES: dict[str, Family] = families()


def write_claim(s: Scribe, *places: str) -> bool:
    """Append one statement of a family of these places, drawn by weight. False where none fitted."""
    if s.options.register and _write_withheld(s, places):
        return True
    pool = [f for f in FAMILIES.values() if f.place in places and f.name not in s.options.families_withheld]
    weights = [f.weight for f in pool]
    return bool(pool) and any(s.rng.choices(pool, weights)[0].write(s) for _ in range(6))


def _write_withheld(s: Scribe, places: tuple[str, ...]) -> bool:
    """The same of a family that is kept back, marked as ``withheld``."""
    pool = [f for f in withheld().values() if f.place in places]
    start = len(s.out.text)
    if not pool or not any(s.rng.choices(pool, [f.weight for f in pool])[0].write(s) for _ in range(6)):
        return False
    s.out.mark(start, len(s.out.text), "withheld", family="register")
    return True
