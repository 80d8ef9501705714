"""Each claim of the report's own year and body against the cells it is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from extractor.checks.base import SURE_CELL, SURE_CLAIM, SURE_OF_SEVERAL, Case, Verdict, finding, number, say
from extractor.checks.doubts import REASONS, Doubts
from extractor.checks.figures import Figure
from extractor.checks.readings import concepts_by_metric, readings
from extractor.checks.wording import approximation, bounds, clause, rounding
from extractor.document import Claim, Finding, Message
from extractor.lexicon import lexicon

_MONEY = (".amount",)


class ClaimVersusTable:
    """A claim agrees with its figure, with another that its words may mean, or it does not."""

    kind: ClassVar[str] = "claim_vs_table"
    sentences: ClassVar[dict[str, Message]] = {
        "match": Message("正文{quote}与{place}的{figure}一致。", "The prose {quote} agrees with {place}, {figure}."),
        "blank_zero": Message(
            "正文{quote}与{place}空白一致。", "The prose {quote} agrees with {place}, which is blank."
        ),
        "other": Message(
            "正文{quote}与{place}的{figure}不同，但与{other_place}的{other}一致，属于可行的另一种口径。",
            "The prose {quote} differs from {place}, {figure}, but agrees with {other_place}, {other}.",
        ),
        "mismatch": Message(
            "正文{quote}称{value}，{place}为{figure}，两者不符{tried_zh}。",
            "The prose {quote} says {value} where {place} has {figure}{tried_en}.",
        ),
        "doubt": Message(
            "正文{quote}称{value}，{place}为{figure}；{reason_zh}，不作定论。",
            "The prose {quote} says {value} where {place} has {figure}; not decided: {reason_en}.",
        ),
        "unread": Message(
            "正文{quote}应与{place}核对，但{reason_zh}，无法核对。",
            "The prose {quote} is about {place}, but {reason_en}; it cannot be checked.",
        ),
    }

    def __call__(self, case: Case) -> Iterator[Finding]:
        if case.form is None:
            return
        doubts = Doubts(case)
        claimed = {concept for claim in case.document.claims for concept in claim.concepts}
        for claim in case.document.claims:
            if claim.scope != "own" or claim.value is None or claim.kind == "ratio":
                continue
            for metric, concept in concepts_by_metric(case.form, claim).items():
                yield self._one(case, doubts, claimed, claim, metric, concept)

    def _one(self, case: Case, doubts: Doubts, claimed: set[str], claim: Claim, metric: str, concept: str) -> Finding:
        figure = case.figures.read(metric)
        others = self._others(case, claimed, claim, metric, concept)
        verdict, other = self._judge(case, doubts, claim, concept, figure, others)
        reason = REASONS.get(verdict.why, Message("", ""))
        tried = _tried(case, others)
        meant = other or figure
        message = say(
            self.sentences[verdict.sentence], quote=case.quote(claim), place=case.places(figure.cells),
            figure=number(figure.value), value=number(claim.value) + claim.unit, reason_zh=reason.zh,
            reason_en=reason.en, other_place=case.places(meant.cells), other=number(meant.value),
            tried_zh=tried.zh, tried_en=tried.en,
        )  # fmt: skip
        return finding(
            self.kind, verdict, message, claim=claim.id, cells=meant.cells, expected=meant.value, found=claim.value,
            evidence=[claim.span, *meant.spans],
        )  # fmt: skip

    def _others(self, case: Case, claimed: set[str], claim: Claim, metric: str, concept: str) -> list[Figure]:
        assert case.form is not None
        if not claim.value and lexicon("alternatives").get(concept, {}).get("nonzero"):
            return []
        beside = {c for x in case.of_sentence(claim) for c in x.concepts}
        named = readings(case.form, concept, clause(case.page, claim), claimed, beside)
        read = [case.figures.read(e) for e in named if e != metric]
        return [f for f in read if f.state == "printed"]

    def _judge(
        self, case: Case, doubts: Doubts, claim: Claim, concept: str, figure: Figure, others: list[Figure]
    ) -> tuple[Verdict, Figure | None]:
        if figure.state in ("absent", "unread"):
            table = figure.cells[0].split(".", 1)[0]
            why = "no_table" if table not in case.figures.tables else "cell_unread"
            return Verdict("unverifiable", "unread", why), None
        if figure.state == "blank":
            if claim.value == 0:
                return Verdict("match", "blank_zero", "zero and blank agree"), None
            return Verdict("unverifiable", "unread", "cell_blank"), None
        if agrees(case, claim, figure):
            return Verdict("match", "match", "the numbers agree"), None
        for other in others:
            if agrees(case, claim, other):
                return Verdict("match", "other", "agrees under another reading of the words"), other
        reason = self._doubt(claim, concept, figure) or doubts.of(claim, concept, figure)
        if reason is not None:
            return Verdict("unverifiable", "doubt", reason, "warning"), None
        return Verdict("mismatch", "mismatch", "both sides were read", "error"), None

    def _doubt(self, claim: Claim, concept: str, figure: Figure) -> str | None:
        if claim.sure_of(concept) < (SURE_CLAIM if len(claim.concepts) < 2 else SURE_OF_SEVERAL):
            return "claim_unsure"
        # Where blanks were dropped, which column a number is of may be open; what its row adds up to is not.
        if figure.confidence < SURE_CELL or (figure.placed and not all(c.endswith(".total") for c in figure.cells)):
            return "cell_unsure"
        if claim.kind != "zero" and any(c.endswith(_MONEY) for c in figure.cells) and claim.unit not in _per_wan():
            return "unit_lost"
        return "total_blank" if figure.derived else None


def _per_wan() -> dict[str, float]:
    scale: dict[str, float] = lexicon("amounts")["per_wan"]
    return scale


def agrees(case: Case, claim: Claim, figure: Figure) -> bool:
    """Whether a figure fits the claim's number, its wording (50余), its rounding and its unit (元, 万元)."""
    if figure.value is None or claim.value is None:
        return False
    surface = claim.span.of(case.document.text)
    factors = [1.0]
    scale = _per_wan()
    if claim.unit in scale and any(c.endswith(_MONEY) for c in figure.cells):
        factors = [scale[claim.unit], scale[claim.unit] * 1e4]  # tables ask for 万元; some print 元
    for factor in factors:
        value = claim.value * factor
        if claim.approx:
            page = case.page
            kind = approximation(page.text, page.index(claim.span.start), page.index(claim.span.end))
            within = bounds(kind, surface, claim.value)
            if within.low * factor - 1e-6 <= figure.value <= within.high * factor + 1e-6:
                return True
        elif (
            abs(value - figure.value)
            <= (0.0 if claim.kind == "zero" else rounding(surface, claim.value)) * factor + 1e-6
        ):
            return True
    return claim.kind == "delta" and abs(abs(claim.value) - abs(figure.value)) <= 1e-6


def _tried(case: Case, others: list[Figure]) -> Message:
    """The other readings that were tried, for the message."""
    if not others:
        return Message("", "")
    zh = "、".join(f"{case.places(f.cells, 1).zh}（{number(f.value)}）" for f in others)
    en = ", ".join(f"{case.places(f.cells, 1).en} ({number(f.value)})" for f in others)
    return Message(f"，与其他口径{zh}亦不符", f"; nor does it agree with {en}")
