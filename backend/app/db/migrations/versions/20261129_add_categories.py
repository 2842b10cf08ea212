"""Add categories, and the numbers of what is in them.

Revision ID: 1c9e57a30d42
Revises: 7b42e9d5a816
Create Date: 2026-11-29 01:30:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "1c9e57a30d42"
down_revision: str | None = "7b42e9d5a816"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "categories",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("parent_tier", sa.Integer(), nullable=True),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(60, collation="C"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("names", postgresql.JSONB(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(parent_id IS NULL) = (parent_tier IS NULL)", name=op.f("ck_categories_parent")
        ),
        sa.CheckConstraint(
            "tier = coalesce(parent_tier, 0) + 1 AND tier <= 4", name=op.f("ck_categories_tier")
        ),
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("ck_categories_slug")),
        sa.CheckConstraint("position > 0", name=op.f("ck_categories_position")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint("slug", name=op.f("uq_categories_slug")),
        sa.UniqueConstraint("id", "tier", name=op.f("uq_categories_id_tier")),
        sa.ForeignKeyConstraint(
            ["parent_id", "parent_tier"],
            ["categories.id", "categories.tier"],
            name=op.f("fk_categories_parent_id_parent_tier"),
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_categories_parent_id", "categories", ["parent_id"], unique=False)
    op.create_table(
        "category_counts",
        sa.Column("category", sa.String(60, collation="C"), nullable=False),
        sa.Column("jobs", sa.Integer(), nullable=False),
        sa.Column("packages", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category"], ["categories.slug"], name=op.f("fk_category_counts_category")
        ),
        sa.PrimaryKeyConstraint("category", name=op.f("pk_category_counts")),
    )
    op.create_table(
        "category_deltas",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(60, collation="C"), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("jobs", sa.Integer(), nullable=False),
        sa.Column("packages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_deltas")),
    )


def downgrade() -> None:
    for table in ("category_deltas", "category_counts", "categories"):
        op.drop_table(table)
