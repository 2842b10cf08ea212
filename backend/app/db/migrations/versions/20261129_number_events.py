"""Number events in the order of their commits.

The worker fills the stream with the events of earlier releases (docs/migrations.md).

Revision ID: 9b3e51d07fa8
Revises: e2f95a60c741
Create Date: 2026-11-29 13:40:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "9b3e51d07fa8"
down_revision: str | None = "e2f95a60c741"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_outbox")),
    )
    op.create_table(
        "stream",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_stream_position")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_stream")),
        sa.UniqueConstraint("event_id", name=op.f("uq_stream_event_id")),
    )
    op.create_table(
        "heads",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("name ~ '^[a-z_]+$'", name=op.f("ck_heads_name")),
        sa.CheckConstraint("position >= 0", name=op.f("ck_heads_position")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heads")),
    )


def downgrade() -> None:
    op.drop_table("heads")
    op.drop_table("stream")
    op.drop_table("outbox")
