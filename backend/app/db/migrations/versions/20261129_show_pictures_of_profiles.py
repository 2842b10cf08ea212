"""Show pictures of profiles.

Revision ID: e2f95a60c741
Revises: 0c86d15b93fa
Create Date: 2026-11-29 06:53:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "e2f95a60c741"
down_revision: str | None = "0c86d15b93fa"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "profiles",
        sa.Column("picture", postgresql.JSONB(), nullable=True),
    )


def downgrade() -> None:
    op.drop_column("profiles", "picture")
