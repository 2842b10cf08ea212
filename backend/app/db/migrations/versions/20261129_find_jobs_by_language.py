"""Find jobs by their language, and those without their present search vector.

Revision ID: 8c27e5f09b34
Revises: 5b0d81e6f2a9
Create Date: 2026-11-29 01:32:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "8c27e5f09b34"
down_revision: str | None = "5b0d81e6f2a9"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEXES = {
    "ix_cleanings_language": (["language", "status", "id"], "deleted_at IS NULL"),
    "ix_cleanings_words_due": (
        ["id"],
        "words_revision IS DISTINCT FROM terms_revision OR language IS NULL",
    ),
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name, (columns, condition) in INDEXES.items():
            op.drop_index(name, if_exists=True, postgresql_concurrently=True)
            op.create_index(
                name,
                "cleanings",
                columns,
                unique=False,
                postgresql_where=sa.text(condition),
                if_not_exists=True,
                postgresql_concurrently=True,
            )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for name in INDEXES:
            op.drop_index(name, if_exists=True, postgresql_concurrently=True)
