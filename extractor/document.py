"""The report as layers over a text that never changes. Every layer is frozen and points at characters of the text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from models.claims.spans import TagSpan

CellStatus = Literal["read", "blank", "unread", "placed"]
ClaimKind = Literal["count", "zero", "ratio", "delta", "money"]
Scope = Literal["own", "other_org", "other_year"]
FindingStatus = Literal["match", "mismatch", "unverifiable"]
Severity = Literal["error", "warning", "info"]
Cause = Literal["report", "reading", "damage", "scope", "gap"]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points of the text as it was given."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Block:
    """A typed rectangle of the character grid: (column, line) is its upper left corner, width in characters."""

    span: Span
    line: int
    column: int
    type: str
    score: float


@dataclass(frozen=True, slots=True)
class Heading:
    """``text`` is the heading as printed, ``title`` without its numbering; ``why`` names the rule or model."""

    span: Span
    level: int
    ordinal: str
    title: str
    kind: str | None
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Section:
    span: Span
    level: int
    ordinal: str
    title: str
    kind: str | None
    heading: Heading | None
    children: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """``span`` is None for a cell with no place in the text; ``why`` says how it was read, or why it was not."""

    id: str
    value: float | None
    raw: str
    span: Span | None
    status: CellStatus
    confidence: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    name: str
    unit: str
    value: float | None
    span: Span
    cumulative: float | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Cells that the text leaves open together: each of ``readings`` has one value for each of ``cells``.

    The sums of the table allow every reading; the cells on which they differ are ``unread``. No more than a few of many
    are listed, the likelier first.
    """

    cells: tuple[str, ...]
    readings: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    id: str
    schema: str
    span: Span
    cells: tuple[Cell, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    alternatives: tuple[Alternative, ...] = ()

    def cell(self, cell_id: str) -> Cell | None:
        return next((c for c in self.cells if c.id == cell_id), None)


@dataclass(frozen=True, slots=True)
class Claim:
    """``concepts`` are what the tagger says the claim is about; ``metrics`` the cells they mean in this form.

    ``scores``: how sure the tagger is of each concept that it named (0..1); ``confidence`` is the least of those kept.
    """

    id: str
    kind: ClaimKind
    span: Span
    value: float | None
    unit: str
    approx: bool
    scope: Scope
    concepts: tuple[str, ...]
    metrics: tuple[str, ...]
    confidence: float
    sentence: Span
    why: str = ""
    scores: tuple[tuple[str, float], ...] = ()

    def sure_of(self, concept: str) -> float:
        """How sure it is that the claim is about this concept; the claim's confidence where nothing else is known."""
        return next((score for name, score in self.scores if name == concept), self.confidence)


@dataclass(frozen=True, slots=True)
class Message:
    """What is said to a person, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A check and how it came out. ``confidence``: the chance that the verdict is right (of ``unverifiable``: that it
    hides no error of the report); 0 before the confidence stage.

    ``cause`` tells where a difference or a doubt comes from, None for a match: ``report`` (it contradicts itself),
    ``reading`` (we may have misread), ``damage`` (characters of the text were lost), ``scope`` (the words may count
    something else), ``gap`` (there is nothing to compare with).
    """

    id: str
    kind: str
    status: FindingStatus
    severity: Severity
    message: Message
    claim: str | None
    cells: tuple[str, ...]
    expected: float | None
    found: float | None
    evidence: tuple[Span, ...]
    why: str = ""
    confidence: float = 0.0
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning about the input: a code, a message, a place where there is one."""

    code: str
    message: Message
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    title: str | None = None
    issuer: str | None = None
    year: int | None = None
    format: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Prose:
    """A stretch of narrative (or of glue) that the token classifier read, and what it marked there."""

    span: Span
    tagged: tuple[TagSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One report. A stage returns a copy with one more layer (``document.having(...)``).

    ``labels`` are the places of table labels: a row such as 四、结转下年度继续办理 is never a heading.
    """

    text: str
    id: str = ""
    blocks: tuple[Block, ...] = ()
    prose: tuple[Prose, ...] = ()
    headings: tuple[Heading, ...] = ()
    sections: tuple[Section, ...] = ()
    metadata: Metadata = Metadata()
    tables: tuple[Table, ...] = ()
    labels: tuple[Span, ...] = ()
    claims: tuple[Claim, ...] = ()
    findings: tuple[Finding, ...] = ()
    notices: tuple[Notice, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()

    def having(self, **layers: Any) -> Document:
        """A copy with these layers in place of the old ones."""
        return replace(self, **layers)

    def table(self, table_id: str) -> Table | None:
        return next((t for t in self.tables if t.id == table_id), None)

    def cell(self, cell_id: str) -> Cell | None:
        table = self.table(cell_id.split(".", 1)[0])
        return table.cell(cell_id) if table else None
