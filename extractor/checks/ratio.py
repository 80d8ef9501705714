"""Shares and rates that the prose states, worked out again: 42 件，占 51.85%; 办结率 100%."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from extractor.checks.base import SURE_CLAIM, Case, Verdict, finding, say
from extractor.checks.parts import STOP
from extractor.checks.plain_lists import ENUMERATED
from extractor.checks.wording import damage
from extractor.document import Claim, Finding, Message
from extractor.lexicon import words

_FAR = 1.0


class Ratio:
    """Each share (占 …%) of a number before it, each rate of completion."""

    kind: ClassVar[str] = "ratio"
    sentences: ClassVar[dict[str, Message]] = {
        "match": Message(
            "{quote}：{part}占{whole}的{expected}%，与所述一致。",
            "{quote}: {part} of {whole} is {expected}%, as stated.",
        ),
        "mismatch": Message(
            "{quote}：{part}占{whole}应为{expected}%，所述为{stated}%。",
            "{quote}: {part} of {whole} is {expected}%, but {stated}% is stated.",
        ),
        "doubt": Message(
            "{quote}：所述{stated}%的基数不明，无法核对。",
            "{quote}: what {stated}% is of is not clear; it cannot be checked.",
        ),
    }

    def __call__(self, case: Case) -> Iterator[Finding]:
        claims = case.document.claims
        for i, claim in enumerate(claims):
            if claim.kind != "ratio" or claim.value is None or claim.approx or claim.unit != "%":
                continue
            head = case.page.between(max(claim.sentence.start, claim.span.start - 12), claim.span.start).rstrip(
                " 为达约\n"
            )
            before = [c for c in claims[:i] if c.kind == "count" and c.value is not None]
            if head.endswith(words("breakdowns", "shares")):
                yield self._share(case, claim, before)
            elif head.endswith(words("breakdowns", "rates")):
                yield self._rate(case, claim, before)

    def _share(self, case: Case, claim: Claim, before: list[Claim]) -> Finding:
        part = self._part(case, claim, before)
        wholes = [b.total for b in case.breakdowns if part and any(p.id == part.id for p in (*b.parts, *b.more))]
        near = [
            c
            for c in before[:-1]
            if part and part.span.start - c.span.end < 400 and c.value and c.value >= (part.value or 0)
        ]
        for whole in (*wholes, *reversed(near)):
            if part and whole.value and abs(_percent(part, whole) - (claim.value or 0)) <= _tolerance(claim, case):
                return self._finding(case, Verdict("match", "match", "the share is right"), claim, part, whole)
        if part and len(wholes) == 1 and self._far_off(case, claim, part, wholes[0]):
            verdict = Verdict("mismatch", "mismatch", "the share is far off", "warning")
            return self._finding(case, verdict, claim, part, wholes[0])
        return self._finding(case, Verdict("unverifiable", "doubt", "the whole is not certain"), claim, None, None)

    def _part(self, case: Case, claim: Claim, before: list[Claim]) -> Claim | None:
        """The number that a share is of: the last before it, past those in a bracket that has closed since."""
        for part in reversed(before[-12:]):
            between = case.page.between(part.span.end, claim.span.start)
            if STOP.search(between) or ";" in between or ENUMERATED.search(between):
                return None
            if not _leaves_bracket(between):
                return part if len(re.sub(r"[（(][^（）()]*[）)]", "", between)) < 24 else None
        return None

    def _rate(self, case: Case, claim: Claim, before: list[Claim]) -> Finding:
        near = [c for c in before[-2:] if claim.span.start - c.span.end < 60]
        if (
            len(near) == 2
            and near[0].value
            and abs(_percent(near[1], near[0]) - (claim.value or 0)) <= _tolerance(claim, case)
        ):
            return self._finding(case, Verdict("match", "match", "the rate is right"), claim, near[1], near[0])
        return self._finding(case, Verdict("unverifiable", "doubt", "the whole is not certain"), claim, None, None)

    def _far_off(self, case: Case, claim: Claim, part: Claim, whole: Claim) -> bool:
        """Only a list whose parts do add up says for certain what a share is of."""
        if not whole.value or abs(_percent(part, whole) - (claim.value or 0)) <= _FAR:
            return False
        lists = [b for b in case.breakdowns if b.total.id == whole.id and part in b.parts]
        carried = sum(p.value or 0 for b in lists for p in b.parts if "carried_out" in p.concepts)
        told = sum(c.value or 0 for c in case.of_sentence(claim) if "requests_carried_in" in c.concepts)
        # shares are often of those concluded: without the ones carried over, with the ones carried in
        for base in (whole.value - carried, whole.value + told, whole.value + told - carried):
            if base > 0 and abs(100 * (part.value or 0) / base - (claim.value or 0)) <= _FAR:
                return False
        claims = (claim, part, whole)
        sums = any(b.sum == whole.value for b in lists)
        exact = all(c.confidence >= SURE_CLAIM and not c.approx and c.scope == "own" for c in claims)
        return sums and exact and damage(case.page, part) is None

    def _finding(self, case: Case, verdict: Verdict, claim: Claim, part: Claim | None, whole: Claim | None) -> Finding:
        expected = round(_percent(part, whole), 2) if part and whole else None
        message = say(
            self.sentences[verdict.sentence], quote=case.quote(claim), stated=claim.value, expected=expected,
            part=part.value if part else None, whole=whole.value if whole else None,
        )  # fmt: skip
        spans = [c.span for c in (claim, part, whole) if c is not None]
        return finding(
            self.kind, verdict, message, claim=claim.id, expected=expected, found=claim.value, evidence=spans
        )


def _percent(part: Claim, whole: Claim) -> float:
    return 100.0 * (part.value or 0) / whole.value if whole.value else 0.0


def _tolerance(claim: Claim, case: Case) -> float:
    """One unit of the last printed digit: shares are rounded, or cut off."""
    surface = claim.span.of(case.document.text).strip("%％ ")
    decimals = len(surface.split(".", 1)[1]) if "." in surface else 0
    return float(10.0**-decimals) + 1e-9


def _leaves_bracket(text: str) -> bool:
    """Whether a bracket closes in the text that did not open there."""
    depth = 0
    for character in text:
        depth += (character in "（(") - (character in "）)")
        if depth < 0:
            return True
    return False
