"""Why a claim that differs from the tables may still be right: reasons to say “not decided” in place of “wrong”."""

from __future__ import annotations

import re

from extractor.checks.base import Case
from extractor.checks.figures import Figure
from extractor.checks.plain_lists import ENUMERATED
from extractor.checks.wording import clause, damage, lead, wide_clause
from extractor.document import Claim, Message
from extractor.lexicon import lexicon, words
from extractor.patterns import opinion
from extractor.scopes import consolidated, counts_since
from models.text import simplify

REASONS: dict[str, Message] = {
    "no_table": Message("报告中未见该表", "the report has no such table"),
    "cell_unread": Message("该单元格未能读出", "the cell could not be read"),
    "cell_blank": Message("表中该行为空白", "the table leaves it blank"),
    "claim_unsure": Message("对正文陈述的识别把握不足", "the reading of the claim is uncertain"),
    "cell_unsure": Message("对单元格的识别把握不足，可能是误读", "the cell's reading is uncertain and may be wrong"),
    "total_blank": Message("表中合计为空白，数值由分项推得", "the total is blank and was added up from its row"),
    "unit_lost": Message("数字后的量词缺失，文字可能有缺损", "the number's measure word is lost"),
    "garbled": Message("句中有乱码", "the sentence is garbled"),
    "date_damaged": Message("句中日期残缺，数字可能有缺损", "a date near by has lost characters"),
    "number_lost": Message("句中有数字缺失", "a number of the sentence is lost"),
    "other_year": Message("句中提到其他年份", "the sentence names another year"),
    "other_body": Message("句中提到其他单位", "the sentence names another body"),
    "part_year": Message("数字只涉及年内一段时间", "the number is of a part of the year"),
    "since": Message("数字为多年累计", "the number counts several years"),
    "attribute": Message("所述为公文公开属性，不是申请办理结果", "documents by attribute are no outcomes"),
    "authority": Message("所述为作为复议机关办理的案件", "the cases are those that the body itself decided on"),
    "wider": Message("句中提到更大的范围", "the sentence speaks of a wider area"),
    "published": Message(
        "所述为公开发布的条数，口径与表不同", "the words count publications, which the table does not"
    ),
    "wording": Message("措辞与表的口径不完全一致", "the wording is not exactly the table's"),
    "form_2019": Message("2019年格式没有相同口径的单元格", "the form of 2019 has no cell of just this meaning"),
    "stock": Message("差额恰为本年制发数，可能不含本年新制发", "the difference is just what the year itself made"),
    "co_defendant": Message("涉及共同被告，统计口径不同", "cases as co-defendant are counted otherwise"),
    "told_otherwise": Message(
        "同一数量在正文另一处与表一致", "another sentence tells the same quantity as the table has it"
    ),
    "rules": Message("词语规则不支持这一对应关系", "the words speak against this link"),
}
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])\s?年?")
_YEAR_BRACKET = re.compile(r"(20[0-9]{2})\s?年?[(（]$")
_BODY = re.compile(
    r"[\u4e00-\u9fff]{2,8}?(?:局|委员会|办公室|联合社|联合会|中心|法院|检察院|总队|支队|大队|红十字会|总工会|妇联|团委|残联|工商联|街道|镇街|镇|乡)(?![\u4e00-\u9fff]{0,2}[街村道])"
)
_DECISIONS = {"licensing", "penalty", "coercion"}
_ITSELF = re.compile(r"[我本该各两以由]")
_WITHIN = re.compile(r"其中[:：]?\s?(?:[省市县区州旗盟镇乡](?:人民)?政府|[省市县区州旗]?本级)\s?[0-9]")
_OFFICE = re.compile(r"[省市县区州旗盟镇乡]?(?:人民)?政府办公室")
_LISTED = re.compile(r"[^，,。；;：:0-9]{1,24}|[^。；;：:0-9]{1,12}")
_ATTRIBUTE = re.compile(r"主动公开[^，,、]{0,6}[0-9]")
_PART_YEAR = re.compile(r"(?:截[至止到]|[0-9]\s?月?\s?[至到—~-])\s?(?:20[0-9]{2}\s?年\s?)?(?:[1-9]|1[01])\s?月")
_VERY_SURE = 0.95


class Doubts:
    """Looks at the words around a claim, once both numbers are known and differ."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._words = lexicon("doubts")

    def of(self, claim: Claim, concept: str, figure: Figure) -> str | None:
        """The first reason found (a key of REASONS), None where nothing speaks against a mismatch."""
        page = self._case.page
        return (
            self.of_others(claim, concept)
            or self._meaning(claim, concept, figure, lead(page, claim), wide_clause(page, claim))
            or self._told_otherwise(claim, concept, figure)
            or self._rules(claim, concept)
        )

    def of_others(self, claim: Claim, concept: str) -> str | None:
        """Whether the words are damaged, or give the number to another year, body or area, whatever the table has."""
        page = self._case.page
        reason = damage(page, claim) or self._another(claim, concept)
        return reason or self._scope(claim, concept, lead(page, claim), wide_clause(page, claim))

    def _another(self, claim: Claim, concept: str) -> str | None:
        """The words right before the number give it to another year or to another body."""
        page = self._case.page
        at = page.index(claim.span.start)
        before, own = page.text[max(0, at - 8) : at], clause(page, claim)
        item = ENUMERATED.split(own[: own.find(page.text[at : at + 2])].rsplit("、", 1)[-1])[-1]
        bracketed = _YEAR_BRACKET.search(before)
        if bracketed and int(bracketed[1]) != self._case.document.metadata.year:
            return "other_year"
        told = self._words["last_year"] + ([] if "转" in item else self._words["year_before"])
        if concept != "requests_carried_in" and any(w in item for w in told):
            return "other_year"
        if claim.kind == "zero" and page.text.startswith("后", page.index(claim.span.end)):
            return "claim_unsure"  # 未收到行政复议|后起诉: what follows may be of another kind
        if any(w in own for w in (*words("scopes", "helps"), *self._words["helps"])) or _WITHIN.search(own):
            return "other_body"
        alike = (b.scope == "other_org" and b.concepts == claim.concepts for b in self._in_one_list(claim))
        if any(alike) and not any(w in own for w in self._words["own_level"]):
            return "other_body"
        bodies = [b for b in _BODY.findall(item) if not _ITSELF.search(b)]
        return "other_body" if any(self._is_another(b) for b in bodies) else None

    def _in_one_list(self, claim: Claim) -> list[Claim]:
        """The claims that stand close before or behind this one, with no stop between."""
        page, out = self._case.page, []
        for other in self._case.of_sentence(claim):
            one, two = sorted((claim.span, other.span), key=lambda s: s.start)
            between = page.between(one.end, two.start) if other.id != claim.id else ""
            if "其中" not in between and _LISTED.fullmatch(between):
                out.append(other)
        return out

    def _is_another(self, body: str) -> bool:
        """Is this none of the issuer's names? Where no issuer is printed, the report's own body is named again."""
        issuer = simplify(self._case.document.metadata.issuer or "")
        if _OFFICE.fullmatch(body) and (not issuer or "政府" in issuer):
            return False
        return body[-4:] not in issuer if issuer else self._case.page.text.count(body[-6:]) < 2

    def _scope(self, claim: Claim, concept: str, sentence: str, own: str) -> str | None:
        year, case_page = self._case.document.metadata.year, self._case.page
        surface = claim.span.of(self._case.document.text)
        head, found, tail = own.partition(surface)
        named = {int(y) for y in _YEAR.findall(head + found + tail.split("、", 1)[0])}
        fitting = {year, year - 1} if year and concept == "requests_carried_in" else {year}
        if year is not None and named and not named & fitting and not concept.startswith("carried_out"):
            return "other_year"
        if any(w in own for w in self._words["part_year"]) or _PART_YEAR.search(own):
            return "part_year"
        if counts_since(sentence, year):
            return "since"
        if self._other_width(sentence, own):
            return "wider"
        if concept.startswith("review") and self._decides_itself(claim):
            return "authority"
        if concept.startswith(("litigation", "direct", "after_review")) and any(
            w in case_page.near(claim.sentence, claim.span) for w in self._words["co_defendant"]
        ):
            return "co_defendant"
        return None

    def _other_width(self, sentence: str, own: str) -> bool:
        """A wider area in the report of one body; in that of a whole area, its own office told beside the area."""
        area = any(w in own for w in self._words["wider"])
        level = any(w in own for w in (*self._words["own_level"], "政府机关"))
        if not consolidated(self._case.document.metadata.issuer):
            return area
        both = any(w in sentence for w in self._words["wider"])
        return (area and any(w in sentence for w in self._words["own_level"])) or (level and both)

    def _decides_itself(self, claim: Claim) -> bool:
        """Does the clause speak of cases that the body decides on, not of those against it?"""
        own = clause(self._case.page, claim)
        authority = self._words["as_authority"]
        return any(w in own for w in authority["words"]) and not any(w in own for w in authority["unless"])

    def _meaning(self, claim: Claim, concept: str, figure: Figure, sentence: str, own: str) -> str | None:
        if claim.kind == "zero":
            return None
        if concept.startswith("requests_new") and self._is_part(claim, own):
            return "wording"
        if concept.startswith("denied") and _ATTRIBUTE.search(sentence):
            return "attribute"
        if concept in _DECISIONS and any(w in sentence for w in self._words["power_items"]):
            return "wording"
        if self._counts_publications(concept, own):
            made = concept.endswith("_made") and any(w in own for w in words("doubts", "making"))
            if not made and not any(w in own for w in words("doubts", "decision")):
                return "published"
        if concept.endswith("_valid"):
            return self._stock(claim, concept, figure, sentence)
        exact = self._words["exact"].get(concept)
        return None if exact is None or any(w in sentence for w in exact) else "wording"

    def _is_part(self, claim: Claim, own: str) -> bool:
        """Only the applications of one way of applying, or those that were paid for?"""
        behind = own.partition(claim.span.of(self._case.document.text))[2]
        one_way = any(w in own for w in self._words["one_way"]) and not any(w in own for w in self._words["both_ways"])
        return one_way or any(w in behind for w in self._words["paid"])

    def _counts_publications(self, concept: str, own: str) -> bool:
        if concept not in self._words["published_concepts"] or not any(w in own for w in self._words["publication"]):
            return False
        return not (concept.endswith("_valid") and any(w in own for w in self._words["exact"][concept]))

    def _stock(self, claim: Claim, concept: str, figure: Figure, sentence: str) -> str | None:
        form = self._case.form
        if form is not None and form.id == "2019":
            return "form_2019"
        made = self._case.figures.read(f"t2.{concept.split('_')[0]}.made").value
        if made and figure.value is not None and abs((claim.value or 0) + made - figure.value) < 1e-6:
            return "stock"
        return None if any(w in sentence for w in self._words["exact"][concept]) else "wording"

    def _told_otherwise(self, claim: Claim, concept: str, figure: Figure) -> str | None:
        """One of two claims of the same quantity agrees: the other is wrong, or about something else."""
        if claim.sure_of(concept) >= _VERY_SURE:
            return None
        for other in self._case.document.claims:
            same = other.id != claim.id and concept in other.concepts and other.scope == "own"
            if same and other.value == figure.value and other.kind == claim.kind:
                return "told_otherwise"
        return None

    def _rules(self, claim: Claim, concept: str) -> str | None:
        if claim.sure_of(concept) >= _VERY_SURE:
            return None
        view = opinion(self._case.page, claim)
        return "rules" if concept in view.forbidden else None
