"""Remember the devices that people log in with.

Revision ID: 64fab3dc7085
Revises: 53e9a2cb6f74
Create Date: 2026-11-28 18:53:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "64fab3dc7085"
down_revision: str | None = "53e9a2cb6f74"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "known_devices",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("device_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_known_devices_user_id")),
        sa.PrimaryKeyConstraint("user_id", "device_hash", name=op.f("pk_known_devices")),
    )
    op.create_index("ix_known_devices_used_at", "known_devices", ["used_at"], unique=False)


def downgrade() -> None:
    op.drop_table("known_devices")
