"""Two annotations of one text made into one: what only one says is taken, what they say differently is listed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from models.annotations.record import FIELDS, Record
from models.annotations.said import Refusal, Said, quoted

Prefer = Literal["old", "new"]
_PARTS = ("headings", "claims", "cells", "blocks")


@dataclass(frozen=True, slots=True)
class Reconciled:
    """``record``: the old one with what the new one adds. No conflicts where they agree or one is preferred."""

    record: Record
    conflicts: tuple[Refusal, ...] = ()


def reconcile(old: Record, new: Record, prefer: Prefer | None = None) -> Reconciled:
    """Both annotate the same text (ValueError if not). The old id stays. Nothing is decided without ``prefer``."""
    if old.text != new.text:
        raise ValueError(f"{old.id} and {new.id} annotate different texts; only annotations of one text are reconciled")
    conflicts: list[Refusal] = []
    parts: dict[str, Any] = {}
    for part in _PARTS:
        mine, other = getattr(old, part), getattr(new, part)
        parts[part] = mine if other is None or mine == other else other
        if mine is not None and other is not None and mine != other:
            parts[part] = mine if prefer == "old" else other
            conflicts += _items(old, part, mine, other)
    maps = {"fields": (old.fields, new.fields), "extra": (old.extra, new.extra)}
    for part, (mine, other) in maps.items():
        parts[part] = {**mine, **other} if prefer != "old" else {**other, **mine}
        conflicts += [
            _value(old, name, mine[name], other[name]) for name in mine if mine[name] != other.get(name, mine[name])
        ]
    parts["fields"] = {name: parts["fields"][name] for name in FIELDS if name in parts["fields"]}
    return Reconciled(replace(old, **parts), () if prefer else tuple(conflicts))


def _items(record: Record, part: str, mine: tuple[Any, ...], other: tuple[Any, ...]) -> list[Refusal]:
    """One conflict a place: an item of one side only, or said differently."""
    olds, news = {_key(x): x for x in mine}, {_key(x): x for x in other}
    out: list[Refusal] = []
    for key in sorted({*olds, *news}, key=str):
        a, b = olds.get(key), news.get(key)
        if a != b:
            shown = next(x for x in (a, b) if x is not None)
            out.append(_conflict(f"{record.id} {part} {_place(record, shown)}", _brief(a), _brief(b)))
    return out


def _key(item: Any) -> Any:
    return item.id if hasattr(item, "id") else (item.start, item.end)


def _place(record: Record, item: Any) -> str:
    if item.start is None:
        return str(item.id)
    return f"{item.start}–{item.end} {quoted(record.text[item.start : item.end])}"


def _brief(item: Any) -> str:
    if item is None:
        return "—"
    names = [n for n in item.__slots__ if n not in ("start", "end", "extra")]
    return ", ".join(f"{n}={getattr(item, n)}" for n in names)


def _value(record: Record, name: str, mine: Any, other: Any) -> Refusal:
    return _conflict(f"{record.id} {name}", quoted(repr(mine), 60), quoted(repr(other), 60))


def _conflict(place: str, mine: str, other: str) -> Refusal:
    return Refusal(
        place,
        Said(f"已有：{mine}；新的：{other}", f"the dataset says {mine}; the new annotation says {other}"),
        Said("同一文本的标注一致", "annotations of one text that agree"),
        Said(
            "统一后重新导入，或用 --prefer old|new 决定", "settle it and import again, or decide with --prefer old|new"
        ),
    )
