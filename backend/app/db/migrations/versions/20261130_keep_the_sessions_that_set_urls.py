"""Keep the sessions that have set the URLs of webhooks.

Revision ID: 4b7c1f96e2d0
Revises: 1d8e5b30c9a7
Create Date: 2026-11-30 17:35:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "4b7c1f96e2d0"
down_revision: str | None = "1d8e5b30c9a7"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("webhook_endpoints", sa.Column("url_set_in", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("webhook_endpoints", "url_set_in")
