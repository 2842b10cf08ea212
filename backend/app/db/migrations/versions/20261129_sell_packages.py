"""Let cleaners sell packages at a fixed price.

Revision ID: 5a8c13e7d0b2
Revises: c58e1f7a9d24
Create Date: 2026-11-29 01:20:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "5a8c13e7d0b2"
down_revision: str | None = "c58e1f7a9d24"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "packages",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("price", sa.Numeric(precision=10, scale=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("duration", sa.Integer(), nullable=True),
        sa.Column("area", sa.String(), nullable=True),
        sa.Column("category", sa.String(length=60, collation="C"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "published",
                "paused",
                "archived",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("area_key", sa.String(collation="C"), nullable=True),
        sa.Column("stock", sa.Integer(), nullable=True),
        sa.Column("offered", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("search", postgresql.TSVECTOR(), nullable=True),
        sa.Column("words_revision", sa.Integer(), nullable=True),
        sa.CheckConstraint("price > 0", name=op.f("ck_packages_price")),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_packages_currency")),
        sa.CheckConstraint("language ~ '^[a-z]{2}$'", name=op.f("ck_packages_language")),
        sa.CheckConstraint("duration > 0", name=op.f("ck_packages_duration")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_packages_revision")),
        sa.CheckConstraint("stock >= 0", name=op.f("ck_packages_stock")),
        sa.CheckConstraint("offered >= stock", name=op.f("ck_packages_offered")),
        sa.CheckConstraint("(stock IS NULL) = (offered IS NULL)", name=op.f("ck_packages_limited")),
        sa.ForeignKeyConstraint(
            ["category"], ["categories.slug"], name=op.f("fk_packages_category")
        ),
        sa.ForeignKeyConstraint(["seller_id"], ["users.id"], name=op.f("fk_packages_seller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packages")),
    )
    op.create_index("ix_packages_status_id", "packages", ["status", "id"])
    op.create_index(
        "ix_packages_status_currency_price", "packages", ["status", "currency", "price", "id"]
    )
    op.create_index("ix_packages_area_key", "packages", ["area_key", "status", "id"])
    op.create_index("ix_packages_category", "packages", ["category", "status", "id"])
    op.create_index(
        "ix_packages_category_price",
        "packages",
        ["category", "status", "currency", "price", "id"],
    )
    op.create_index("ix_packages_seller_id", "packages", ["seller_id", "id"])
    op.create_index("ix_packages_search", "packages", ["search"], postgresql_using="gin")
    op.create_index("ix_packages_language", "packages", ["language", "status", "id"])
    op.create_index(
        "ix_packages_words_due",
        "packages",
        ["id"],
        postgresql_where=sa.text("words_revision IS DISTINCT FROM revision OR language IS NULL"),
    )
    op.create_table(
        "package_revisions",
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("editor_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"], ["packages.id"], name=op.f("fk_package_revisions_package_id")
        ),
        sa.ForeignKeyConstraint(
            ["editor_id"], ["users.id"], name=op.f("fk_package_revisions_editor_id")
        ),
        sa.PrimaryKeyConstraint("package_id", "revision", name=op.f("pk_package_revisions")),
    )


def downgrade() -> None:
    # They are about rows that no longer exist, and of kinds that earlier constraints refuse.
    op.execute("DELETE FROM events WHERE subject = 'package'")
    op.drop_table("package_revisions")
    op.drop_table("packages")
