"""Index what belongs to sessions, and let a refresh token have one successor in use.

Families of refresh tokens that have forked are ended first: their owners log in again.

Revision ID: a83ef710b4c9
Revises: 972de60fa3b8
Create Date: 2026-11-28 18:57:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "a83ef710b4c9"
down_revision: str | None = "972de60fa3b8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEXES = (
    ("ix_links_session_id", "links", "session_id", None, False),
    (
        "ix_second_factors_session_id",
        "second_factors",
        "session_id",
        "session_id IS NOT NULL",
        False,
    ),
    (
        "ix_second_factors_removal_due_at",
        "second_factors",
        "removal_due_at",
        "removal_due_at IS NOT NULL",
        False,
    ),
    (
        "uq_refresh_tokens_predecessor",
        "refresh_tokens",
        "predecessor",
        "used_at IS NOT NULL",
        True,
    ),
)
FORKED = """
    DELETE FROM sessions WHERE id IN (
        SELECT session_id FROM refresh_tokens
        WHERE predecessor IS NOT NULL AND used_at IS NOT NULL
        GROUP BY session_id, predecessor HAVING count(*) > 1
    )
"""


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(FORKED)
        for name, table, column, condition, unique in INDEXES:
            op.drop_index(name, if_exists=True, postgresql_concurrently=True)
            op.create_index(
                name,
                table,
                [column],
                unique=unique,
                if_not_exists=True,
                postgresql_concurrently=True,
                postgresql_where=sa.text(condition) if condition else None,
            )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for name, *_ in INDEXES:
            op.drop_index(name, if_exists=True, postgresql_concurrently=True)
