"""Find jobs that lack their present words.

Revision ID: 8b3d60f5a1c7
Revises: 4e9a1f7c2b60
Create Date: 2026-11-28 18:53:40.118204+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "8b3d60f5a1c7"
down_revision: str | None = "4e9a1f7c2b60"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_cleanings_search_due", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "ix_cleanings_search_due",
            "cleanings",
            ["id"],
            unique=False,
            postgresql_where=sa.text("search_revision IS DISTINCT FROM terms_revision"),
            if_not_exists=True,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_cleanings_search_due", if_exists=True, postgresql_concurrently=True)
