"""Validate the constraints by which threads refer to offers and orders.

Revision ID: 47c0d8f5a2b1
Revises: b39f60c2e814
Create Date: 2026-11-29 21:03:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "47c0d8f5a2b1"
down_revision: str | None = "b39f60c2e814"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for name in (
        "ck_threads_seller_id",
        "fk_threads_cleaning_id_offerer_id",
        "fk_threads_cleaning_id_seller_id",
    ):
        op.execute(f"ALTER TABLE threads VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    pass
