"""Rows as the database has them, for what no call tells or allows."""

from uuid import UUID

import sqlalchemy
from sqlalchemy import select

from app.db.engine import Transaction
from app.db.rows import RowQuery, RowType
from app.db.statements import argument


async def get(transaction: Transaction, model: type[RowType], key: UUID | bytes) -> RowType:
    """The row with this key. What is changed of it will be written."""
    (column,) = sqlalchemy.inspect(model, raiseerr=True).primary_key
    query = RowQuery(select(model).where(column == argument("key", column.type)))
    (row,) = await transaction.all(query, key=key)
    return row
