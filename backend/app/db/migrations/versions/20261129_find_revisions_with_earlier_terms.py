"""Find revisions of jobs whose terms lack fields: the worker completes them, in parts.

Revision ID: 50d19be74186
Revises: 4fc08ad63075
Create Date: 2026-11-29 01:40:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "50d19be74186"
down_revision: str | None = "4fc08ad63075"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEX = "ix_cleaning_revisions_terms_due"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(INDEX, if_exists=True, postgresql_concurrently=True)
        op.create_index(
            INDEX,
            "cleaning_revisions",
            ["cleaning_id", "revision"],
            unique=False,
            postgresql_where=sa.text("NOT terms ?& ARRAY['category', 'extras']"),
            if_not_exists=True,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(INDEX, if_exists=True, postgresql_concurrently=True)
