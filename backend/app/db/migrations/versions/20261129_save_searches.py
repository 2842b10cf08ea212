"""Save searches.

Revision ID: 6e2b90d4c8a1
Revises: 8e40f3b6c215
Create Date: 2026-11-29 18:00:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "6e2b90d4c8a1"
down_revision: str | None = "8e40f3b6c215"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "saved_searches"
MOMENT = sa.DateTime(timezone=True)
TYPES = ("dust_up", "spot_clean", "full_clean")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("q", sa.String(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("area", sa.String(), nullable=True),
        sa.Column("area_key", sa.String(collation="C"), nullable=True),
        sa.Column("category", sa.String(length=60, collation="C"), nullable=True),
        sa.Column(
            "cleaning_type",
            sa.Enum(
                *TYPES,
                name="cleaning_type",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("min_price", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("max_price", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("starts_after", MOMENT, nullable=True),
        sa.Column("starts_before", MOMENT, nullable=True),
        sa.Column("queries", JSONB(), nullable=False),
        sa.CheckConstraint("language ~ '^[a-z]{2}$'", name=op.f("ck_saved_searches_language")),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_saved_searches_currency")),
        sa.CheckConstraint(
            "min_price >= 0 AND max_price >= 0", name=op.f("ck_saved_searches_prices")
        ),
        sa.CheckConstraint(
            "(area IS NULL) = (area_key IS NULL)", name=op.f("ck_saved_searches_area_key")
        ),
        sa.CheckConstraint(
            "num_nonnulls(q, area, category) > 0", name=op.f("ck_saved_searches_selective")
        ),
        sa.CheckConstraint(
            "(q IS NULL) = (queries = '{}')", name=op.f("ck_saved_searches_queries")
        ),
        sa.ForeignKeyConstraint(
            ["category"],
            ["categories.slug"],
            name=op.f("fk_saved_searches_category"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_searches_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_searches")),
    )
    op.create_index("ix_saved_searches_user_id", TABLE, ["user_id", "id"])
    op.create_index("ix_saved_searches_category", TABLE, ["category"])


def downgrade() -> None:
    op.drop_table(TABLE)
