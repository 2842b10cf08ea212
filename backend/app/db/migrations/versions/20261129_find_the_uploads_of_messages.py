"""Find the uploads of messages.

Revision ID: 93d6f0c2b8e4
Revises: e7052bd83f1a
Create Date: 2026-11-29 22:32:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "93d6f0c2b8e4"
down_revision: str | None = "e7052bd83f1a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NAME = "uq_uploads_of_message"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(NAME, if_exists=True, postgresql_concurrently=True)
        op.create_index(
            NAME,
            "uploads",
            ["message_cleaning_id", "message_cleaner_id", "message_number", "place"],
            unique=True,
            postgresql_where=sa.text("message_number IS NOT NULL"),
            if_not_exists=True,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(NAME, if_exists=True, postgresql_concurrently=True)
