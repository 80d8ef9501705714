"""The tables of the store. A migration makes them; a test holds the migrations to what is written here.

A document keeps its text as UTF-8 bytes, because PostgreSQL's text type takes no NUL. An extraction keeps the whole
result, compressed, and its cells, claims and findings once more as rows for filters and exports. Reviews and
annotations hang on a document and a fingerprint, never on an extraction: they survive re-extraction.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, Index, LargeBinary, MetaData, String, TypeDecorator
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Json = dict[str, Any]


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


class Moment(TypeDecorator[datetime]):
    """A time in UTC. SQLite keeps no zone: it is taken off on the way in and put on again on the way out."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


class Base(DeclarativeBase):
    """What all tables share."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Moment, Json: JSON, list[Any]: JSON}


def _owned(column: str, index: bool = True) -> Mapped[int]:
    return mapped_column(ForeignKey(column, ondelete="CASCADE"), index=index)


class DocumentRow(Base):
    """A report as given. ``status`` and the counts are those of its current extraction and its reviews."""

    __tablename__ = "documents"
    __table_args__ = (Index(None, "status", "pk"), Index(None, "year", "pk"))

    pk: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(40), unique=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str]
    encoding: Mapped[str]
    notices: Mapped[list[Any]]
    characters: Mapped[int]
    created_at: Mapped[datetime]
    extraction_pk: Mapped[int | None]
    title: Mapped[str | None]
    issuer: Mapped[str | None] = mapped_column(index=True)
    year: Mapped[int | None]
    format: Mapped[str | None]
    published: Mapped[str | None]
    status: Mapped[str] = mapped_column(String(20))
    matches: Mapped[int] = mapped_column(default=0)
    mismatches: Mapped[int] = mapped_column(default=0)
    unverifiable: Mapped[int] = mapped_column(default=0)
    open_mismatches: Mapped[int] = mapped_column(default=0)
    # Last, so that SQLite reads the columns before them without passing through the texts.
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    search: Mapped[str] = mapped_column(deferred=True)


class ExtractionRow(Base):
    """What one version of the models read in a document; ``result`` is the whole result as compressed JSON."""

    __tablename__ = "extractions"
    __table_args__ = (Unique("document_pk", "layout", "claims", "schema_version"),)

    pk: Mapped[int] = mapped_column(primary_key=True)
    document_pk: Mapped[int] = _owned("documents.pk", index=False)
    layout: Mapped[str]
    claims: Mapped[str]
    schema_version: Mapped[str]
    software: Mapped[str]
    created_at: Mapped[datetime]
    result: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class CellRow(Base):
    __tablename__ = "cells"

    extraction_pk: Mapped[int] = mapped_column(ForeignKey("extractions.pk", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int]
    table_id: Mapped[str] = mapped_column(String(20))
    value: Mapped[float | None]
    raw: Mapped[str]
    start: Mapped[int | None]
    end: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(20))
    confidence: Mapped[float]


class ClaimRow(Base):
    """``key`` is the claim's fingerprint, ``local_id`` its name (c1) within the extraction."""

    __tablename__ = "claims"
    __table_args__ = (Unique("extraction_pk", "key"),)

    pk: Mapped[int] = mapped_column(primary_key=True)
    extraction_pk: Mapped[int] = _owned("extractions.pk", index=False)
    key: Mapped[str] = mapped_column(String(40))
    local_id: Mapped[str] = mapped_column(String(20))
    data: Mapped[Json]


class FindingRow(Base):
    """``current`` marks the findings of the extraction that counts; ``review`` is what people last decided."""

    __tablename__ = "findings"
    __table_args__ = (
        Unique("extraction_pk", "key"),
        Index(None, "current", "status", "pk"),
        Index(None, "current", "year", "pk"),
        Index(None, "current", "status", "year", "kind", "review"),
        Index(None, "document_pk", "key"),
    )

    pk: Mapped[int] = mapped_column(primary_key=True)
    extraction_pk: Mapped[int] = _owned("extractions.pk", index=False)
    document_pk: Mapped[int] = _owned("documents.pk", index=False)
    key: Mapped[str] = mapped_column(String(40))
    local_id: Mapped[str] = mapped_column(String(20))
    current: Mapped[bool]
    year: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20))
    severity: Mapped[str] = mapped_column(String(20))
    message: Mapped[str]
    message_en: Mapped[str]
    claim: Mapped[str | None] = mapped_column(String(20))
    claim_key: Mapped[str | None] = mapped_column(String(40))
    cells: Mapped[list[Any]]
    expected: Mapped[float | None]
    found: Mapped[float | None]
    evidence: Mapped[list[Any]]
    why: Mapped[str]
    confidence: Mapped[float]
    cause: Mapped[str | None] = mapped_column(String(20))
    review: Mapped[str] = mapped_column(String(20))


class ReviewRow(Base):
    """One decision on a finding. None is changed or lost: the latest that is not withdrawn counts."""

    __tablename__ = "reviews"
    __table_args__ = (Index(None, "document_pk", "key", "pk"),)

    pk: Mapped[int] = mapped_column(primary_key=True)
    document_pk: Mapped[int] = _owned("documents.pk", index=False)
    key: Mapped[str] = mapped_column(String(40))
    decision: Mapped[str] = mapped_column(String(20))
    note: Mapped[str]
    author: Mapped[str]
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(String(20))
    expected: Mapped[float | None]
    found: Mapped[float | None]


class AnnotationRow(Base):
    """A correction of a cell or a claim beside what was read. The latest that is not withdrawn counts."""

    __tablename__ = "annotations"
    __table_args__ = (Index(None, "document_pk", "kind", "target", "pk"),)

    pk: Mapped[int] = mapped_column(primary_key=True)
    document_pk: Mapped[int] = _owned("documents.pk", index=False)
    kind: Mapped[str] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(80))
    original: Mapped[Json]
    corrected: Mapped[Json]
    note: Mapped[str]
    author: Mapped[str]
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class KeyRow(Base):
    """An API key: only the digest of its secret is kept."""

    __tablename__ = "api_keys"

    pk: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    prefix: Mapped[str] = mapped_column(String(20), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class IdempotencyRow(Base):
    """What a request with an Idempotency-Key was answered; written together with what the request did."""

    __tablename__ = "idempotency_keys"

    owner: Mapped[str] = mapped_column(String(120), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    answer: Mapped[Json]
    created_at: Mapped[datetime] = mapped_column(index=True)


class JobRow(Base):
    """Long work. The queue carries only its id; this row says how far it is, and survives restarts."""

    __tablename__ = "jobs"
    __table_args__ = (Index(None, "status", "pk"),)

    pk: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20))
    params: Mapped[Json]
    total: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    owner: Mapped[str | None] = mapped_column(String(60))
    media_type: Mapped[str | None]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class JobItemRow(Base):
    """One report of a bulk job, as it came; its content is dropped once the report is stored."""

    __tablename__ = "job_items"

    job_pk: Mapped[int] = mapped_column(ForeignKey("jobs.pk", ondelete="CASCADE"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    name: Mapped[str]
    document: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[str | None] = mapped_column(String(60))


class JobPartRow(Base):
    """A piece of the file that a job made."""

    __tablename__ = "job_parts"

    job_pk: Mapped[int] = mapped_column(ForeignKey("jobs.pk", ondelete="CASCADE"), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
