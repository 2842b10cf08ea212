"""Deliver events to webhooks.

Revision ID: 8e40f3b6c215
Revises: 5d1c7be2a940
Create Date: 2026-11-29 14:25:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "8e40f3b6c215"
down_revision: str | None = "5d1c7be2a940"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "webhook_deliveries"
MOMENT = sa.DateTime(timezone=True)
FAILURES = (
    *("address_refused", "name_unknown", "not_connected", "tls_failed", "invalid_response"),
    "timeout",
)


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("requested_at", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("attempted_at", MOMENT, nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column(
            "failure",
            sa.Enum(
                *FAILURES, name="failure", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.CheckConstraint("position >= 0", name=op.f("ck_webhook_deliveries_position")),
        sa.CheckConstraint(
            "(position = 0) = (event_id IS NULL)", name=op.f("ck_webhook_deliveries_test")
        ),
        sa.CheckConstraint(
            "attempts >= 0 AND (attempts > 0) = (attempted_at IS NOT NULL)",
            name=op.f("ck_webhook_deliveries_attempts"),
        ),
        sa.CheckConstraint(
            "status IS NULL OR failure IS NULL", name=op.f("ck_webhook_deliveries_outcome")
        ),
        sa.CheckConstraint("status BETWEEN 100 AND 999", name=op.f("ck_webhook_deliveries_status")),
        sa.CheckConstraint(
            "delivered_at IS NULL OR attempted_at IS NOT NULL",
            name=op.f("ck_webhook_deliveries_delivered"),
        ),
        sa.PrimaryKeyConstraint("endpoint_id", "position", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index(
        "ix_webhook_deliveries_requested",
        TABLE,
        ["endpoint_id", "position"],
        postgresql_where=sa.text("requested_at IS NOT NULL"),
    )
    op.create_index("ix_webhook_deliveries_created_at", TABLE, ["created_at"])


def downgrade() -> None:
    op.drop_table(TABLE)
