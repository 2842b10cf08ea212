"""Key users: columns for the keys by which usernames and addresses are compared.

Revision ID: b3a1f0c45d21
Revises: a83ef710b4c9
Create Date: 2026-11-28 19:01:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "b3a1f0c45d21"
down_revision: str | None = "a83ef710b4c9"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEYS = ("username_key", "email_key")


def upgrade() -> None:
    for key in KEYS:
        op.add_column("users", sa.Column(key, sa.String(collation="C"), nullable=True))
    op.create_check_constraint(
        op.f("ck_users_username_key"),
        "users",
        'username_key = lower(username COLLATE "C")',
        postgresql_not_valid=True,
    )
    op.create_check_constraint(
        op.f("ck_users_email_key"),
        "users",
        'email_key = lower(email COLLATE "C") OR octet_length(email) > char_length(email)',
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    for key in KEYS:
        op.drop_column("users", key)
