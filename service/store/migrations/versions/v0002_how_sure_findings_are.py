"""Findings say how sure they are and whose mistake they may be.

Those stored before say neither: theirs is 0 until their report is read again, as every report is by new models.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("findings", sa.Column("confidence", sa.Double(), nullable=False, server_default="0"))
    op.add_column("findings", sa.Column("cause", sa.String(length=20), nullable=True))


def downgrade() -> None:
    op.drop_column("findings", "cause")
    op.drop_column("findings", "confidence")
