"""Completes terms that earlier releases have stored, in parts."""

from typing import Any

from sqlalchemy import select, text, tuple_, update

from app.db.models.bookings import Booking
from app.db.models.terms import TERMS_DUE, CleaningRevision, complete
from app.postgres.rows import Row
from app.postgres.statements import Statement, inline, once
from app.postgres.transactions import Transaction

AT_ONCE = 500
"""The batch size, small enough for short locks."""


def _completing(model: type[Row]) -> Statement:
    table: Any = model.metadata.tables[str(model.__tablename__)]
    keys = table.primary_key.columns
    due = (
        select(*keys)
        .where(text(TERMS_DUE))
        .limit(inline(AT_ONCE))
        .with_for_update(key_share=True, skip_locked=True)
    )
    return Statement(
        update(table)
        .where(tuple_(*keys).in_(once(due)))
        .values(terms=complete(table.c.terms))
        .returning(inline(1))
    )


class EarlierTermsRepository:
    """The terms of revisions and bookings, in a unit of work.

    Terms lack fields if they were stored by an earlier release, or by one of its servers during an
    upgrade. Reads add the fields; this writes them. Versions stay, since what is read stays.
    """

    _completing = tuple(_completing(model) for model in (CleaningRevision, Booking))

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def complete(self) -> int:
        """Completes the terms of some rows; returns their number."""
        return sum(
            [len(await statement.fetch(self._transaction)) for statement in self._completing]
        )
