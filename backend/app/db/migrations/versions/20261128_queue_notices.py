"""Queue notices about changes of how people log in.

Revision ID: 750bc4ed8196
Revises: 64fab3dc7085
Create Date: 2026-11-28 18:54:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "750bc4ed8196"
down_revision: str | None = "64fab3dc7085"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KINDS = ("send_mail", "verify_email", "change_email", "reset_password", "password_changed")


def upgrade() -> None:
    allow(*KINDS, "notice")


def downgrade() -> None:
    op.execute("DELETE FROM jobs WHERE kind = 'notice'")
    allow(*KINDS)


def allow(*kinds: str) -> None:
    """Limits new jobs to these kinds."""
    values = ", ".join(repr(kind) for kind in kinds)
    op.execute(
        "-- squawk-ignore ban-drop-constraint\nALTER TABLE jobs DROP CONSTRAINT ck_jobs_kind"
    )
    op.create_check_constraint(
        op.f("ck_jobs_kind"), "jobs", f"kind IN ({values})", postgresql_not_valid=True
    )
