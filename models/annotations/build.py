"""From believed labels to a record: every attribute typed, every name one that the project knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from models.annotations.draft import Draft, Region
from models.annotations.record import (
    CLAIM_KINDS,
    FIELDS,
    LAYERS,
    SCOPES,
    Block,
    Cell,
    Claim,
    Heading,
    Json,
    Layer,
    Record,
    number,
    order,
)
from models.annotations.said import Said
from models.form import FORM_IDS, concepts, load_form, old_sections
from models.layout.labels import BLOCK_TYPES

Item = Heading | Claim | Cell | Block
FORMATS = (*FORM_IDS, "pre2019", None)
_YEARS = range(1990, 2100)
_DEEPEST = 6


class Unfit(ValueError):  # noqa: N818 - it says what the attribute is
    """An attribute that is missing, of the wrong kind, or not a name that there is."""

    def __init__(self, met: Said, expected: Said) -> None:
        super().__init__(met.en)
        self.met, self.expected = met, expected


def record(draft: Draft, text: str, items: Iterable[tuple[Layer, Item]], layers: set[Layer]) -> Record:
    """The record of items and of what the draft says beside them. Raises Unfit for fields and cells without a place."""
    made: dict[str, list[Any]] = {layer: [] for layer in LAYERS}
    for layer, one in items:
        made[layer].append(one)
    made["cell"] += [_loose(cell) for cell in draft.loose]
    ordered = {layer: tuple(sorted(items, key=order)) for layer, items in made.items()}
    parts = {layer: ordered[layer] if layer in layers or ordered[layer] else None for layer in LAYERS}
    known = {name: _field(name, value) for name, value in draft.fields.items()}
    fields = {name: known[name] for name in FIELDS if name in known}
    return Record(
        draft.id, text, fields, parts["heading"], parts["claim"], parts["cell"], parts["block"], dict(draft.extra)
    )


def item(region: Region) -> Item:
    """One typed item. Raises Unfit."""
    made: Item = _MAKERS[region.layer](region, dict(region.attributes))
    return made


def kinds_of_sections() -> tuple[str, ...]:
    """What a heading can be said to open, in the order of the forms."""
    sections = [s for form in FORM_IDS for s in load_form(form).sections] + list(old_sections())
    return tuple(dict.fromkeys(s.kind for s in sections))


@cache
def known_cells() -> frozenset[str]:
    """The cell ids of every form."""
    return frozenset(c for form in FORM_IDS for c in load_form(form).cell_ids())


def is_metric(expression: str) -> bool:
    """Is this a cell, or a sum of cells, that some form has?"""
    return bool(expression) and any(_expands(expression, form) for form in FORM_IDS)


@cache
def _expands(expression: str, form: str) -> bool:
    try:
        return set(load_form(form).expand(expression)) <= known_cells()
    except (KeyError, ValueError):
        return False


def _heading(region: Region, said: Json) -> Heading:
    level = _typed(said, "level", lambda v: isinstance(v, int) and 1 <= v <= _DEEPEST, f"1 … {_DEEPEST}", required=True)
    kinds = (*kinds_of_sections(), None)
    kind = _typed(said, "kind", lambda v: v in kinds, ", ".join(k for k in kinds if k))
    optional = _typed(said, "optional", lambda v: isinstance(v, bool), "true, false", False)
    return Heading(region.start, region.end, level, kind, optional, said)


def _claim(region: Region, said: Json) -> Claim:
    _among(region.name, CLAIM_KINDS)
    value = _numeric(said, "value", None)
    unit = _typed(said, "unit", lambda v: isinstance(v, str), "件, %, 元 …", "")
    approx = _typed(said, "approx", lambda v: isinstance(v, bool), "true, false", False)
    scope = _typed(said, "scope", lambda v: v in SCOPES, ", ".join(SCOPES), "own")
    metrics = _typed(said, "metrics", lambda v: _all(v, is_metric), "t3.new.total, t3.denied.*.total …", ())
    named = _typed(said, "concepts", lambda v: v is None or _all(v, set(concepts()).__contains__), "requests_new …")
    about = None if named is None else tuple(named)
    return Claim(region.start, region.end, region.name, value, unit, approx, scope, tuple(metrics), about, said)  # type: ignore[arg-type]


def _cell(region: Region, said: Json) -> Cell:
    return _cell_of(said, region.start, region.end)


def _loose(said: Mapping[str, Any]) -> Cell:
    rest = dict(said)
    return _cell_of(rest, rest.pop("start", None), rest.pop("end", None))


def _cell_of(said: Json, start: int | None, end: int | None) -> Cell:
    name = _typed(said, "id", lambda v: v in known_cells(), "t3.new.total …", required=True)
    if "value" not in said:
        raise _unfit("value", None, "0, 12, null")
    value = _numeric(said, "value", None)
    uncertain = _typed(said, "uncertain", lambda v: isinstance(v, bool), "true, false", False)
    if said:
        raise _unfit(next(iter(said)), next(iter(said.values())), "id, value, uncertain")
    return Cell(name, value, start, end, uncertain)


def _block(region: Region, said: Json) -> Block:
    _among(region.name, BLOCK_TYPES)
    if said:
        raise _unfit(next(iter(said)), next(iter(said.values())), "—")
    return Block(region.start, region.end, region.name)


_MAKERS: dict[str, Callable[[Region, Json], Any]] = {
    "heading": _heading,
    "claim": _claim,
    "cell": _cell,
    "block": _block,
}


def _field(name: str, value: Any) -> Any:
    """A document field as it is; Unfit where it is none, or of the wrong kind."""
    if name == "format":
        fits, allowed = value in FORMATS, ", ".join(str(f) for f in FORMATS)
    elif name == "year":
        fits, allowed = value is None or (type(value) is int and value in _YEARS), "1990 … 2099, null"
    else:
        fits, allowed = name in FIELDS and (value is None or isinstance(value, str)), ", ".join(FIELDS)
    if not fits:
        raise _unfit(name, value, allowed)
    return value


def _numeric(said: Json, name: str, default: Any) -> Any:
    try:
        return number(said.pop(name, default))
    except ValueError as error:
        raise _unfit(name, str(error), "0, 12, 1.5, null") from error


def _typed(
    said: Json, name: str, fits: Callable[[Any], bool], allowed: str, default: Any = None, required: bool = False
) -> Any:
    """Take an attribute out of ``said``; its default where it is not there."""
    if name not in said and not required:
        return default
    value = said.pop(name, None)
    if (value is None and default is None and not required) or fits(value):
        return value
    raise _unfit(name, value, allowed)


def _among(name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        raise _unfit("label", name, ", ".join(known))


def _all(values: Any, fits: Callable[[str], bool]) -> bool:
    return isinstance(values, list | tuple) and all(isinstance(v, str) and fits(v) for v in values)


def _unfit(name: str, value: Any, allowed: str) -> Unfit:
    shown = repr(value)[:60]
    return Unfit(Said(f"属性 {name} 为 {shown}", f"{name} is {shown}"), Said(allowed, allowed))
