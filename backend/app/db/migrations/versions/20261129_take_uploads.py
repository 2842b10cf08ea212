"""Take uploads.

Revision ID: 5a9d02c7e4f1
Revises: c40b6f18e9d7
Create Date: 2026-11-29 06:50:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "5a9d02c7e4f1"
down_revision: str | None = "c40b6f18e9d7"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ATTACHED = "num_nonnulls(cleaning_id, package_id) + of_profile::int"
CHECKS = {
    "media_type": "media_type IN ('image/jpeg', 'image/png', 'image/webp')",
    "state": "state IN ('processing', 'ready', 'refused')",
    "reason": "reason IN ('damaged', 'too_many_pixels')",
    "original": "(state = 'processing') = (original IS NOT NULL)",
    "refused": "(state = 'refused') = (reason IS NOT NULL)",
    "ready": "num_nonnulls(large, small, width, height) "
    "= CASE state WHEN 'ready' THEN 4 ELSE 0 END",
    "size": "width > 0 AND height > 0",
    "attached_once": f"{ATTACHED} <= 1",
    "expires": f"(expires_at IS NULL) = ({ATTACHED} = 1)",
    "refused_unattached": "state <> 'refused' OR expires_at IS NOT NULL",
    "placed": "(place IS NOT NULL) = (num_nonnulls(cleaning_id, package_id) = 1)",
    "place": "place BETWEEN 0 AND 7",
}


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("media_type", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(32), nullable=True),
        sa.Column("original", sa.String(), nullable=True),
        sa.Column("large", sa.String(), nullable=True),
        sa.Column("small", sa.String(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("cleaning_id", sa.Uuid(), nullable=True),
        sa.Column("package_id", sa.Uuid(), nullable=True),
        sa.Column("of_profile", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.CheckConstraint(it, name=op.f(f"ck_uploads_{name}")) for name, it in CHECKS.items()),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_uploads_user_id")),
        sa.ForeignKeyConstraint(
            ["package_id"], ["packages.id"], name=op.f("fk_uploads_package_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint("original", name=op.f("uq_uploads_original")),
        sa.UniqueConstraint("large", name=op.f("uq_uploads_large")),
        sa.UniqueConstraint("small", name=op.f("uq_uploads_small")),
        *(
            sa.UniqueConstraint(
                column,
                "place",
                name=op.f(f"uq_uploads_{column}_place"),
                deferrable=True,
                initially="DEFERRED",
            )
            for column in ("cleaning_id", "package_id")
        ),
    )
    op.create_index("ix_uploads_user_id", "uploads", ["user_id", "id"])
    op.create_index(
        "uq_uploads_of_profile",
        "uploads",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("of_profile"),
    )
    op.create_index(
        "ix_uploads_expires_at",
        "uploads",
        ["expires_at"],
        postgresql_where=sa.text("expires_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("uploads")
