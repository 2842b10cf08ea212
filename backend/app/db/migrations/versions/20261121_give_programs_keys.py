"""Give programs keys.

Revision ID: b52f7d90c3e6
Revises: b03d5f9a6c17
Create Date: 2026-11-21 06:52:30.118746+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "b52f7d90c3e6"
down_revision: str | None = "b03d5f9a6c17"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SCOPES = (
    "read:bookings",
    "write:bookings",
    "read:cleanings",
    "write:cleanings",
    "read:evaluations",
    "write:evaluations",
    "read:feed",
    "read:offers",
    "write:offers",
    "read:profiles",
    "write:profiles",
)


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            f"scopes <@ ARRAY[{', '.join(map(repr, SCOPES))}]", name=op.f("ck_api_keys_scopes")
        ),
        sa.CheckConstraint("cardinality(scopes) > 0", name=op.f("ck_api_keys_any_scope")),
        sa.ForeignKeyConstraint(
            ["id"], ["sessions.id"], name=op.f("fk_api_keys_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_keys_hash")),
    )


def downgrade() -> None:
    op.execute("DELETE FROM sessions WHERE id IN (SELECT id FROM api_keys)")
    op.drop_table("api_keys")
