"""Renders templates for one report: slots to words, numbers to claims that agree with the facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from models.synthesis.facts import Facts
from models.synthesis.markup import Mark, Marked
from models.synthesis.names import draw_bureau, draw_name, draw_seat, draw_town, short_of
from models.synthesis.numbers import log_int, value_of
from models.synthesis.prose.figures import Figure, chinese, draw_figure, plain
from models.synthesis.prose.grammar import Choice, Node, Number, Sequence, Slot, Zero, parse, walk
from models.synthesis.prose.style import ProseOptions
from models.synthesis.prose.vocabulary import claiming, noun, rule, topic, words

_UNITS = ("件", "条", "起", "项", "宗", "份", "次", "例", "封", "个", "件次", "人次")
_ENDED = (".maintain", ".correct", ".other", ".pending")

Bindings = dict[str, "Bound"]


@dataclass(frozen=True, slots=True)
class Bound:
    """A number known by name in a template: its claim, and its role in a sum of the narrative."""

    value: float
    concepts: tuple[str, ...] = ()
    scope: str = "own"
    role: str | None = None
    group: int = 0
    closed: bool = False


@dataclass(slots=True)
class Scribe:
    """Writes into ``out``. ``groups`` counts the sums of the narrative, ``unit`` is what requests are counted in."""

    rng: Random
    facts: Facts
    options: ProseOptions
    out: Marked = field(default_factory=Marked)
    groups: int = 0
    unit: str = "件"
    recent: list[float] = field(default_factory=list)
    _known: dict[str, float | None] = field(default_factory=dict)

    def say(self, source: str, bound: Bindings | None = None) -> Marked:
        """Append a template's rendering."""
        return self.render(parse(source, claiming()), bound or {})

    def fits(self, nodes: Sequence) -> bool:
        """Whether every claim of these nodes holds for the facts (one branch of each choice is enough)."""
        for node in nodes:
            if isinstance(node, Choice):
                if not any(f or self.fits(b) for f, b in zip(node.free, node.branches, strict=True)):
                    return False
            elif isinstance(node, Slot):
                if node.name in claiming() and not self.fits((rule(node.name),)):
                    return False
            elif isinstance(node, Zero):
                if not self._zero_holds(node) or not self.fits(node.inner):
                    return False
            elif isinstance(node, Number) and not self._number_holds(node):
                return False
        return True

    def known(self, concept: str) -> float | None:
        """A concept's value, None where the report has none."""
        if concept not in self._known:
            self._known[concept] = value_of(self.facts, concept)
        return self._known[concept]

    def new_group(self) -> int:
        self.groups += 1
        return self.groups

    def render(self, nodes: Sequence, bound: Bindings) -> Marked:
        for node in nodes:
            self._render(node, bound)
        return self.out

    def _render(self, node: Node, bound: Bindings) -> None:
        if isinstance(node, str):
            self.out.text += node
        elif isinstance(node, Choice):
            self.render(self._branch(node), bound)
        elif isinstance(node, Slot):
            self._slot(node.name, bound)
        elif isinstance(node, Number):
            self._number(node, bound)
        else:
            start = len(self.out.text)
            self.render(node.inner, bound)
            concepts = [c for c in node.concepts if self.known(c) is not None or node.scope != "own"]
            self._claim(start, "zero", 0.0, "", False, node.scope, concepts)

    def _branch(self, node: Choice) -> Sequence:
        i = self.rng.randrange(len(node.branches))
        if node.free[i] or self.fits(node.branches[i]):
            return node.branches[i]
        fit = [b for f, b in zip(node.free, node.branches, strict=True) if f or self.fits(b)]
        return self.rng.choice(fit) if fit else ()

    def _slot(self, name: str, bound: Bindings) -> None:
        maker = _MAKERS.get(name)
        if maker is not None:
            self.out.text += maker(self)
        else:
            self._render(rule(name), bound)

    def _zero_holds(self, node: Zero) -> bool:
        if node.scope != "own":
            return True
        values = [self.known(c) for c in node.concepts]
        return all(v == 0 or (v is None and node.optional) for v in values)

    def _number_holds(self, node: Number) -> bool:
        if "c" in node.flags and self.known("carried_out"):
            return False
        if node.scope != "own" or not node.concepts:
            return True
        values = [self.known(c) for c in node.concepts]
        if None in values:
            return node.optional
        if len(set(values)) != 1 or (not values[0] and any(c.endswith(_ENDED) for c in node.concepts[1:])):
            return False  # “0 起，均维持” is not said
        if "x" in node.flags:
            return values[0] is not None and (values[0] < 0 if "d" in node.flags else values[0] > 0)
        return True

    def _number(self, node: Number, bound: Bindings) -> None:
        known = self._bound(node, bound)
        unit = self._unit(node)
        value, flags = known.value, node.flags
        free = not (known.concepts and known.scope == "own") and known.role is None
        kept = flags if free else flags.replace("a", "").replace("w", "").replace("A", "")
        if "m" in flags and unit == "元" and known.concepts:
            value = round(value * 10000, 2)
        figure = draw_figure(self.rng, abs(value), kept, self.options.separators)
        if "m" in flags and known.concepts and unit == "万元" and self.rng.random() < 0.3:
            figure = Figure(f"{abs(value):.{4 if round(value, 2) != value else 2}f}", value)
            figure = figure if float(figure.surface) == value else Figure(plain(value), value)
        if ("Z" in flags or ("z" in flags and self.rng.random() < 0.05)) and 0 < value <= 99 and value == int(value):
            figure = Figure(chinese(int(value)), value)
        if self.options.lost_units and "m" not in flags and unit != "%" and self.rng.random() < self.options.lost_units:
            unit = ""
        self._print(node, known, figure, unit)

    def _print(self, node: Number, known: Bound, figure: Figure, unit: str) -> None:
        falls = "d" in node.flags
        kind = "count"
        for flag, name in (("r", "ratio"), ("m", "money"), ("u", "delta"), ("d", "delta")):
            if flag in node.flags:
                kind = name
        self.out.text += figure.before
        start = len(self.out.text)
        self.out.text += figure.surface
        value = -figure.value if falls and figure.value else figure.value
        if kind == "count":
            self.recent.append(value)
        loose = figure.approx or "q" in node.flags
        self._claim(start, kind, value, unit, loose, known.scope, list(known.concepts))
        if known.role is not None:
            self.out.mark(start, len(self.out.text), "sum", role=known.role, group=known.group, closed=known.closed)
        self.out.text += figure.between + unit + figure.after

    def _claim(
        self, start: int, kind: str, value: float, unit: str, approx: bool, scope: str, concepts: list[str]
    ) -> None:
        data = {"kind": kind, "value": value, "unit": unit, "approx": approx, "scope": scope, "concepts": concepts}
        self.out.marks.append(Mark(start, len(self.out.text), "claim", data))

    def _bound(self, node: Number, bound: Bindings) -> Bound:
        if node.bound:
            return self._share(node) if node.bound[0] == "%" else bound[node.bound]
        low, high = node.low, node.high or 0
        if node.concepts and node.scope == "own":
            value = self.known(node.concepts[0])
            if value is not None:
                return Bound(value, tuple(c for c in node.concepts if self.known(c) is not None))
            return Bound(log_int(self.rng, 1, 30))
        number: float = low if low == high else log_int(self.rng, max(low, 1), high)
        if node.units == ("%",) and low != high:
            number = self.rng.randint(low, high)
        if low == 0 and high > 0 and self.rng.random() < 0.12:
            number = 0
        if "f" in node.flags and low != high:
            number = round(number + self.rng.random(), self.rng.choice((1, 2, 2)))
            number = min(number, high)
        return Bound(number, node.concepts, node.scope)

    def _share(self, node: Number) -> Bound:
        """A percentage of two known quantities: concepts, or the numbers printed last (-1, -2 …)."""
        part, whole = (self._quantity(x) for x in node.bound[1:].split("/"))
        share = 100 * part / whole if whole else 0.0
        return Bound(round(share, self.rng.choice((0, 1, 2, 2)) if "f" in node.flags else 0))

    def _quantity(self, name: str) -> float:
        if name[0] == "-":
            return self.recent[int(name)] if -int(name) <= len(self.recent) else 0.0
        return self.known(name) or 0.0

    def _unit(self, node: Number) -> str:
        unit = self.rng.choice(node.units) if len(node.units) > 1 else node.units[0]
        if unit != "U":
            return unit
        return self.rng.choice(_UNITS) if self.rng.random() < 0.05 else self.unit


def required(source: str) -> frozenset[str]:
    """The concepts that a template's claims of the own year and body are about (slots not followed)."""
    claims = walk(parse(source, claiming()))
    return frozenset(c for n in claims if n.scope == "own" for c in n.concepts)


def _own_area(s: Scribe) -> str:
    """How the whole of the reporting body is called: 全局, 全镇."""
    return s.facts.area if s.facts.consolidated else f"全{short_of(s.facts.issuer)}"


def _document(s: Scribe) -> str:
    number = s.rng.randint(1, 140)
    body = s.rng.choice("政办府函发令规委局字") + s.rng.choice(("办发", "办函", "发", "函", "办", "规", "字"))
    left, right = s.rng.choice(("〔〕", "〔〕", "〔〕", "〔〕", "﹝﹞", "[]", "【】", "（）"))
    return f"{s.facts.place[0]}{body}{left}{s.facts.year - s.rng.randint(0, 3)}{right}{number}号"


def _phone(s: Scribe) -> str:
    area = s.rng.choice((f"0{s.rng.randint(310, 998)}", "", f"（0{s.rng.randint(310, 998)}）"))
    local = str(s.rng.randint(2000000, 89999999))
    return area + s.rng.choice(("-", "—", "", "－") if area.startswith("0") else ("",)) + local


_MAKERS: dict[str, Callable[[Scribe], str]] = {
    "year": lambda s: str(s.facts.year),
    "last": lambda s: str(s.facts.year - 1),
    "before": lambda s: str(s.facts.year - 2),
    "next": lambda s: str(s.facts.year + 1),
    "since": lambda s: str(s.rng.randint(2003, s.facts.year - 3)),
    "we": lambda s: s.facts.we,
    "area": lambda s: s.facts.area,
    "own_area": _own_area,
    "place": lambda s: s.facts.place,
    "seat": lambda s: s.facts.place[-1] if s.facts.place[-1] in "市区县旗" else "区",
    "issuer": lambda s: s.facts.issuer,
    "other_seat": lambda s: draw_seat(s.rng, s.rng.choice(("区", "县", "市", "区", "县", "新区", "开发区"))),
    "other_town": lambda s: draw_town(s.rng),
    "other_bureau": lambda s: draw_bureau(s.rng),
    "name": lambda s: draw_name(s.rng),
    "W": lambda s: noun(s.rng),
    "T": lambda s: topic(s.rng),
    "V": lambda s: s.rng.choice(words().verbs),
    "Q": lambda s: s.rng.choice(words().qualities),
    "I": lambda s: s.rng.choice(words().phrases),
    "doc": _document,
    "phone": _phone,
    "n": lambda s: str(log_int(s.rng, 1, 40)),
    "nn": lambda s: str(s.rng.randint(10, 999)),
    "zip": lambda s: str(s.rng.randint(100000, 860000)),
    "month": lambda s: str(s.rng.randint(1, 12)),
    "day": lambda s: str(s.rng.randint(1, 28)),
    "cn": lambda s: chinese(s.rng.choice((3, 4, 5, 6, 7, 8, 9, 10, 12, 15))),
    "latin": lambda s: "".join(s.rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(s.rng.randint(3, 8))),
}
