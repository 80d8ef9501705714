"""The first tables, and an index for text search.

SQLite searches with FTS5 and PostgreSQL with pg_trgm, both by trigrams, which is what Chinese needs: it has no spaces.
Where the database user may not add pg_trgm, search works without an index.
"""

from __future__ import annotations

import logging

import sqlalchemy as sa
from alembic import op

from service.store.tables import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("pk", name="pk_api_keys"),
        sa.UniqueConstraint("name", name="uq_api_keys_name"),
        sa.UniqueConstraint("prefix", name="uq_api_keys_prefix"),
    )
    op.create_table(
        "documents",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("encoding", sa.String(), nullable=False),
        sa.Column("notices", sa.JSON(), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("extraction_pk", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("issuer", sa.String(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("format", sa.String(), nullable=True),
        sa.Column("published", sa.String(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("matches", sa.Integer(), nullable=False),
        sa.Column("mismatches", sa.Integer(), nullable=False),
        sa.Column("unverifiable", sa.Integer(), nullable=False),
        sa.Column("open_mismatches", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("search", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("pk", name="pk_documents"),
        sa.UniqueConstraint("id", name="uq_documents_id"),
        sa.UniqueConstraint("sha256", name="uq_documents_sha256"),
    )
    op.create_index("ix_documents_issuer", "documents", ["issuer"])
    op.create_index("ix_documents_status_pk", "documents", ["status", "pk"])
    op.create_index("ix_documents_year_pk", "documents", ["year", "pk"])

    op.create_table(
        "idempotency_keys",
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])

    op.create_table(
        "jobs",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("owner", sa.String(length=60), nullable=True),
        sa.Column("media_type", sa.String(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("started_at", Moment(), nullable=True),
        sa.Column("beat_at", Moment(), nullable=True),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("pk", name="pk_jobs"),
        sa.UniqueConstraint("id", name="uq_jobs_id"),
    )
    op.create_index("ix_jobs_status_pk", "jobs", ["status", "pk"])

    op.create_table(
        "annotations",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("document_pk", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.Column("original", sa.JSON(), nullable=False),
        sa.Column("corrected", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_pk"], ["documents.pk"], name="fk_annotations_document_pk_documents", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pk", name="pk_annotations"),
    )
    op.create_index("ix_annotations_document_pk_kind_target_pk", "annotations", ["document_pk", "kind", "target", "pk"])

    op.create_table(
        "extractions",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("document_pk", sa.Integer(), nullable=False),
        sa.Column("layout", sa.String(), nullable=False),
        sa.Column("claims", sa.String(), nullable=False),
        sa.Column("schema_version", sa.String(), nullable=False),
        sa.Column("software", sa.String(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_pk"], ["documents.pk"], name="fk_extractions_document_pk_documents", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pk", name="pk_extractions"),
        sa.UniqueConstraint(
            "document_pk",
            "layout",
            "claims",
            "schema_version",
            name="uq_extractions_document_pk_layout_claims_schema_version",
        ),
    )
    op.create_table(
        "job_items",
        sa.Column("job_pk", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("document", sa.String(length=40), nullable=True),
        sa.Column("error", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["job_pk"], ["jobs.pk"], name="fk_job_items_job_pk_jobs", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_pk", "line", name="pk_job_items"),
    )
    op.create_table(
        "job_parts",
        sa.Column("job_pk", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["job_pk"], ["jobs.pk"], name="fk_job_parts_job_pk_jobs", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_pk", "part", name="pk_job_parts"),
    )
    op.create_table(
        "reviews",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("document_pk", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("expected", sa.Double(), nullable=True),
        sa.Column("found", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_pk"], ["documents.pk"], name="fk_reviews_document_pk_documents", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pk", name="pk_reviews"),
    )
    op.create_index("ix_reviews_document_pk_key_pk", "reviews", ["document_pk", "key", "pk"])

    op.create_table(
        "cells",
        sa.Column("extraction_pk", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("table_id", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("raw", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["extraction_pk"], ["extractions.pk"], name="fk_cells_extraction_pk_extractions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("extraction_pk", "id", name="pk_cells"),
    )
    op.create_table(
        "claims",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("extraction_pk", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("local_id", sa.String(length=20), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["extraction_pk"], ["extractions.pk"], name="fk_claims_extraction_pk_extractions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pk", name="pk_claims"),
        sa.UniqueConstraint("extraction_pk", "key", name="uq_claims_extraction_pk_key"),
    )
    op.create_table(
        "findings",
        sa.Column("pk", sa.Integer(), nullable=False),
        sa.Column("extraction_pk", sa.Integer(), nullable=False),
        sa.Column("document_pk", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("local_id", sa.String(length=20), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("severity", sa.String(length=20), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("message_en", sa.String(), nullable=False),
        sa.Column("claim", sa.String(length=20), nullable=True),
        sa.Column("claim_key", sa.String(length=40), nullable=True),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("expected", sa.Double(), nullable=True),
        sa.Column("found", sa.Double(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("review", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_pk"], ["documents.pk"], name="fk_findings_document_pk_documents", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["extraction_pk"], ["extractions.pk"], name="fk_findings_extraction_pk_extractions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pk", name="pk_findings"),
        sa.UniqueConstraint("extraction_pk", "key", name="uq_findings_extraction_pk_key"),
    )
    op.create_index("ix_findings_current_status_pk", "findings", ["current", "status", "pk"])
    op.create_index("ix_findings_current_year_pk", "findings", ["current", "year", "pk"])
    op.create_index(
        "ix_findings_current_status_year_kind_review", "findings", ["current", "status", "year", "kind", "review"]
    )
    op.create_index("ix_findings_document_pk_key", "findings", ["document_pk", "key"])
    if op.get_bind().dialect.name == "sqlite":
        _index_in_sqlite()
    else:
        _index_in_postgres()


def _index_in_sqlite() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE documents_text USING fts5("
        "search, content='documents', content_rowid='pk', tokenize='trigram')"
    )
    op.execute(
        "CREATE TRIGGER documents_text_in AFTER INSERT ON documents BEGIN "
        "INSERT INTO documents_text(rowid, search) VALUES (new.pk, new.search); END"
    )
    op.execute(
        "CREATE TRIGGER documents_text_out AFTER DELETE ON documents BEGIN "
        "INSERT INTO documents_text(documents_text, rowid, search) VALUES ('delete', old.pk, old.search); END"
    )


def _index_in_postgres() -> None:
    try:
        with op.get_bind().begin_nested():
            op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            op.execute("CREATE INDEX documents_text ON documents USING gin (search gin_trgm_ops)")
    except sa.exc.DBAPIError:
        logging.getLogger("nianbao.store").warning("pg_trgm is not there: text search goes without an index")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_table("documents_text")
    for table in TABLES:
        op.drop_table(table)


TABLES = (
    "findings",
    "claims",
    "cells",
    "reviews",
    "job_parts",
    "job_items",
    "extractions",
    "annotations",
    "jobs",
    "idempotency_keys",
    "documents",
    "api_keys",
)
