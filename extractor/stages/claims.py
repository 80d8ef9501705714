"""Claims: the quantities that the token classifier marked in prose, trimmed to the number, parsed and checked.

The classifier decides where a claim is and what it is about. What can be read off the characters is read here: the
number's exact span and value, its measure word, an approximation. A guard rejects dates, document numbers, phone
numbers and their like; a number that does not parse is left out. Both are said in a notice, never passed over.
"""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import zip_longest
from typing import Any, cast

from extractor.checks.wording import ITEM_STOP, Page, approximation, find_number, page, unit_after
from extractor.document import Claim, ClaimKind, Document, Message, Notice, Prose, Span
from extractor.lexicon import lexicon, words
from extractor.numerals import parse_number
from models.claims.spans import TagSpan

_KINDS = ("count", "zero", "ratio", "delta", "money")
_SENTENCE_END = re.compile(r"[。！？!?](?:[”’」』\"）)])?|\n[ \t]*\n\s*")
_BLANK = " \t\r\n,，;；。、:："
_SURE_CONCEPT = 0.5
IN_WORDS = 0.7  # the confidence of a number that only its words tell
_CLAUSE = re.compile(r"[,，。；;]")
_NUMERAL = "[一两二三四五六七八九十]{1,3}"
_REQUESTS_IN_WORDS = re.compile(
    rf"(?:收到|接到|受理|新收)了?共?(?P<one>{_NUMERAL})[件份条宗][^，,。；;\n0-9]{{0,8}}申请"
    rf"|(?:收到|接到|受理|新收)[^，,。；;\n0-9]{{0,10}}申请共?(?P<two>{_NUMERAL})[件份条宗]"
)
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[,，][0-9]{3})+")
_NAME = re.compile(r"(?:^|[^A-Za-z])(?:[A-Za-z]|[A-Za-z]*[a-z])$")  # H5, IPv6; but APP 178 is a count


@dataclass(frozen=True, slots=True)
class _Amount:
    """A number on the page: its place there, value and measure word."""

    start: int
    end: int
    value: float
    unit: str
    approx: str | None


class ClaimStage:
    """Makes ``claims`` in text order, and notices for what was marked and is none."""

    name = "claims"
    needs = ("prose", "tables")
    makes = ("claims",)

    def __call__(self, document: Document) -> Document:
        paper = page(document.text)
        taken = _table_bodies(document)
        claims: list[Claim] = []
        notices: list[Notice] = []
        for prose in document.prose:
            ends = _sentence_ends(paper, prose.span)
            tagged = [*_whole_numbers(paper, prose.tagged), *_in_words(paper, prose)]
            edges = Counter(x for t in tagged for x in {t.start, t.end})
            for tag in tagged:
                alone = edges[tag.start] < 2 and edges[tag.end] < 2
                if tag.kind not in _KINDS or any(a < tag.end and tag.start < b for a, b in taken):
                    continue
                made = _claim(paper, tag, prose.span, ends, alone)
                (claims if isinstance(made, Claim) else notices).append(made)  # type: ignore[arg-type]
        told = _told_in_digits(paper, list(_without_overlaps(claims)))
        kept = tuple(replace(c, id=f"c{i}") for i, c in enumerate(told, 1))
        return document.having(claims=kept, notices=(*document.notices, *notices))


def _table_bodies(document: Document) -> list[tuple[int, int]]:
    """Where the cells of the tables stand: prose before a table, in the same section, is outside."""
    out: list[tuple[int, int]] = []
    for table in document.tables:
        spans = [c.span for c in table.cells if c.span] + [i.span for i in table.indicators]
        if spans:
            out.append((max(table.span.start, min(s.start for s in spans)), max(s.end for s in spans)))
    return out


def _whole_numbers(paper: Page, tagged: Iterable[TagSpan]) -> Iterator[TagSpan]:
    """The marked spans; the two halves of a number with a thousands separator (14,960) as one."""
    last: TagSpan | None = None
    for tag in tagged:
        if last is not None and last.kind == tag.kind and tag.start - last.end < 4:
            a, b = paper.index(last.start), paper.index(tag.end)
            if _THOUSANDS.fullmatch(paper.text, a, b):
                surer = max(last, tag, key=lambda t: max((s for _, s in t.concepts), default=0.0))
                last = replace(surer, start=last.start, end=tag.end, score=min(last.score, tag.score))
                continue
        if last is not None:
            yield last
        last = tag
    if last is not None:
        yield last


def _in_words(paper: Page, prose: Prose) -> Iterator[TagSpan]:
    """Applications counted in words (收到一件申请) where the classifier marked nothing."""
    a, b = paper.index(prose.span.start), paper.index(prose.span.end)
    for found in _REQUESTS_IN_WORDS.finditer(paper.text, a, b):
        group = "one" if found["one"] else "two"
        span = paper.span(*found.span(group))
        if not any(t.start < span.end and span.start < t.end for t in prose.tagged):
            yield TagSpan(span.start, span.end, "count", IN_WORDS, False, "own", (("requests_new", IN_WORDS),))


def _sentence_ends(paper: Page, span: Span) -> list[int]:
    """Places of the text given at which a sentence of this stretch ends, the stretch's own end last."""
    a, b = paper.index(span.start), paper.index(span.end)
    found = [paper.span(m.start(), m.end()).end for m in _SENTENCE_END.finditer(paper.text, a, b)]
    return [*(e for e in found if e < span.end), span.end]


def _sentence(span: Span, prose: Span, ends: list[int]) -> Span:
    i = bisect.bisect_left(ends, span.end)
    j = bisect.bisect_right(ends, span.start) - 1
    return Span(ends[j] if j >= 0 else prose.start, ends[min(i, len(ends) - 1)])


def _claim(paper: Page, tag: TagSpan, prose: Span, ends: list[int], alone: bool) -> Claim | Notice:
    concepts = tuple(c for c, score in tag.concepts if score >= _SURE_CONCEPT)
    sure = min([tag.score, *(score for c, score in tag.concepts if c in concepts)])
    scores = tuple((c, min(tag.score, score)) for c, score in tag.concepts)
    why = f"tagger {tag.score:.2f}" + "".join(f", {c} {s:.2f}" for c, s in tag.concepts)
    if tag.kind == "zero":
        span = _trim(paper, tag)
        nothing = _counts_nothing(paper, span)
        if nothing is not None:
            return _rejected(paper, span, nothing)
        sentence = _sentence(span, prose, ends)
        return Claim("", "zero", span, 0.0, "", False, tag.scope, concepts, (), sure, sentence, why, scores)
    amount = _amount(paper, tag, alone)
    if amount is None:
        return _left_out(paper, tag)
    rule = None if tag.kind in ("ratio", "delta") else lookalike(paper.text, amount.start, amount.end, amount.unit)
    if rule is not None:
        return _rejected(paper, paper.span(amount.start, amount.end), rule)
    span = paper.span(amount.start, amount.end)
    kind = _kind(tag.kind, amount.unit)
    value = (
        -amount.value if kind == "delta" and "licensing_delta" in concepts and _falls(paper, amount) else amount.value
    )
    approx = tag.approx or amount.approx is not None
    sentence = _sentence(span, prose, ends)
    return Claim("", kind, span, value, amount.unit, approx, tag.scope, concepts, (), sure, sentence, why, scores)


def _trim(paper: Page, tag: TagSpan) -> Span:
    a, b = paper.index(tag.start), paper.index(tag.end)
    while a < b and paper.text[a] in _BLANK:
        a += 1
    while b > a and paper.text[b - 1] in _BLANK:
        b -= 1
    return paper.span(a, b) if a < b else Span(tag.start, tag.end)


def _amount(paper: Page, tag: TagSpan, alone: bool) -> _Amount | None:
    place = find_number(paper.text, paper.index(tag.start), paper.index(tag.end), alone)
    if place is None:
        return None
    start, end = place
    parsed = parse_number(paper.text[start:end])
    if parsed is None:
        return None
    unit, _ = unit_after(paper.text, end)
    if not unit and paper.text[max(0, start - 3) : start] == "百分之":
        unit = "%"
    return _Amount(start, end, float(parsed.value), unit, approximation(paper.text, start, end))


def _kind(kind: str, unit: str) -> ClaimKind:
    """The classifier's kind, but for what the measure word leaves no doubt about."""
    if kind in ("count", "ratio") and unit == "个百分点":
        return "delta"
    if kind == "count" and unit in ("%", "‰"):
        return "ratio"
    if kind == "count" and unit in words("amounts", "money"):
        return "money"
    if kind == "money" and unit and unit not in words("amounts", "money"):
        return "count"
    return cast(ClaimKind, kind)


def _falls(paper: Page, amount: _Amount) -> bool:
    head = paper.text[max(0, amount.start - 4) : amount.start].rstrip(" 了\n")
    return head.endswith(words("amounts", "decrease"))


def _without_overlaps(claims: list[Claim]) -> Iterator[Claim]:
    """The claims in text order; of two at one place, the one that the classifier is surer of."""
    starts: list[int] = []  # of the spans that are taken, which stand in the same order
    taken: list[Span] = []
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda c: (-c.confidence, c.span.start, c.span.end)):
        at = bisect.bisect_left(starts, claim.span.start)
        if not any(claim.span.overlaps(s) for s in taken[max(0, at - 1) : at + 1]):
            starts.insert(at, claim.span.start)
            taken.insert(at, claim.span)
            kept.append(claim)
    return iter(sorted(kept, key=lambda c: (c.span.start, c.span.end)))


def _told_in_digits(paper: Page, claims: list[Claim]) -> Iterator[Claim]:
    """The claims without statements of none whose own clause goes on to the digit: 未收到申请 0 件 is told once."""
    for claim, following in zip_longest(claims, claims[1:]):
        digit = following if claim.kind == "zero" and following and following.kind == "count" else None
        if digit is None or digit.value or ITEM_STOP.search(paper.between(claim.span.end, digit.span.start)):
            yield claim


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule of ``lexicon/lookalikes.yaml``, made ready for the many numbers of a report."""

    facts: dict[str, Any]
    unitless: bool
    number: re.Pattern[str] | None
    before: tuple[str, ...]
    colon: bool
    after: tuple[str, ...]

    def holds(self, number: str, head: str, bare: str, tail: str, unit: str) -> bool:
        return not (
            (self.unitless and unit)
            or (self.after and not tail.startswith(self.after))
            or (self.before and not (bare.endswith(self.before) and (not self.colon or bare != head)))
            or (self.number and not self.number.fullmatch(number))
        )


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            rule,
            bool(rule.get("unitless")),
            re.compile(rule["number"]) if "number" in rule else None,
            tuple(rule.get("before", ())),
            bool(rule.get("colon")),
            tuple(rule.get("after", ())),
        )
        for rule in lexicon("lookalikes")["rules"]
    )


def lookalike(text: str, start: int, end: int, unit: str) -> dict[str, Any] | None:
    """The rule by which the number at ``[start, end)`` is a date, a document number … and no claim; else None."""
    number = text[start:end]
    head = text[max(0, start - 10) : start].rstrip(" ")
    tail = text[end : end + 8].lstrip(" ")
    bare = head.rstrip(":：")
    for rule in _rules():
        if rule.holds(number, head, bare, tail, unit):
            return rule.facts
    return _by_neighbours(head, tail, unit, len(number))


def _by_neighbours(head: str, tail: str, unit: str, size: int) -> dict[str, Any] | None:
    """Numbers that hang on other characters: 0511-8123, 8+4, 5·15, IPv6, A3/0012, list numerals."""
    before, after = head[-1:], tail[:1]
    if (before in ("-", "－", "—", "/", "+", "·") and head[-2:-1].isdigit()) or (
        after in ("-", "－", "/", "+", "·") and tail[1:2].isdigit()
    ):
        return {"id": "joined", "zh": "号码或名称的一部分", "en": "part of a code or a name"}
    if not unit and size < 3 and _NAME.search(head):
        return {"id": "joined", "zh": "号码或名称的一部分", "en": "part of a code or a name"}
    if not unit and head[-1:] in ("", "\n") and after in ("", "\n"):
        return {"id": "page_number", "zh": "独占一行的数字（页码）", "en": "alone on its line, as a page number is"}
    if not unit and before in ("", "\n", "。", "；", ";", "（", "(") and after in (".", "、", "．", "）", ")"):
        return {"id": "numeral", "zh": "列表序号", "en": "the numeral of a list"}
    return None


def _counts_nothing(paper: Page, span: Span) -> dict[str, Any] | None:
    """The rule by which a statement of none counts nothing: no power (无规章制定权), no accident."""
    a, b = paper.index(span.start), paper.index(span.end)
    if b - a == 1 and paper.text[a] in "未没不":
        fragment: dict[str, Any] = lexicon("lookalikes")["fragments"]
        return fragment
    said = _CLAUSE.split(paper.text[a : b + 16].replace("\n", ""))[0] if b - a < 16 else paper.text[a : b + 8]
    for rule in lexicon("lookalikes")["powers"]:
        barred = any(w in said for w in rule.get("unless", ()))
        if said.startswith(tuple(rule["heads"])) and any(w in said for w in rule["words"]) and not barred:
            found: dict[str, Any] = rule
            return found
    return None


def _rejected(paper: Page, span: Span, rule: dict[str, Any]) -> Notice:
    number = paper.between(span.start, span.end)
    return Notice(
        "not_a_claim",
        Message(
            f"“{number}”是{rule['zh']}，不作为数量陈述。",
            f"{number!r} is {rule['en']} (rule {rule['id']}); it is taken for no claim.",
        ),
        span,
    )


def _left_out(paper: Page, tag: TagSpan) -> Notice:
    surface = paper.between(tag.start, tag.end)[:20]
    return Notice(
        "claim_without_number",
        Message(
            f"“{surface}”处未能读出数值，未列为数量陈述。", f"No number could be read in {surface!r}; it is no claim."
        ),
        Span(tag.start, tag.end),
    )
