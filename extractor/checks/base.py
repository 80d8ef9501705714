"""What a check is: one small class with its sentences in Chinese and English, yielding findings without ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import ClassVar, Protocol

from extractor.checks.breakdowns import Breakdown, find_breakdowns
from extractor.checks.figures import Figures
from extractor.checks.wording import Page, page, quote
from extractor.document import Claim, Document, Finding, FindingStatus, Message, Severity, Span
from models.form import Form, Label, TableForm, load_form

SURE_CLAIM = 0.9  # below, claims that differ from the tables are wrong about as often as the tables
SURE_OF_SEVERAL = 0.95  # of each concept of a claim on several quantities: a second one is more often wrong
SURE_CELL = 0.8
_ZH_TABLES = {"t2": "表二", "t3": "表三", "t4": "表四"}


class Case:
    """One report under examination: what every check looks at."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.figures = Figures(document)

    @property
    def form(self) -> Form | None:
        return self.figures.form

    @cached_property
    def page(self) -> Page:
        return page(self.document.text)

    @cached_property
    def breakdowns(self) -> tuple[Breakdown, ...]:
        return find_breakdowns(self.document, self.page)

    @cached_property
    def _sentences(self) -> dict[Span, list[Claim]]:
        out: dict[Span, list[Claim]] = {}
        for claim in self.document.claims:
            out.setdefault(claim.sentence, []).append(claim)
        return out

    def of_sentence(self, claim: Claim) -> Sequence[Claim]:
        """The claims of the sentence that this one stands in, itself included."""
        return self._sentences[claim.sentence]

    def quote(self, claim: Claim) -> Message:
        """The claim in the report's own words."""
        words = quote(self.page, claim)
        return Message(f"“{words}”", f"“{words}”")

    def place(self, cell_id: str) -> Message:
        """A cell by table, row and column."""
        named = _places(self.form.id).get(cell_id) if self.form else None
        return named or Message(cell_id, cell_id)

    def places(self, ids: Sequence[str], most: int = 3) -> Message:
        """Several cells; more than ``most`` are counted only."""
        named = [self.place(i) for i in ids[:most]]
        more = len(ids) - len(named)
        zh = "、".join(m.zh for m in named) + (f"等{len(ids)}格" if more else "")
        return Message(zh, " + ".join(m.en for m in named) + (f" and {more} more cells" if more else ""))


@cache
def _places(form_id: str) -> dict[str, Message]:
    """Every cell of a form, and of the rows that stand for several, in words."""
    out: dict[str, Message] = {}
    for table in load_form(form_id).tables.values():
        for columns, rows in _blocks(table):
            for row in rows:
                name = row.text.split("（区分")[0]
                for column in columns:
                    zh = f"{_ZH_TABLES[table.id]}“{name}·{column.text}”"
                    en = f"table {table.id[1:]}, {row.id.replace('_', ' ')}, {column.id.replace('_', ' ')}"
                    out[f"{table.id}.{row.id}.{column.id}"] = Message(zh, en)
    return out


def _blocks(table: TableForm) -> Iterator[tuple[tuple[Label, ...], tuple[Label, ...]]]:
    yield table.columns, (*table.single_rows, *table.rows, *table.groups)
    for block in table.blocks:
        yield block.columns, block.rows


class Check(Protocol):
    """A rule that a report must keep."""

    kind: ClassVar[str]
    sentences: ClassVar[dict[str, Message]]

    def __call__(self, case: Case) -> Iterator[Finding]: ...


def number(value: float | None) -> str:
    """A number as it is printed: no decimals where there are none."""
    if value is None:
        return "—"
    return str(int(value)) if float(value).is_integer() else f"{value:.6f}".rstrip("0").rstrip(".")


def say(sentence: Message, **facts: Message | str | float | None) -> Message:
    """A sentence filled in, in both languages."""
    zh = {k: v.zh if isinstance(v, Message) else v if isinstance(v, str) else number(v) for k, v in facts.items()}
    en = {k: v.en if isinstance(v, Message) else v if isinstance(v, str) else number(v) for k, v in facts.items()}
    return Message(sentence.zh.format(**zh), sentence.en.format(**en))


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a comparison came out: ``sentence`` names the check's message, ``why`` the rule."""

    status: FindingStatus
    sentence: str
    why: str
    severity: Severity = "info"


def finding(
    kind: str,
    verdict: Verdict,
    message: Message,
    *,
    claim: str | None = None,
    cells: Sequence[str] = (),
    expected: float | None = None,
    found: float | None = None,
    evidence: Iterable[Span] = (),
) -> Finding:
    """A finding without id; the reconcile stage numbers them."""
    places = tuple(sorted(set(evidence), key=lambda s: (s.start, s.end)))
    return Finding(
        "", kind, verdict.status, verdict.severity, message, claim, tuple(cells), expected, found, places, verdict.why
    )


def terms(claims: Sequence[Claim]) -> str:
    """The parts as figures: 134+269."""
    return "+".join(number(c.value) for c in claims)
