"""Make webhooks.

Revision ID: 5d1c7be2a940
Revises: 5d0c84b2ae91
Create Date: 2026-11-29 14:20:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "5d1c7be2a940"
down_revision: str | None = "5d0c84b2ae91"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "webhook_endpoints"
MOMENT = sa.DateTime(timezone=True)
REASONS = ("owner", "gone", "failing", "secret_lost")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=True),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("events", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("market_wide", sa.Boolean(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("previous_secret", sa.LargeBinary(), nullable=True),
        sa.Column("previous_until", MOMENT, nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("slow", sa.Boolean(), nullable=False),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("disabled_at", MOMENT, nullable=True),
        sa.Column(
            "disabled_reason",
            sa.Enum(
                *REASONS,
                name="disabled_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.CheckConstraint("url ~ '^https?://'", name=op.f("ck_webhook_endpoints_url")),
        sa.CheckConstraint(
            "array_to_string(events, ' ') ~ '^[a-z_.]+( [a-z_.]+)*$'",
            name=op.f("ck_webhook_endpoints_events"),
        ),
        sa.CheckConstraint("cardinality(events) > 0", name=op.f("ck_webhook_endpoints_any_event")),
        sa.CheckConstraint(
            "NOT (market_wide AND key_id IS NOT NULL)",
            name=op.f("ck_webhook_endpoints_market_wide"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(previous_secret, previous_until) <> 1",
            name=op.f("ck_webhook_endpoints_previous"),
        ),
        sa.CheckConstraint("position >= 0", name=op.f("ck_webhook_endpoints_position")),
        sa.CheckConstraint(
            "attempts >= 0 AND (attempts > 0) = (failing_since IS NOT NULL)",
            name=op.f("ck_webhook_endpoints_attempts"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(disabled_at, disabled_reason) <> 1",
            name=op.f("ck_webhook_endpoints_disabled"),
        ),
        sa.CheckConstraint(
            "disabled_at IS NULL OR due_at IS NULL", name=op.f("ck_webhook_endpoints_due")
        ),
        sa.ForeignKeyConstraint(
            ["key_id"],
            ["api_keys.id"],
            name=op.f("fk_webhook_endpoints_key_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_webhook_endpoints_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
    )
    op.create_index("ix_webhook_endpoints_user_id", TABLE, ["user_id", "id"])
    for columns, condition in {
        "key_id": "key_id IS NOT NULL",
        "market_wide": "market_wide",
        "due_at": "due_at IS NOT NULL",
    }.items():
        column = "id" if columns == "market_wide" else columns
        name = f"ix_webhook_endpoints_{columns}"
        op.create_index(name, TABLE, [column], postgresql_where=sa.text(condition))


def downgrade() -> None:
    op.drop_table(TABLE)
