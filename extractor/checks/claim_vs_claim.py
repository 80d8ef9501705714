"""The same quantity told twice: it should be the same number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import ClassVar

from extractor.checks.base import Case, Verdict, finding, number, say
from extractor.checks.readings import readings
from extractor.checks.wording import clause, damage
from extractor.document import Claim, Finding, Message

_VERY_SURE = 0.9


class ClaimVersusClaim:
    """Own claims on one metric, each against the first. Two readings of one word are never called wrong."""

    kind: ClassVar[str] = "claim_vs_claim"
    sentences: ClassVar[dict[str, Message]] = {
        "match": Message("{one}与{two}所述相同。", "{one} and {two} say the same."),
        "mismatch": Message(
            "{one}与{two}以相同措辞说同一数量，却为{first}与{second}。",
            "{one} and {two} tell one quantity in the same words, but say {first} and {second}.",
        ),
        "doubt": Message(
            "{one}与{two}似指同一数量，而为{first}与{second}；口径可能不同，不作定论。",
            "{one} and {two} seem to tell one quantity, but say {first} and {second}; they may count otherwise.",
        ),
    }

    def __call__(self, case: Case) -> Iterator[Finding]:
        told: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
        for claim in case.document.claims:
            if claim.scope == "own" and claim.metrics and claim.kind in ("count", "zero"):
                told[tuple(sorted(claim.metrics))].append(claim)
        for claims in told.values():
            for other in claims[1:]:
                yield self._one(case, claims[0], other)

    def _one(self, case: Case, one: Claim, two: Claim) -> Finding:
        message: dict[str, Message | str | float | None] = {
            "one": case.quote(one),
            "two": case.quote(two),
            "first": number(one.value),
            "second": number(two.value),
        }
        verdict = Verdict("match", "match", "both say the same")
        if one.value != two.value:
            verdict = self._judge(case, one, two)
        return finding(
            self.kind, verdict, say(self.sentences[verdict.sentence], **message), claim=two.id, expected=one.value,
            found=two.value, evidence=[one.span, two.span],
        )  # fmt: skip

    def _judge(self, case: Case, one: Claim, two: Claim) -> Verdict:
        """Wrong only in the same words, both sure, where no table can say which is right."""
        figure = case.figures.read(one.metrics[0])
        exact = all(c.confidence >= _VERY_SURE and not c.approx and damage(case.page, c) is None for c in (one, two))
        same = _label(case, one) == _label(case, two) and one.unit == two.unit and len(_label(case, one)) >= 4
        ambiguous = any(readings(case.form, c, "", ()) for c in one.concepts) if case.form else True
        if exact and same and not ambiguous and figure.state in ("absent", "unread") and one.sentence != two.sentence:
            return Verdict("mismatch", "mismatch", "the same words with another number", "warning")
        return Verdict("unverifiable", "doubt", "they may count otherwise")


def _label(case: Case, claim: Claim) -> str:
    """The claim's clause without its numbers: what it says that it counts."""
    return "".join(c for c in clause(case.page, claim, ahead=0) if not c.isdigit() and not c.isspace())
