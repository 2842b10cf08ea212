"""Find sessions by cookie.

Revision ID: 7d2b90e5c4f8
Revises: c81f4e07a9d3
Create Date: 2026-11-29 06:36:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "7d2b90e5c4f8"
down_revision: str | None = "c81f4e07a9d3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "uq_sessions_cookie_hash"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(NAME, if_exists=True, postgresql_concurrently=True)
        op.create_index(
            NAME,
            "sessions",
            ["cookie_hash"],
            unique=True,
            postgresql_where=sa.text("cookie_hash IS NOT NULL"),
            if_not_exists=True,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(NAME, if_exists=True, postgresql_concurrently=True)
