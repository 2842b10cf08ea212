"""Write into earlier terms that they have no category.

Terms are rewritten in parts, each a transaction of its own, while others write. It can be run again
after it was interrupted. Servers of the previous release go on writing terms without a category,
which are read as if they had null.

Revision ID: 50d19be74186
Revises: 4fc08ad63075
Create Date: 2026-11-29 01:34:00.000000+00:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import context, op

revision: str = "50d19be74186"
down_revision: str | None = "4fc08ad63075"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

AT_ONCE = 2000  # rows
KEYS = {"cleaning_revisions": "cleaning_id, revision", "bookings": "cleaning_id, id"}
BEGINNING = "'00000000-0000-0000-0000-000000000000'"
FIRST = {
    "cleaning_revisions": f"({BEGINNING}::uuid, 0)",
    "bookings": f"({BEGINNING}::uuid, {BEGINNING}::uuid)",
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("RESET lock_timeout")
        for table in KEYS:
            if context.is_offline_mode():
                op.execute(
                    f"UPDATE {table} SET terms = '{{\"category\": null}}' || terms "  # noqa: S608
                    "WHERE NOT terms ? 'category'"
                )
            else:
                rewrite(table)
        op.execute("SET lock_timeout = '200ms'")


def rewrite(table: str) -> None:
    keys, after = KEYS[table], FIRST[table]
    part = f"""
        WITH part AS (
            SELECT {keys} FROM {table} WHERE ({keys}) > {{after}} ORDER BY {keys} LIMIT {AT_ONCE}
        ), rewritten AS (
            UPDATE {table} SET terms = '{{{{"category": null}}}}' || terms
            WHERE ({keys}) IN (TABLE part) AND NOT terms ? 'category'
        )
        SELECT {keys} FROM part ORDER BY ({keys}) DESC LIMIT 1
    """  # noqa: S608 (names of our own)
    connection = op.get_bind()
    while last := connection.execute(sa.text(part.format(after=after))).one_or_none():
        number = last[1] if isinstance(last[1], int) else f"'{last[1]}'::uuid"
        after = f"('{last[0]}'::uuid, {number})"


def downgrade() -> None:
    pass
