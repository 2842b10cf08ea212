"""Remember in which login an API key was made.

Revision ID: 53e9a2cb6f74
Revises: 42d8f1ba5e63
Create Date: 2026-11-28 18:52:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "53e9a2cb6f74"
down_revision: str | None = "42d8f1ba5e63"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("made_in", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("api_keys", "made_in")
