"""Give each job a language, in which it is searched.

No row is rewritten. Afterwards all rows are due: the worker fills in the language of the market and
makes the search vectors again, in parts. The servers of the previous release write neither column,
so rows that they write are due as well.

The downgrade makes all rows due for the worker of the previous release.

Revision ID: 3f6a92c4d7e1
Revises: b1907ce35f4d
Create Date: 2026-11-29 01:30:00.000000+00:00
"""

from collections.abc import Sequence

from alembic import op

revision: str = "3f6a92c4d7e1"
down_revision: str | None = "b1907ce35f4d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE cleanings ADD COLUMN language varchar(2), ADD COLUMN words_revision integer, "
        "ADD CONSTRAINT ck_cleanings_language CHECK (language ~ '^[a-z]{2}$') NOT VALID"
    )


def downgrade() -> None:
    op.execute("UPDATE cleanings SET search_revision = NULL")
    op.execute("ALTER TABLE cleanings DROP COLUMN language, DROP COLUMN words_revision")
