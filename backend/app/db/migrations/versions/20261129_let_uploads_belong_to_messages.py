"""Let uploads belong to messages.

Revision ID: c41e7a96d0b5
Revises: 8e41c7a05d92
Create Date: 2026-11-29 22:30:00.000000+00:00
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "c41e7a96d0b5"
down_revision: str | None = "8e41c7a05d92"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COLUMNS: Mapping[str, sa.types.TypeEngine[Any]] = {
    "message_cleaning_id": sa.Uuid(),
    "message_cleaner_id": sa.Uuid(),
    "message_number": sa.Integer(),
}


def checks(places: str) -> Mapping[str, str]:
    """The checks of the things that uploads belong to, given the number of their places."""
    return {
        "attached_once": f"{places} + of_profile::int <= 1",
        "expires": f"(expires_at IS NULL) = ({places} + of_profile::int = 1)",
        "placed": f"(place IS NOT NULL) = ({places} = 1)",
    }


EARLIER = checks("num_nonnulls(cleaning_id, package_id)")
CHECKS = {
    **checks("num_nonnulls(cleaning_id, package_id, message_number)"),
    "message": "num_nonnulls(message_cleaning_id, message_cleaner_id, message_number) IN (0, 3)",
    "message_place": "message_number IS NULL OR place < 4",
}


def replace(former: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Replaces checks; the rows that there are may be checked later."""
    for name in former:
        op.execute(
            "-- squawk-ignore ban-drop-constraint\n"
            f"ALTER TABLE uploads DROP CONSTRAINT ck_uploads_{name}"
        )
    for name, check in new.items():
        op.create_check_constraint(
            op.f(f"ck_uploads_{name}"), "uploads", check, postgresql_not_valid=True
        )


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("uploads", sa.Column(name, kind, nullable=True))
    replace(EARLIER, CHECKS)


def downgrade() -> None:
    op.execute("DELETE FROM uploads WHERE message_number IS NOT NULL")
    replace(CHECKS, EARLIER)
    for name in EARLIER:
        op.execute(f"ALTER TABLE uploads VALIDATE CONSTRAINT ck_uploads_{name}")
    for name in COLUMNS:
        op.drop_column("uploads", name)
