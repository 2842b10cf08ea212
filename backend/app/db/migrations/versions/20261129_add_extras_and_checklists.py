"""Add extras and checklists of categories.

Revision ID: 7a13c5e9d2b0
Revises: 9c41fa2e70d6
Create Date: 2026-11-29 01:40:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "7a13c5e9d2b0"
down_revision: str | None = "9c41fa2e70d6"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SLUG = "'^[a-z0-9]+(-[a-z0-9]+)*$'"


def upgrade() -> None:
    op.create_table(
        "extras",
        sa.Column("category", sa.String(60, collation="C"), nullable=False),
        sa.Column("slug", sa.String(60, collation="C"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("names", postgresql.JSONB(), nullable=False),
        sa.Column("price", sa.Numeric(10, 2), nullable=True),
        sa.Column("currency", sa.String(3), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.CheckConstraint(f"slug ~ {SLUG}", name=op.f("ck_extras_slug")),
        sa.CheckConstraint("position > 0", name=op.f("ck_extras_position")),
        sa.CheckConstraint("price > 0", name=op.f("ck_extras_price")),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_extras_currency")),
        sa.CheckConstraint("(price IS NULL) = (currency IS NULL)", name=op.f("ck_extras_priced")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_extras_minutes")),
        sa.ForeignKeyConstraint(
            ["category"],
            ["categories.slug"],
            name=op.f("fk_extras_category"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("category", "slug", name=op.f("pk_extras")),
    )
    op.create_table(
        "checklist_items",
        sa.Column("category", sa.String(60, collation="C"), nullable=False),
        sa.Column("code", sa.String(60, collation="C"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("texts", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(f"code ~ {SLUG}", name=op.f("ck_checklist_items_code")),
        sa.CheckConstraint("position > 0", name=op.f("ck_checklist_items_position")),
        sa.ForeignKeyConstraint(
            ["category"],
            ["categories.slug"],
            name=op.f("fk_checklist_items_category"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("category", "code", name=op.f("pk_checklist_items")),
    )


def downgrade() -> None:
    op.drop_table("checklist_items")
    op.drop_table("extras")
