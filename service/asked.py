"""What requests may ask: the fields of changes, and the parameters of lists."""

from __future__ import annotations

import re
from typing import Annotated, Literal, get_args

from fastapi import Depends, Header, Path, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from extractor import document
from models.annotations.formats import Format as AnnotationFormat
from models.annotations.reconcile import Prefer
from models.annotations.record import Layer
from models.registry import Task
from service.exports.columns import What
from service.exports.writers import Format
from service.shapes import Decision, DocumentStatus
from service.store.documents import DocumentFilter
from service.store.findings import FindingFilter

_NO_TEXT = re.compile("[\0\ud800-\udfff]")
# No database takes a NUL in text.
_PLAIN = r"^[^\x00]*$"
_NAME = r"^[A-Za-z0-9._*+-]+$"


def _mended(text: object) -> object:
    return _NO_TEXT.sub("\ufffd", text) if isinstance(text, str) else text


Text = Annotated[str, BeforeValidator(_mended)]
Figure = Annotated[int | float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]

Cursor = Annotated[str | None, Query(max_length=40, pattern=_PLAIN, description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=200, description="Items a page.")]
Year = Annotated[int | None, Query(ge=1900, le=2200)]
Issuer = Annotated[str | None, Query(max_length=200, pattern=_PLAIN, description="Part of the issuer's name.")]
Search = Annotated[
    str | None,
    Query(max_length=200, pattern=_PLAIN, description="Part of the text; below three characters, of title or issuer."),
]
Version = Annotated[str | None, Query(max_length=100, pattern=_PLAIN, description="Version of this model.")]
Id = Annotated[str, Path(max_length=80, pattern=_NAME)]
Once = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="A value of your own for this request: sent again within a day, it is answered as before.",
    ),
]

TheFormat = Annotated[
    AnnotationFormat | None, Query(description="What the annotations are written in; by their content if not given.")
]
KeepGood = Annotated[bool, Query(description="Take those that are right, though others are refused.")]
Predictions = Annotated[bool, Query(description="Label Studio: take a model's answers where nobody has annotated.")]
Preferred = Annotated[Prefer | None, Query(description="Whose word counts where two annotations of a text differ.")]

Status = Literal["match", "mismatch", "unverifiable"]
Severity = Literal["error", "warning", "info"]
Kind = Annotated[str | None, Query(max_length=40, pattern=r"^[a-z_]+$", description="claim_vs_table, ratio, …")]


def _of_findings(
    status: Status | None = None,
    year: Year = None,
    kind: Kind = None,
    severity: Severity | None = None,
    decision: Decision | None = None,
    issuer: Issuer = None,
) -> FindingFilter:
    return FindingFilter(status, year, kind, severity, decision, issuer)


def _of_documents(
    issuer: Issuer = None, year: Year = None, status: DocumentStatus | None = None, q: Search = None
) -> DocumentFilter:
    return DocumentFilter(issuer, year, status, q)


# The parameters by which lists and exports are narrowed, the same for both.
WantedFindings = Annotated[FindingFilter, Depends(_of_findings)]
WantedDocuments = Annotated[DocumentFilter, Depends(_of_documents)]


class Change(BaseModel):
    """What every change says."""

    model_config = ConfigDict(extra="forbid")

    note: Text = Field(default="", max_length=4000)
    author: Text = Field(default="", max_length=100, description="Who decides; the API key's name is added.")


class ReviewRequest(Change):
    """A decision on a finding; ``open`` takes the finding up again."""

    decision: Decision


class CellCorrection(Change):
    """What the cell holds; null where the report prints nothing."""

    value: Figure | None


class ClaimCorrection(Change):
    """The fields that were read wrongly, or ``is_claim`` false where it is none."""

    is_claim: bool = True
    value: Figure | None = None
    unit: Text | None = Field(default=None, max_length=20)
    kind: document.ClaimKind | None = None
    approx: bool | None = None
    scope: document.Scope | None = None
    metrics: list[Annotated[str, Field(max_length=400, pattern=_NAME)]] | None = Field(default=None, max_length=50)


_OF_ALL = ("issuer", "year", "document")
_OF_DOCUMENTS = {*_OF_ALL, "status", "q"}
_FILTERS = {
    "findings": {*_OF_ALL, "status", "finding_kind", "severity", "decision"},
    "cells": _OF_DOCUMENTS,
    "tables": _OF_DOCUMENTS,
    "annotations": set(_OF_ALL),
}


class JobRequest(BaseModel):
    """Long work. The filters of an export are those by which its endpoint under /v1/exports is narrowed."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["reextract", "export"]
    force: bool = Field(default=False, description="reextract: also what these models have read already.")
    what: What = Field(default="findings", description="export: a row each; annotations are NDJSON only.")
    format: Format = Field(default="csv", description="export.")
    issuer: Text | None = Field(default=None, max_length=200, description="Part of the issuer's name.")
    year: int | None = Field(default=None, ge=1900, le=2200)
    document: Text | None = Field(default=None, max_length=100, description="Of this document only.")
    status: Status | DocumentStatus | None = Field(default=None, description="Of findings, or of reports.")
    q: Text | None = Field(default=None, max_length=200, description="cells, tables: part of the text.")
    finding_kind: str | None = Field(
        default=None, max_length=40, pattern=r"^[a-z_]+$", description="findings: `kind` of GET /v1/findings."
    )
    severity: Severity | None = Field(default=None, description="findings.")
    decision: Decision | None = Field(default=None, description="findings.")

    def strange(self) -> list[str]:
        """Fields that this job does not know: to pass over a filter would export more than was asked for."""
        known = {"kind", "force"}
        if self.kind == "export":
            known = {"kind", "what", "format", *_FILTERS[self.what]}
        given = {name for name in self.model_fields_set if getattr(self, name) is not None}
        wrong = given - known
        if self.kind == "export":
            statuses: tuple[str, ...] = get_args(Status if self.what == "findings" else DocumentStatus)
            wrong |= {"status"} if self.status is not None and self.status not in statuses else set()
            wrong |= {"format"} if self.what == "annotations" and self.format != "ndjson" else set()
        return sorted(wrong)


class RunRequest(BaseModel):
    """A training run. What is not given is as the recipe of the model has it."""

    model_config = ConfigDict(extra="forbid")

    task: Task
    start: Annotated[str, Field(max_length=80, pattern=_NAME)] | None = Field(
        default=None, description="The version whose weights it starts from; without it the one that serves."
    )
    seed: int | None = Field(default=None, ge=0, le=2**31 - 1)
    epochs: int | None = Field(default=None, ge=1, le=50)
    replay: int | None = Field(default=None, ge=1, le=20_000, description="Synthetic reports, all epochs together.")
    share: float | None = Field(default=None, ge=0.01, le=0.9, description="How much of what is read is annotated.")
    rate: float | None = Field(default=None, ge=1e-7, le=0.1, description="The highest learning rate.")
    patience: int | None = Field(default=None, ge=1, le=50, description="Epochs that may bring nothing better.")
    held_out: int | None = Field(
        default=None, ge=1, le=5000, description="Synthetic reports that each epoch is scored on."
    )


class PromoteRequest(BaseModel):
    """Let a version serve."""

    model_config = ConfigDict(extra="forbid")

    force: Annotated[Text, Field(min_length=3, max_length=1000, pattern=r"\S")] | None = Field(
        default=None, description="Why it is to serve though the gate does not allow it. It is recorded."
    )
    author: Text = Field(default="", max_length=100, description="Who decides; the API key's name is added.")


class CorrectionsRequest(BaseModel):
    """Take corrections of stored reports into the dataset."""

    model_config = ConfigDict(extra="forbid")

    documents: list[Annotated[str, Field(max_length=40, pattern=_NAME)]] | None = Field(
        default=None, max_length=1000, description="Ids; without them every report with corrections."
    )
    checked: list[Layer] = Field(
        min_length=1,
        max_length=4,
        description="The layers that somebody has gone through whole: what was read there and not corrected is right.",
    )
    prefer: Prefer | None = Field(default=None, description="Whose word counts where the dataset says otherwise.")
