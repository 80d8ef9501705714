"""The only way from a draft to a record: every label must stand where its quote says, or the document is refused.

Offsets that are wrong in a known way (``counting``) are put right and reported; what no known way explains is refused
with the place, what was met, what was expected and what to do. Nothing is dropped without a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from models.annotations.build import Item, Unfit, item, record
from models.annotations.counting import BOM, Counting, faults, moved, places, plain
from models.annotations.draft import Draft, Region
from models.annotations.record import Layer, Record
from models.annotations.said import Refusal, Said, quoted
from models.annotations.shape import Page, collisions, misfit, prints

Complete = Callable[[str, Region], Mapping[str, Any]]

_ALIGN = Said("请在标注工具中重新标注该处，或重新导出", "label this place again in the tool, or export the file again")
_CORRECT = Said("请在标注工具中改正后重新导出", "put it right in the tool and export again")
_STANDS = Said("标注处的文字与引文一致", "text[start:end] is the quote")


@dataclass(frozen=True, slots=True)
class Repair:
    """A label whose offsets were counted in a known wrong way: where it was said to be, and where it is."""

    where: str
    region: Region
    start: int
    end: int
    said: Said

    @property
    def zh(self) -> str:
        moved = f"{self.region.start}–{self.region.end} → {self.start}–{self.end}"
        return f"{self.where} {self.region.layer}={self.region.name}：{moved}（{self.said.zh}）"

    @property
    def en(self) -> str:
        moved = f"{self.region.start}–{self.region.end} → {self.start}–{self.end}"
        return f"{self.where} {self.region.layer}={self.region.name}: {moved} ({self.said.en})"


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of a draft: a record, or refusals; and what was put right or is worth knowing."""

    record: Record | None
    repairs: tuple[Repair, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    remarks: tuple[Said, ...] = ()


def admit(draft: Draft, complete: Complete | None = None) -> Admission:
    """Check a draft and make its record. ``complete`` gives attributes that labels of a bare kind lack."""
    remarks: list[Said] = []
    had_mark = draft.text.startswith(BOM)
    text = draft.text.removeprefix(BOM)
    if had_mark:
        remarks.append(Said(f"{draft.where}：已去掉字节顺序标记", f"{draft.where}: the byte order mark was taken off"))
    if any("\ud800" <= c <= "\udfff" for c in text):
        return Admission(None, refusals=(_lone_surrogate(draft),))
    trial = _Trial(draft, text)
    placed, repairs, refusals, counting = _placed(trial, had_mark)
    if refusals:
        return Admission(None, tuple(repairs), tuple(refusals), tuple(remarks))
    if draft.extra_counted and counting is not None:
        draft = replace(draft, extra=moved(draft.extra, counting))
    joined, gone = _recalled(draft, placed)
    if gone:
        remarks.append(_gone(draft, gone))
    if complete is not None:
        joined = [replace(r, attributes={**complete(text, r), **r.attributes}) for r in joined]
    return _built(draft, text, joined, repairs, remarks)


class _Trial:
    """A draft's labels held against its text."""

    def __init__(self, draft: Draft, text: str) -> None:
        self.draft, self.text, self.page = draft, text, Page(text)
        self.memory = {(m.layer, m.start, m.end): m for m in draft.memory}
        bare = [r for r in draft.regions if r.quote is None]
        self._bare = bare
        self.rememberable = len(bare) if self.memory else 0

    def remembered(self, counting: Counting) -> int:
        """How many labels without a quote this counting puts where the file remembers one of their layer."""
        if not self.memory:
            return 0
        places = ((r.layer, counting.span(r.start, r.end)) for r in self._bare)
        return sum(place is not None and (layer, *place) in self.memory for layer, place in places)

    def why_not(self, region: Region, counting: Counting) -> Said | None:
        """Why a label cannot be where this counting puts it; None where it can."""
        place = counting.span(region.start, region.end)
        if place is None:
            whole = f"{region.start}–{region.end}"
            return Said(
                f"范围 {whole} 不在文本之内", f"{whole} is no stretch of the text ({len(self.text)} characters)"
            )
        a, b = place
        if a == b and region.layer == "cell" and region.quote == "":
            return None
        remembered = self.memory.get((region.layer, a, b))
        quote = remembered.quote if region.quote is None and remembered else region.quote
        if quote is not None and not _same(self.text[a:b], quote):
            return Said(
                f"{a}–{b} 处是 {quoted(self.text[a:b])}，引文是 {quoted(str(quote))}",
                f"at {a}–{b} stands {quoted(self.text[a:b])}, the quote is {quoted(str(quote))}",
            )
        return misfit(self.page, region, a, b, quote is not None)


_Placing = tuple[list[Region], list[Repair], list[Refusal], Counting | None]


def _placed(trial: _Trial, had_mark: bool) -> _Placing:
    """Every label at its place, by the way of counting that explains them all (last: if one holds for all).

    Where labels have no quotes, several ways may do; then the one that finds most labels where the file remembers them.
    """
    labels, given = trial.draft.regions, plain(trial.text)
    wrong = {i: why for i, r in enumerate(labels) if (why := trial.why_not(r, given))}
    best, hits = (None if wrong else given), trial.remembered(given)
    if wrong or hits < trial.rememberable:
        for counting in faults(trial.text, had_mark):
            found = trial.remembered(counting)
            fits = (best is None or found > hits) and all(trial.why_not(r, counting) is None for r in labels)
            if fits and _proved(counting, labels):
                best, hits = counting, found
    if best is given:
        return list(labels), [], [], None
    if best is not None:
        return *_moved(trial, labels, best, set(range(len(labels)))), [], best
    for counting in faults(trial.text, had_mark):
        if counting.mixes and all(_vouched(trial, labels[i], counting) for i in wrong):
            return *_moved(trial, labels, counting, set(wrong)), [], None
    return [], [], [_refusal(trial, labels[i], why) for i, why in wrong.items()], None


def _proved(counting: Counting, labels: tuple[Region, ...]) -> bool:
    """A way of counting that the text does not show must explain shifts of different sizes: one size is a slip."""
    if not counting.varies:
        return True
    shifts = {r.start - place[0] for r in labels if (place := counting.span(r.start, r.end))}
    return len(shifts - {0}) > 1


def _vouched(trial: _Trial, region: Region, counting: Counting) -> bool:
    """A single label is believed to be counted otherwise than its neighbours only where a quote bears it out."""
    place = counting.span(region.start, region.end)
    known = region.quote is not None or (place is not None and (region.layer, *place) in trial.memory)
    return known and trial.why_not(region, counting) is None


def _moved(
    trial: _Trial, labels: tuple[Region, ...], counting: Counting, which: set[int]
) -> tuple[list[Region], list[Repair]]:
    out: list[Region] = []
    repairs: list[Repair] = []
    for i, region in enumerate(labels):
        place = counting.span(region.start, region.end) if i in which else None
        if place is None or place == (region.start, region.end):
            out.append(region)
            continue
        out.append(replace(region, start=place[0], end=place[1]))
        repairs.append(Repair(trial.draft.where, region, *place, counting.said))
    return out, repairs


def _same(stands: str, quote: str) -> bool:
    """Equal but for the way in which line breaks are written: tools fold CRLF, and some write \\n as two characters."""
    if stands == quote or not isinstance(quote, str):
        return stands == quote
    folded = stands.replace("\r\n", "\n")
    return folded in (quote.replace("\r\n", "\n"), quote.replace("\\r", "").replace("\\n", "\n"))


def _refusal(trial: _Trial, region: Region, met: Said) -> Refusal:
    quote, draft = region.quote, trial.draft
    place = f"{draft.where} {region.layer}={region.name} {region.start}–{region.end}"
    if not isinstance(quote, str) or not quote or quote not in trial.text or type(region.start) is not int:
        return Refusal(place, met, _STANDS, _ALIGN)
    at = min(_all_places(trial.text, quote), key=lambda p: abs(p - region.start))
    off = at - region.start
    if not off:
        return Refusal(place, met, _STANDS, _ALIGN)
    hint = Said(f"（引文在 {at} 处，偏移 {off:+d}）", f" (the quote stands at {at}, which is {off:+d})")
    return Refusal(place, Said(met.zh + hint.zh, met.en + hint.en), _STANDS, _ALIGN)


def _all_places(text: str, quote: str) -> list[int]:
    out: list[int] = []
    at = text.find(quote)
    while at >= 0 and len(out) < 1000:
        out.append(at)
        at = text.find(quote, at + 1)
    return out


def _recalled(draft: Draft, placed: list[Region]) -> tuple[list[Region], list[Region]]:
    """Labels with what the file remembers of them, and the remembered labels that are no longer there."""
    free: dict[tuple[str, int, int], Region] = {(m.layer, m.start, m.end): m for m in draft.memory}
    out: list[Region] = []
    for region in placed:
        known = free.pop((region.layer, region.start, region.end), None)
        if known is None:
            out.append(region)
            continue
        said = draft.expressed.get(region.layer, frozenset())
        kept = {k: v for k, v in known.attributes.items() if k not in said}
        attributes = {**kept, **region.attributes}
        if "metrics" in said:
            attributes |= _links(known.attributes, attributes)
            attributes = {k: v for k, v in attributes.items() if v is not None or k == "value"}
        out.append(replace(region, attributes=attributes))
    return out, list(free.values())


def _links(known: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """A claim's links after labels were read: in the old order where they are the old ones; else what followed from
    the old ones goes."""
    old, new = list(known.get("metrics", ())), list(said.get("metrics", ()))
    if sorted(old) == sorted(new):
        return {"metrics": old}
    return {"metrics": new, "concepts": None, "alt_metrics": None}


def _built(draft: Draft, text: str, regions: list[Region], repairs: list[Repair], remarks: list[Said]) -> Admission:
    layers: set[Layer] = {r.layer for r in regions} if draft.layers is None else set(draft.layers)
    items, unfit = _items(draft, text, regions)
    refusals = [*_clashes(draft, regions), *unfit]
    if not refusals:
        try:
            made = record(draft, text, items, layers)
        except Unfit as error:
            refusals.append(Refusal(draft.where, error.met, error.expected, _CORRECT))
        else:
            refusals += _strays(draft, made)
    if refusals:
        return Admission(None, tuple(repairs), tuple(refusals), tuple(remarks))
    if not made.layers():
        remarks.append(
            Said(f"{draft.where}：没有任何标注", f"{draft.where}: nothing is annotated; the text alone is kept")
        )
    return Admission(made, tuple(repairs), (), tuple(remarks))


def _clashes(draft: Draft, regions: list[Region]) -> list[Refusal]:
    out: list[Refusal] = []
    for a, b in collisions(regions):
        place = f"{draft.where} {b.layer}={b.name} {b.start}–{b.end}"
        met = Said(f"与 {a.start}–{a.end} 的同类标注重叠", f"it overlaps a label of its own layer at {a.start}–{a.end}")
        out.append(Refusal(place, met, Said("同一层的标注互不重叠", "labels of one layer that lie apart"), _CORRECT))
    return out


def _items(draft: Draft, text: str, regions: list[Region]) -> tuple[list[tuple[Layer, Item]], list[Refusal]]:
    """The typed items, and what cannot be one; a claim's value must be the number that is printed."""
    items: list[tuple[Layer, Item]] = []
    out: list[Refusal] = []
    for region in regions:
        place = f"{draft.where} {region.layer}={region.name} {region.start}–{region.end}"
        try:
            made = item(region)
        except Unfit as error:
            out.append(Refusal(place, error.met, error.expected, _CORRECT))
            continue
        items.append((region.layer, made))
        surface, value = text[region.start : region.end], getattr(made, "value", None)
        counted = region.layer == "claim" and region.name != "zero" and value is not None
        if counted and any(c.isdigit() for c in surface) and not prints(surface, value):
            met = Said(f"{quoted(surface)} 的数值标为 {value}", f"the value of {quoted(surface)} is given as {value}")
            out.append(Refusal(place, met, Said("所印的数", "the number that is printed"), _CORRECT))
    return items, out


def _strays(draft: Draft, made: Record) -> list[Refusal]:
    counts = Counter(c.id for c in made.cells or ())
    spans = chain(places(made.extra), ((c.start, c.end) for c in made.cells or () if c.start is not None))
    out = [
        Refusal(
            draft.where,
            Said(f"单元格 {name} 标了 {n} 次", f"the cell {name} is labelled {n} times"),
            Said("每个单元格至多一处", "each cell once at most"),
            _CORRECT,
        )
        for name, n in counts.items()
        if n > 1
    ]
    if any(a is None or b is None or not 0 <= a <= b <= len(made.text) for a, b in spans):
        met = Said("有单元格或核对结果的位置在文本之外", "a cell or a finding has a place outside the text")
        out.append(Refusal(draft.where, met, _STANDS, _CORRECT))
    return out


def _gone(draft: Draft, gone: list[Region]) -> Said:
    counts = ", ".join(f"{layer} {n}" for layer, n in sorted(Counter(m.layer for m in gone).items()))
    return Said(
        f"{draft.where}：导出时有的 {len(gone)} 处标注已被移动或删除（{counts}）",
        f"{draft.where}: {len(gone)} labels of the export were moved or deleted ({counts})",
    )


def _lone_surrogate(draft: Draft) -> Refusal:
    met = Said("文本含有孤立的代理项", "the text holds half a surrogate pair, which is no character")
    return Refusal(draft.where, met, Said("Unicode 文本", "Unicode text"), _CORRECT)
