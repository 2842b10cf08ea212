"""Let accounts choose the language of their pages.

The constraint is validated by the next revision.

Revision ID: 93e1c7a25d04
Revises: 5e90c7a1d34b
Create Date: 2026-11-29 07:50:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "93e1c7a25d04"
down_revision: str | None = "5e90c7a1d34b"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("users", sa.Column("language", sa.String(2), nullable=True))
    op.create_check_constraint(
        op.f("ck_users_language"),
        "users",
        "language ~ '^[a-z]{2}$'",
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    op.drop_column("users", "language")
