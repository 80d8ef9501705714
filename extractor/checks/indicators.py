"""Reports before 2019: claims against the indicators of the statistics table, where the names agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from extractor.checks.base import SURE_CLAIM, Case, Verdict, finding, number, say
from extractor.checks.doubts import Doubts
from extractor.checks.wording import approximation, bounds
from extractor.document import Claim, Finding, Indicator, Message
from models.form import indicators


class ClaimVersusIndicator:
    """A claim on a quantity that the statistics table has by name."""

    kind: ClassVar[str] = "claim_vs_table"
    sentences: ClassVar[dict[str, Message]] = {
        "match": Message(
            "正文{quote}与统计表“{name}”的{figure}一致。",
            "The prose {quote} agrees with the indicator {name}, {figure}.",
        ),
        "mismatch": Message(
            "正文{quote}称{value}，统计表“{name}”为{figure}，两者不符。",
            "The prose {quote} says {value} where the indicator {name} has {figure}.",
        ),
        "doubt": Message(
            "正文{quote}称{value}，统计表“{name}”为{figure}；识别把握不足或该项空白，不作定论。",
            "The prose {quote} says {value} where the indicator {name} has {figure}; uncertain or blank, not decided.",
        ),
    }

    def __call__(self, case: Case) -> Iterator[Finding]:
        if case.form is not None:
            return
        concepts = {i.name: i.concept for i in indicators() if i.concept}
        printed = [i for t in case.document.tables for i in t.indicators if i.name in concepts]
        for claim in case.document.claims:
            if claim.scope != "own" or claim.value is None or claim.kind not in ("count", "zero"):
                continue
            found = [i for i in printed if concepts[i.name] in claim.concepts]
            if found:
                yield self._one(case, claim, found)

    def _one(self, case: Case, claim: Claim, found: list[Indicator]) -> Finding:
        meant = next((i for i in found if self._agrees(case, claim, i)), found[0])
        if self._agrees(case, claim, meant):
            verdict = Verdict("match", "match", "the numbers agree")
        elif meant.value is None or claim.confidence < SURE_CLAIM or self._told_of_others(case, claim, meant):
            verdict = Verdict("unverifiable", "doubt", "one side is uncertain")
        else:
            verdict = Verdict("mismatch", "mismatch", "both sides were read", "error")
        message = say(
            self.sentences[verdict.sentence], quote=case.quote(claim), name=meant.name, figure=number(meant.value),
            value=number(claim.value) + claim.unit,
        )  # fmt: skip
        return finding(
            self.kind, verdict, message, claim=claim.id, expected=meant.value, found=claim.value,
            evidence=[claim.span, meant.span],
        )  # fmt: skip

    def _told_of_others(self, case: Case, claim: Claim, indicator: Indicator) -> bool:
        concept = next(i.concept for i in indicators() if i.name == indicator.name) or ""
        return Doubts(case).of_others(claim, concept) is not None

    def _agrees(self, case: Case, claim: Claim, indicator: Indicator) -> bool:
        if indicator.value is None or claim.value is None:
            return indicator.value is None and claim.value == 0
        if claim.approx:
            page = case.page
            kind = approximation(page.text, page.index(claim.span.start), page.index(claim.span.end))
            return bounds(kind, claim.span.of(case.document.text), claim.value).hold(indicator.value)
        return abs(claim.value - indicator.value) < 1e-6
