"""Totals of the narrative against the sum of their parts. A false alarm costs more than a miss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from extractor.checks.base import SURE_CLAIM, Case, Verdict, finding, say, terms
from extractor.checks.breakdowns import Breakdown
from extractor.checks.parts import family
from extractor.checks.request_chain import whole
from extractor.checks.wording import damage
from extractor.document import Claim, Finding, Message
from extractor.lexicon import lexicon

_TOLERANCE = 1e-6
_OUTCOMES = ("outcomes", "denied", "unavailable", "rejected", "other", "review", "litigation", "direct", "after_review")


class NarrativeArithmetic:
    """Each total that the prose takes apart: the parts must not exceed it, and reach it where the list is closed."""

    kind: ClassVar[str] = "narrative_arithmetic"
    sentences: ClassVar[dict[str, Message]] = {
        "match": Message(
            "{total}：各分项{parts}，合计{sum}，一致。", "{total}: the parts {parts} make {sum}, as stated."
        ),
        "excess": Message(
            "{total}：各分项{parts}，合计{sum}，比总数{stated}多{gap}。",
            "{total}: the parts {parts} make {sum}, {gap} more than the stated {stated}.",
        ),
        "deficit": Message(
            "{total}：各分项{parts}，合计{sum}，比总数{stated}少{gap}，而行文表明分项已列全。",
            "{total}: the parts {parts} make {sum}, {gap} less than the stated {stated}, and the list is closed.",
        ),
        "open": Message(
            "{total}：所列分项{parts}，合计{sum}，少于总数{stated}；分项未必列全，不作定论。",
            "{total}: the parts {parts} make {sum}, less than {stated}; the list need not be whole.",
        ),
        "doubt": Message(
            "{total}：各分项{parts}，合计{sum}，与总数{stated}不同；{reason_zh}，不作定论。",
            "{total}: the parts {parts} make {sum} against {stated}; not decided: {reason_en}.",
        ),
    }
    _reasons: ClassVar[dict[str, Message]] = {
        "approximate": Message("有约数", "a number is approximate"),
        "scope": Message("有其他单位或其他年度的数字", "a number is of another body or year"),
        "units": Message("计量单位不同", "the units differ"),
        "unsure": Message("识别把握不足", "a number's reading is uncertain"),
        "unclean": Message("句中还有未识别的数字", "the list has a number that was not read"),
        "damaged": Message("附近文字有缺损", "the text nearby is damaged"),
        "overlap": Message("分项可能交叉", "the parts may overlap"),
        "another": Message("分项可能分属其他总数", "the parts may belong to another total"),
    }

    def __call__(self, case: Case) -> Iterator[Finding]:
        for breakdown in case.breakdowns:
            yield self._one(case, _of_results(breakdown))

    def _one(self, case: Case, b: Breakdown) -> Finding:
        verdict, total, parts = self._judge(case, b)
        value = float(sum(p.value or 0 for p in parts))
        reason = self._reasons.get(verdict.why, Message("", ""))
        message = say(
            self.sentences[verdict.sentence], total=case.quote(total), parts=terms(parts), sum=value,
            stated=total.value, gap=abs(value - (total.value or 0)), reason_zh=reason.zh, reason_en=reason.en,
        )  # fmt: skip
        return finding(
            self.kind, verdict, message, claim=total.id, expected=value, found=total.value,
            evidence=[total.span, *(p.span for p in parts)],
        )  # fmt: skip

    def _judge(self, case: Case, b: Breakdown) -> tuple[Verdict, Claim, Sequence[Claim]]:
        held = _holds(b)
        if held is not None:
            return Verdict("match", "match", "the parts add up"), *held
        carried = _explained_by_carrying(case, b)
        if carried is not None:
            return carried, b.total, b.parts
        excess = b.sum > (b.total.value or 0)
        if not b.owned and any((p.value or 0) > (b.total.value or 0) for p in b.parts):
            return Verdict("unverifiable", "doubt", "another"), b.total, b.parts
        if not excess and not b.closed:
            return Verdict("unverifiable", "open", "the list is not closed"), b.total, b.parts
        reason = self._doubt(case, b, excess)
        if reason is not None:
            return Verdict("unverifiable", "doubt", reason), b.total, b.parts
        name = "excess" if excess else "deficit"
        return Verdict("mismatch", name, f"{name} over exact numbers of one unit", "error"), b.total, b.parts

    def _doubt(self, case: Case, b: Breakdown, excess: bool) -> str | None:
        """What keeps a difference from being an error of the report; None where nothing does."""
        if any(c.approx for c in b.claims):
            return "approximate"
        if any(c.scope != "own" for c in b.claims) and not _of_members(b):
            return "scope"
        if len({c.unit for c in b.claims}) > 1:
            return "units"
        if min(c.confidence for c in b.claims) < SURE_CLAIM:
            return "unsure"
        if not b.clean:
            return "unclean"
        if any(damage(case.page, c) for c in b.claims):
            return "damaged"
        if excess and not b.closed and not b.disjoint and _may_overlap(b):
            return "overlap"
        if not b.total.concepts and family(b.parts[0].concepts) in lexicon("breakdowns")["totals"]:
            return "another"
        if excess and _may_hold_carried_in(case, b):
            return "another"
        open_end = bool(b.more) or _may_be_carried_over(b) or _leaves_out(b)
        return "another" if open_end and not excess else None


def _of_results(b: Breakdown) -> Breakdown:
    """Applications carried over are no part of those concluded, though lists often end with them."""
    if "results" not in b.total.concepts:
        return b
    parts = tuple(p for p in b.parts if "carried_out" not in p.concepts)
    return replace(b, parts=parts) if len(parts) > 1 else b


def _holds(b: Breakdown) -> tuple[Claim, Sequence[Claim]] | None:
    """The total and parts that agree: as found, with parts behind a semicolon, or under another total near by."""
    lists: list[Sequence[Claim]] = [b.parts]
    lists += [(*b.parts, *b.more[:k]) for k in range(1, len(b.more) + 1)]
    for parts in lists:
        value = sum(p.value or 0 for p in parts)
        for total in (b.total,) if b.owned else (b.total, *b.others):
            if abs(value - (total.value or 0)) <= _TOLERANCE:
                return total, parts
    before = b.others[-1] if b.others and not b.owned else None
    if before and before.unit == b.total.unit and abs(b.sum - (b.total.value or 0) - (before.value or 0)) <= _TOLERANCE:
        return b.total, b.parts
    return None


def _may_be_carried_over(b: Breakdown) -> bool:
    """Outcomes of the applications received may leave out those that have none yet."""
    heads = {p.concepts[0] for p in b.parts if p.concepts}
    received = bool(b.total.concepts) and b.total.concepts[0].startswith("requests_")
    return received and "carried_out" not in heads and any(family((h,)) == "outcomes" for h in heads)


def _leaves_out(b: Breakdown) -> bool:
    """Outcomes are often told without those that are zero or few: their list is whole where every kind is told."""
    kind = family(b.parts[0].concepts)
    if kind == "outcomes":
        return not whole([p for p in b.parts if p.concepts])
    return kind in _OUTCOMES and not any(p.concepts and p.concepts[0].split(".")[-1] == "other" for p in b.parts)


def _of_members(b: Breakdown) -> bool:
    """Whether the parts are the members of the area that the total is of: 全县 19 条（某镇 7 条、某局 12 条）."""
    return b.total.scope == "own" and b.closed and all(p.scope == "other_org" for p in b.parts)


def _may_overlap(b: Breakdown) -> bool:
    if any((p.value or 0) > (b.total.value or 0) for p in b.parts):
        return False
    return b.overlapping or (len(b.parts) < 3 and not b.parallel) or _reached_early(b)


def _reached_early(b: Breakdown) -> bool:
    """The first parts make the total already: what follows may count it again another way."""
    value = 0.0
    for part in b.parts[:-1]:
        value += part.value or 0
        if value and abs(value - (b.total.value or 0)) <= _TOLERANCE:
            return True
    return False


def _explained_by_carrying(case: Case, b: Breakdown) -> Verdict | None:
    """Outcomes of applications may count those carried in, and leave out those carried over."""
    if family(b.parts[0].concepts) not in ("outcomes", "applicants") or case.form is None:
        return None
    gap = b.sum - (b.total.value or 0)
    row = "carried_in" if gap > 0 else "carried_out"
    if any(abs(abs(gap) - v) <= _TOLERANCE for v in _carried(case, row)):
        return Verdict("match", "match", f"the parts add up with those {row.replace('_', ' ')}")
    return None


def _carried(case: Case, row: str) -> list[float]:
    """How many applications were carried in (or out) by the table and by the prose, zeros left out."""
    concept = "requests_carried_in" if row == "carried_in" else row
    told = [c.value for c in case.document.claims if concept in c.concepts and c.scope == "own"]
    return [v for v in (case.figures.read(f"t3.{row}.total").value, *told) if v]


def _may_hold_carried_in(case: Case, b: Breakdown) -> bool:
    """Outcomes may count applications of the year before: they exceed the new ones by as many at most."""
    if family(b.parts[0].concepts) not in ("outcomes", "applicants") or case.form is None:
        return False
    carried = _carried(case, "carried_in")
    known = carried or case.figures.read("t3.carried_in.total").state in ("printed", "blank")
    return not known or any(b.sum - (b.total.value or 0) <= v for v in carried)
