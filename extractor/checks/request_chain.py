"""Applications told one by one: new + carried in = outcomes + carried over, and outcomes = the concluded ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from extractor.checks.base import SURE_CLAIM, Case, Verdict, finding, say, terms
from extractor.checks.wording import damage
from extractor.document import Claim, Finding, Message

OUTCOMES = ("granted", "partial", "granted_or_partial", "denied", "unavailable", "rejected", "other")
_NEEDED = ("denied", "unavailable", "rejected")
_OTHERS = {"other.no_correction", "other.no_fee", "other.other"}
_RECEIVED = ("requests_new", "requests_handled")
_REACH = 260


class RequestChain:
    """The numbers of one stretch of prose about applications, as a balance."""

    kind: ClassVar[str] = "narrative_arithmetic"
    sentences: ClassVar[dict[str, Message]] = {
        "match": Message(
            "{first}：收到与结转{left}，办理结果与结转下年{right}，一致。",
            "{first}: received and carried in {left}, concluded and carried over {right}: they agree.",
        ),
        "mismatch": Message(
            "{first}：收到与结转{left}，合计{sum}；办理结果与结转下年{right}，合计{other}，两者不等。",
            "{first}: received and carried in {left} make {sum}; concluded and carried over {right} make {other}.",
        ),
        "doubt": Message(
            "{first}：收到与结转{left}，合计{sum}；办理结果与结转下年{right}，合计{other}；口径或识别不确定，不作定论。",
            "{first}: {left} make {sum} against {right}, {other}; the scope or the reading is uncertain.",
        ),
    }

    def __call__(self, case: Case) -> Iterator[Finding]:
        for chain in chains(case.document.claims):
            found = self._one(case, chain)
            if found is not None:
                yield found

    def _one(self, case: Case, chain: list[Claim]) -> Finding | None:
        first = chain[0]
        carried_in = _of(chain, "requests_carried_in")
        carried_out = _of(chain, "carried_out")
        outcomes = [c for c in chain if c.concepts[0].split(".")[0] in OUTCOMES]
        results = _of(chain, "results") if not outcomes else []
        ends = [*(outcomes or results), *carried_out]
        if not (outcomes or results) or (results and not (carried_out and carried_in)):
            return None
        left = [[first, *carried_in], [first]]
        right = [ends] if not outcomes else [ends, outcomes]
        agree = next((x for x in ((a, z) for a in left for z in right) if _sum(x[0]) == _sum(x[1])), None)
        if agree is not None:
            return self._finding(case, Verdict("match", "match", "the chain balances"), *agree)
        if outcomes and not whole(outcomes):
            return None
        told = [first, *carried_in, *ends]
        complete = bool(results) or bool(carried_in and carried_out)
        sure = complete and self._sure(case, told) and not _unexplained(case, told)
        verdict = Verdict("unverifiable", "doubt", "the chain may leave something out")
        if sure:
            verdict = Verdict("mismatch", "mismatch", "a complete chain of exact numbers", "error")
        return self._finding(case, verdict, left[0], ends)

    def _sure(self, case: Case, claims: Sequence[Claim]) -> bool:
        return all(c.confidence >= SURE_CLAIM and not c.approx and not damage(case.page, c) for c in claims)

    def _finding(self, case: Case, verdict: Verdict, left: Sequence[Claim], right: Sequence[Claim]) -> Finding:
        message = say(
            self.sentences[verdict.sentence], first=case.quote(left[0]), left=terms(left), right=terms(right),
            sum=_sum(left), other=_sum(right),
        )  # fmt: skip
        return finding(
            self.kind, verdict, message, claim=left[0].id, expected=_sum(right), found=_sum(left),
            evidence=[c.span for c in (*left, *right)],
        )  # fmt: skip


def chains(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Runs of own claims on applications: each begins with the number received and ends before the next such number."""
    out: list[list[Claim]] = []
    known = {*_RECEIVED, "requests_carried_in", "carried_out", "results"}
    for claim in claims:
        head = claim.concepts[0] if claim.concepts else ""
        if claim.kind not in ("count", "zero") or claim.scope != "own" or len(claim.concepts) > 1:
            continue
        if head in _RECEIVED and claim.kind == "count":
            out.append([claim])
            continue
        follows = bool(out) and claim.span.start - out[-1][-1].span.end < _REACH
        new = follows and not any(_same(c.concepts[0], head) for c in out[-1])
        if new and (head in known or head.split(".")[0] in OUTCOMES):
            out[-1].append(claim)
    return [_without_reasons(c) for c in out if len(c) > 2]


def _same(one: str, other: str) -> bool:
    """Whether two concepts count the same applications: 予以公开和部分公开 is told again as 予以公开 and 部分公开."""
    return one == other or {one, other} in ({"granted", "granted_or_partial"}, {"partial", "granted_or_partial"})


def _unexplained(case: Case, chain: Sequence[Claim]) -> bool:
    """Whether the stretch has a count outside brackets that is linked to nothing: it may be an outcome, too."""
    start, end = min(c.span.start for c in chain), max(c.span.end for c in chain)
    for claim in case.document.claims:
        if claim.kind == "count" and not claim.concepts and start < claim.span.start < end:
            before = case.page.between(start, claim.span.start)
            if before.count("（") + before.count("(") == before.count("）") + before.count(")"):
                return True
    return False


def _without_reasons(chain: list[Claim]) -> list[Claim]:
    """A reason (denied.third_party) counts only where its group (denied) is not told itself."""
    heads = {c.concepts[0] for c in chain}
    return [c for c in chain if "." not in c.concepts[0] or c.concepts[0].split(".")[0] not in heads]


def _of(chain: list[Claim], concept: str) -> list[Claim]:
    return [c for c in chain if c.concepts[0] == concept]


def whole(outcomes: list[Claim]) -> bool:
    """Whether every kind of outcome is told."""
    heads = {c.concepts[0] for c in outcomes}
    others = "other" in heads or heads >= _OTHERS
    return others and heads.issuperset(_NEEDED) and ("granted_or_partial" in heads or {"granted", "partial"} <= heads)


def _sum(claims: Sequence[Claim]) -> float:
    return float(sum(c.value or 0 for c in claims))
