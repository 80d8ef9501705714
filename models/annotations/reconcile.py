"""Two annotations of one text made into one: what only one says is taken, what they say differently is listed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from models.annotations.record import FIELDS, PARTS, Record, order
from models.annotations.said import Refusal, Said, quoted

Prefer = Literal["old", "new"]
_UNSAID = ("kind", "concepts", "start", "end")  # None here says nothing, it contradicts nothing


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
    for part in PARTS.values():
        mine, other = getattr(old, part), getattr(new, part)
        parts[part] = other if mine is None else mine
        if mine is not None and other is not None and mine != other:
            parts[part], found = _items(old, part, mine, other, prefer)
            conflicts += found
    for part, mine, other in (("fields", old.fields, new.fields), ("extra", old.extra, new.extra)):
        parts[part] = {**mine, **other} if prefer != "old" else {**other, **mine}
        differing = [name for name in mine if mine[name] != other.get(name, mine[name])]
        conflicts += [_conflict(f"{old.id} {n}", _shown(mine[n]), _shown(other[n])) for n in differing]
    parts["fields"] = {name: parts["fields"][name] for name in FIELDS if name in parts["fields"]}
    return Reconciled(replace(old, **parts), () if prefer else tuple(conflicts))


def _items(
    record: Record, part: str, mine: tuple[Any, ...], other: tuple[Any, ...], prefer: Prefer | None
) -> tuple[tuple[Any, ...], list[Refusal]]:
    """The items of both, and a conflict for each that stands on one side only or is said differently.

    What is preferred wins as a whole layer, so that an item which that side took away stays away.
    """
    olds, news = {_key(x): x for x in mine}, {_key(x): x for x in other}
    conflicts: list[Refusal] = []
    joined: list[Any] = []
    for key in {**olds, **news}:
        a, b = olds.get(key), news.get(key)
        both = _both(a, b) if a is not None and b is not None else None
        if both is None:
            shown = a if a is not None else b
            conflicts.append(_conflict(f"{record.id} {part} {_place(record, shown)}", _brief(a, b), _brief(b, a)))
            both = a if prefer == "old" else b
        if both is not None:
            joined.append(both)
    return tuple(sorted(joined, key=order)), conflicts


def _both(mine: Any, other: Any) -> Any | None:
    """One item of two that say the same, as far as both say it; None where they contradict each other."""
    said: dict[str, Any] = {}
    for name in mine.__slots__:
        a, b = getattr(mine, name), getattr(other, name)
        if name == "extra":
            if any(a[k] != b.get(k, a[k]) for k in a):
                return None
            said[name] = {**a, **b}
        elif a == b:
            said[name] = a
        elif name in _UNSAID and (a is None or b is None):
            said[name] = b if a is None else a
        else:
            return None
    return type(mine)(**said)


def _key(item: Any) -> Any:
    return item.id if hasattr(item, "id") else (item.start, item.end)


def _place(record: Record, item: Any) -> str:
    if item.start is None:
        return str(item.id)
    return f"{item.start}–{item.end} {quoted(record.text[item.start : item.end])}"


def _brief(item: Any, other: Any) -> str:
    """What an item says, as far as the other one says something else."""
    if item is None:
        return "—"
    names = [n for n in item.__slots__ if n != "extra" and getattr(item, n) != getattr(other, n, None)]
    return ", ".join(f"{n}={_shown(getattr(item, n))}" for n in names) or "extra"


def _shown(value: Any) -> str:
    return str(value) if value is None or isinstance(value, int | float) else quoted(str(value), 60)


def _conflict(place: str, mine: str, other: str) -> Refusal:
    return Refusal(
        place,
        Said(f"已有：{mine}；新的：{other}", f"the dataset says {mine}; the new annotation says {other}"),
        Said("同一文本的标注一致", "annotations of one text that agree"),
        Said(
            "统一后重新导入，或用 --prefer old|new 决定", "settle it and import again, or decide with --prefer old|new"
        ),
    )
