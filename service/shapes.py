"""What the service answers: documents, findings, reviews, cells, claims, annotations, jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from extractor import result
from extractor.document import Cause

T = TypeVar("T")
Number = int | float
LOCAL = "local"
DocumentStatus = Literal["open", "reviewed", "agrees", "not_a_report"]
Decision = Literal["confirmed", "dismissed", "corrected", "open"]
JobKind = Literal["import", "reextract", "export", "train", "judge"]
JobStatus = Literal["receiving", "queued", "running", "cancelling", "done", "failed", "cancelled"]
Role = Literal["read", "review", "admin"]


class Shape(BaseModel):
    """Nulls are answered as nulls: they say that something is not there."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Page(Shape, Generic[T]):
    """Some items. ``next`` is given back as ``cursor`` to get those that follow; null at the end."""

    items: list[T]
    next: str | None = None


class Counts(Shape):
    """How the checks of a report came out; ``open`` are the mismatches that nobody has decided on."""

    match: int
    mismatch: int
    unverifiable: int
    open: int


class Extraction(Shape):
    """One reading of a document: the versions that made it, and when. ``current`` is the one that counts."""

    layout: str
    claims: str
    schema_version: str
    software: str
    created_at: datetime
    current: bool


class Document(Shape):
    """A stored report. ``status``: open (a mismatch waits for a decision), reviewed, agrees, or not_a_report."""

    id: str
    name: str = Field(description="What the sender called it.")
    sha256: str = Field(description="Of the text's UTF-8 form.")
    encoding: str
    characters: int
    created_at: datetime
    title: str | None
    issuer: str | None
    year: int | None
    format: str | None
    published: str | None
    status: DocumentStatus
    findings: Counts


class Review(Shape):
    """A decision on a finding. ``withdrawn_at`` tells that it was undone: the one before it counts again."""

    decision: Decision
    note: str
    author: str
    created_at: datetime
    withdrawn_at: datetime | None
    status: str = Field(description="The finding's status when it was reviewed.")
    expected: Number | None
    found: Number | None


class Finding(Shape):
    """A check of a stored report, with the review that counts. The id outlasts re-extraction and new models."""

    id: str
    document_id: str
    issuer: str | None
    year: int | None
    local_id: str = Field(description="Its name (f1) in the extraction.")
    kind: str
    status: Literal["match", "mismatch", "unverifiable"]
    severity: Literal["error", "warning", "info"]
    message: str
    message_en: str
    claim: str | None = Field(description="The claim's name (c1) in the extraction.")
    claim_id: str | None
    cells: list[str]
    expected: Number | None
    found: Number | None
    evidence: list[result.Place]
    why: str
    confidence: float = Field(description="Chance that the verdict is right.")
    cause: Cause | None = Field(description="Whose it is: report, reading, damage, scope, gap; null for a match.")
    decision: Decision
    review: Review | None
    changed_since_review: bool = Field(
        description="Status, expected or found is another than when it was reviewed, as after a new model."
    )


class Annotation(Shape):
    """A correction beside what was read. ``corrected`` has the fields of the annotation format of training_data."""

    kind: Literal["cell", "claim"]
    target: str
    original: dict[str, Any]
    corrected: dict[str, Any]
    note: str
    author: str
    created_at: datetime
    withdrawn_at: datetime | None


class StoredCell(Shape):
    """``value`` is the corrected value where there is a correction, ``value_read`` what was read."""

    id: str
    table: str
    value: Number | None
    value_read: Number | None
    raw: str
    start: int | None
    end: int | None
    status: str
    confidence: float
    correction: Annotation | None


class StoredClaim(Shape):
    """``claim`` is what was read; ``correction`` says what is right, or that it is no claim at all."""

    id: str
    claim: result.Claim
    correction: Annotation | None


class FailedItem(Shape):
    """A report of a bulk job that was not stored. ``line`` counts from 1."""

    line: int
    name: str
    code: str


class Job(Shape):
    """Long work. ``done`` of ``total`` are through, ``failed`` of them in vain; total is null while it is counted."""

    id: str
    kind: JobKind
    status: JobStatus
    total: int | None
    done: int
    failed: int
    error: str | None
    params: dict[str, Any]
    result: str | None = Field(description="Where the file it made can be fetched, once it is done.")
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class Caller(Shape):
    """Who asks, as far as the service knows."""

    name: str
    role: Role
    keys_required: bool

    def signs(self, author: str) -> str:
        """Whom a decision is put down to: a key's name is always there, whatever the author says."""
        if self.name == LOCAL:
            return author or LOCAL
        return f"{author} ({self.name})" if author else self.name


class FindingCount(Shape):
    """How many findings of a year and kind have a status and a decision."""

    year: int | None
    kind: str
    status: str
    decision: str
    count: int


class Statistics(Shape):
    """Stored reports by status, and what does not agree or could not be checked, by year and kind."""

    documents: dict[str, int]
    findings: list[FindingCount]


class FormLabel(Shape):
    """A row, column or group: the words the law gives it, and English ones; ``group`` is that of a row."""

    id: str
    text: str
    en: str
    group: str | None


class FormBlock(Shape):
    """One part of table 2: an article of the regulation, its rows and columns."""

    article: str
    rows: list[FormLabel]
    columns: list[FormLabel]


class FormTable(Shape):
    """A statutory table. Cells are ``table.row.column``; table 2 has blocks, table 4 has groups in place of rows.

    ``single_rows`` are rows that stand for a whole group where a report prints it as one. ``words`` are other printed
    words: the note under table 3, heads that span columns.
    """

    id: str
    rows: list[FormLabel]
    single_rows: list[FormLabel]
    columns: list[FormLabel]
    groups: list[FormLabel]
    blocks: list[FormBlock]
    words: dict[str, str]


class FormIdentity(Shape):
    """A sum that the form demands: the cells on the left make those on the right."""

    rule: str
    left: list[str]
    right: list[str]
    zh: str
    en: str


class FormMetric(Shape):
    """A quantity that prose can claim. ``expression`` is what a claim's ``metrics`` hold."""

    concept: str
    expression: str
    zh: str
    en: str


class Form(Shape):
    """A statutory form."""

    id: str
    tables: list[FormTable]
    identities: list[FormIdentity]
    metrics: list[FormMetric]
