"""A small template language for prose with marked claims, parsed once and rendered many times.

``[a|b|]``        one of the alternatives (may be empty, may nest)
``{slot}``        a rule of the vocabulary, a word function or a word of the report
``<what;units;flags>``  a number. *what*: concepts joined by ``,`` (``?`` after one: leave the concept away where
                  the form lacks it), ``:lo..hi`` (a free number), ``$name`` (a bound number), ``=n`` (exactly n),
                  ``%a/b`` (a as a percentage of b: concepts, or -1, -2 … for the numbers printed last);
                  before it ``oy/`` or ``oo/`` for another year or another organisation. *units*: alternatives
                  joined by ``/``, ``U`` for the unit that the report counts requests in.
                  *flags*: a may be approximate, A is, q is by the words around it; w may be in 万; z may be a
                  Chinese numeral, Z is; f with a fraction; r ratio; u rise, d fall (delta); m money;
                  x only where the signed cell rises (u) or falls (d); c only where nothing is carried over.
``«concepts|text»``  a zero claim in words (``oy/``, ``oo/`` before the concepts for scope; no concepts: no cell)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from random import Random


class TemplateError(ValueError):
    """A template breaks the language: says where and what was expected."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences; ``free[i]`` tells that branch i claims nothing and so always fits."""

    branches: tuple[Sequence, ...]
    free: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    name: str


@dataclass(frozen=True, slots=True)
class Number:
    concepts: tuple[str, ...]
    optional: bool
    low: int
    high: int
    bound: str
    scope: str
    units: tuple[str, ...]
    flags: str


@dataclass(frozen=True, slots=True)
class Zero:
    concepts: tuple[str, ...]
    optional: bool
    scope: str
    inner: Sequence


Node = str | Choice | Slot | Number | Zero
Sequence = tuple[Node, ...]

_SCOPES = {"oy": "other_year", "oo": "other_org"}
_CLAIM = re.compile(r"[<«]")
_SLOT = re.compile(r"\{(\w+)\}")
_STOPS = "[]{}<>«»|"


@lru_cache(maxsize=8192)
def parse(source: str, claiming: frozenset[str] = frozenset()) -> Sequence:
    """The nodes of a template. ``claiming``: rules that may claim something. Raises TemplateError."""
    nodes, at = _sequence(source, 0, claiming, "")
    if at != len(source):
        raise TemplateError(f"template {source!r}: {source[at]!r} at {at} closes nothing; remove it")
    return nodes


def alternatives(source: str, claiming: frozenset[str]) -> Choice:
    """A rule's text: its top-level ``|`` part alternatives."""
    node = parse(f"[{source}]", claiming)[0]
    if not isinstance(node, Choice):
        raise TemplateError(f"rule {source!r} is no choice; mend its brackets")
    return node


def claiming_rules(rules: dict[str, str]) -> frozenset[str]:
    """The rules that claim something themselves or through another rule."""
    found = {k for k, v in rules.items() if _CLAIM.search(v)}
    while True:
        more = {k for k, v in rules.items() if k not in found and found & set(_SLOT.findall(v))}
        if not more:
            return frozenset(found)
        found |= more


def _free(source: str, claiming: frozenset[str]) -> bool:
    return not _CLAIM.search(source) and not claiming & set(_SLOT.findall(source))


def _sequence(source: str, at: int, claiming: frozenset[str], stops: str) -> tuple[Sequence, int]:
    nodes: list[Node] = []
    while at < len(source) and source[at] not in stops:
        char = source[at]
        node: Node
        if char == "[":
            node, at = _choice(source, at + 1, claiming)
        elif char == "{":
            end = _find(source, "}", at)
            node, at = Slot(source[at + 1 : end]), end + 1
        elif char == "<":
            end = _find(source, ">", at)
            node, at = _number(source[at + 1 : end]), end + 1
        elif char == "«":
            node, at = _zero(source, at + 1, claiming)
        elif char in _STOPS and (char != "|" or stops):
            return tuple(nodes), at
        else:
            end = at
            while end < len(source) and source[end] not in _STOPS:
                end += 1
            if end == at:
                raise TemplateError(f"template {source!r}: {char!r} at {at} stands outside a choice")
            node, at = source[at:end], end
        nodes.append(node)
    return tuple(nodes), at


def _find(source: str, what: str, at: int) -> int:
    end = source.find(what, at)
    if end < 0:
        raise TemplateError(f"template {source!r}: {source[at]!r} at {at} has no {what!r}; close it")
    return end


def _choice(source: str, at: int, claiming: frozenset[str]) -> tuple[Choice, int]:
    branches: list[Sequence] = []
    free: list[bool] = []
    while True:
        start = at
        nodes, at = _sequence(source, at, claiming, "|]")
        if at >= len(source):
            raise TemplateError(f"template {source!r}: a choice is not closed; add a ]")
        branches.append(nodes)
        free.append(_free(source[start:at], claiming))
        at += 1
        if source[at - 1] == "]":
            return Choice(tuple(branches), tuple(free)), at


def _zero(source: str, at: int, claiming: frozenset[str]) -> tuple[Zero, int]:
    bar = _find(source, "|", at)
    head = source[at:bar]
    inner, end = _sequence(source, bar + 1, claiming, "»")
    if end >= len(source):
        raise TemplateError(f"template {source!r}: « is not closed; add a »")
    scope, concepts, optional = _what(head)
    return Zero(concepts, optional, scope, inner), end + 1


def _what(head: str) -> tuple[str, tuple[str, ...], bool]:
    scope = "own"
    if head[2:3] == "/" and head[:2] in _SCOPES:
        scope, head = _SCOPES[head[:2]], head[3:]
    names = tuple(c.rstrip("?") for c in head.split(",") if c)
    return scope, names, head.endswith("?")


def _number(spec: str) -> Number:
    what, units, flags = (*spec.split(";"), "", "")[:3]
    scope, bound, low, high = "own", "", 0, 0
    if what[2:3] == "/" and what[:2] in _SCOPES:
        scope, what = _SCOPES[what[:2]], what[3:]
    what, _, reach = what.partition(":")
    if reach:
        low, high = (int(x) for x in reach.split(".."))
    if what.startswith("="):
        low = high = int(what[1:])
        what = ""
    elif what.startswith("$"):
        bound, what = what[1:], ""
    elif what.startswith("%"):
        bound, what = what, ""
    _, concepts, optional = _what(what)
    return Number(concepts, optional, low, high, bound, scope, tuple(units.split("/")), flags)


def bound_names(nodes: Iterable[Node]) -> frozenset[str]:
    """The names of bound numbers below these nodes."""
    return frozenset(n.bound for n in walk(nodes) if isinstance(n, Number) and n.bound and n.bound[0] != "%")


def settle(rng: Random, nodes: Sequence, available: frozenset[str]) -> Sequence:
    """The nodes with every choice that touches bound numbers made, among branches whose numbers are available."""
    out: list[Node] = []
    for node in nodes:
        if isinstance(node, Choice) and bound_names((node,)):
            fit = [b for b in node.branches if bound_names(b) <= available]
            out += settle(rng, rng.choice(fit), available) if fit else ()
        else:
            out.append(node)
    return tuple(out)


def walk(nodes: Iterable[Node]) -> Iterable[Number | Zero]:
    """Every number and zero claim below these nodes (slots are not followed)."""
    for node in nodes:
        if isinstance(node, Choice):
            for branch in node.branches:
                yield from walk(branch)
        elif isinstance(node, Zero):
            yield node
            yield from walk(node.inner)
        elif isinstance(node, Number):
            yield node
