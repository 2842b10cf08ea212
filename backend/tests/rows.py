"""Rows as the database has them, for what no call tells or allows."""

from uuid import UUID

import sqlalchemy
from sqlalchemy import select

from app.db.models import metadata
from app.postgres.statements import argument
from app.postgres.tables import RowQuery, RowType
from app.postgres.transactions import Transaction


def digest(*passed_over: str) -> str:
    """A query for what tells any two states of the database apart.

    Args:
        passed_over: The tables that don't matter.
    """
    parts = " UNION ALL ".join(
        f"SELECT '{name}' AS name, count(*), md5(string_agg(row::text, '' ORDER BY row::text)) "  # noqa: S608 (our own names)
        f"FROM {name} row"
        for name in metadata.tables
        if name not in passed_over
    )
    return f"{parts} ORDER BY name"


DIGEST = digest("audit", "throttles")  # where failures are written down, too


async def get(transaction: Transaction, model: type[RowType], key: UUID | bytes) -> RowType:
    """The row with this key. What is changed of it will be written."""
    (column,) = sqlalchemy.inspect(model, raiseerr=True).primary_key
    query = RowQuery(select(model).where(column == argument("key", column.type)))
    (row,) = await transaction.all(query, key=key)
    return row
