"""The queries of notices by persons without an account."""

from uuid import UUID

from sqlalchemy import Text, func, select

from app.db.models.reports import Report
from app.db.repositories.reports import REFERENCE
from app.postgres.statements import Statement, argument, col, inline
from app.postgres.transactions import Transaction


class PublicNoticeRepository:
    """The notices, in a unit of work."""

    _given = Statement(select(col(Report.id)).where(col(Report.reference) == REFERENCE))
    _new = Statement(
        select(func.count()).where(
            col(Report.path) == argument("path", Text()),
            col(Report.reporter_id).is_(None),
            col(Report.decisions) == inline(0),
        )
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def given(self, reference: UUID) -> UUID | None:
        """The id of the notice with a reference; None if there is none."""
        rows = await self._given.fetch(self._transaction, reference=reference)
        return rows[0]["id"] if rows else None

    async def new(self, path: str) -> int:
        """How many notices about a thing wait for their first decision."""
        ((count,),) = await self._new.fetch(self._transaction, path=path)
        return int(count)
