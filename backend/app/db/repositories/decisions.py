"""The queries of decisions about reports."""

from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Text, Uuid, and_, join, or_, select

from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.decisions import (
    CONCERNS_AUTHOR,
    AlreadyAppealed,
    Appeal,
    Decision,
    DecisionNotFound,
    Measure,
)
from app.db.models.reports import Report
from app.db.repositories.base import CALLER_ID, USER_ID, Item, ItemQuery
from app.db.repositories.constraints import constraints
from app.db.repositories.decision_views import HAS_PART, OF_REPORT, decision_json
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape
from app.db.repositories.reports import REPORT_ID
from app.postgres.statements import Source, Statement, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

DECISION_ID = argument("decision_id", Uuid())
MEASURE = argument("measure", Text())
BESIDE_REPORT = join(Decision, Report, OF_REPORT)


class Taken(NamedTuple):
    """A decision that has taken a measure.

    Args:
        made_at: Its time.
        stands: Whether it is the last one about another report.
    """

    made_at: datetime
    stands: bool


class DecisionRepository:
    """The decisions, in a unit of work. They never change."""

    _of_report = RowQuery(
        select(Decision).where(col(Decision.report_id) == REPORT_ID).order_by(col(Decision.number))
    )
    _one = RowQuery(select(Decision).where(col(Decision.id) == DECISION_ID))
    _of_side = RowQuery(
        select(Decision).select_from(BESIDE_REPORT).where(col(Decision.id) == DECISION_ID, HAS_PART)
    )

    _taken = Statement(
        select(
            col(Decision.made_at),
            and_(col(Report.id) != REPORT_ID, col(Decision.number) == col(Report.decisions)).label(
                "stands"
            ),
        )
        .select_from(BESIDE_REPORT)
        .where(
            col(Decision.author_id) == USER_ID,
            col(Decision.measure) == MEASURE,
            or_(inline(Measure.BLOCK) == MEASURE, col(Report.path) == argument("path", Text())),
        )
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, decision: Decision) -> None:
        """Stores a new decision."""
        self._transaction.add(decision)

    async def add_appeal(self, appeal: Appeal) -> None:
        """Stores a new appeal.

        Raises:
            AlreadyAppealed: There is one against the decision.
        """
        with constraints({"pk_appeals": AlreadyAppealed}):
            self._transaction.add(appeal)
            await self._transaction.flush()

    async def of_report(self, report_id: UUID) -> list[Decision]:
        """The decisions about a report, the first one first."""
        return await self._transaction.all(self._of_report, report_id=report_id)

    async def deciders(self, report_id: UUID) -> list[UUID]:
        """The members of staff who have decided about a report."""
        return [decision.staff_id for decision in await self.of_report(report_id)]

    async def taken(self, report: Report, measure: Measure) -> list[Taken]:
        """The decisions that have taken a measure about the thing of a report, or its author.

        Args:
            report: The report.
            measure: The measure. A block is about the author, the others are about the thing.
        """
        rows = await self._taken.fetch(
            self._transaction,
            report_id=report.id,
            user_id=report.author_id,
            path=report.path,
            measure=measure,
        )
        return [Taken(*row) for row in rows]

    async def find(self, decision_id: UUID) -> Decision:
        """A decision.

        Raises:
            DecisionNotFound: There is no such decision.
        """
        return await self._found(self._one, decision_id=decision_id)

    async def of_side(self, caller_id: UUID, decision_id: UUID) -> Decision:
        """A decision about a report of which the caller is a side.

        Raises:
            DecisionNotFound: The caller gets no such decision.
        """
        return await self._found(self._of_side, caller_id=caller_id, decision_id=decision_id)

    async def _found(self, query: RowQuery[Decision], **keys: UUID) -> Decision:
        decision = await self._transaction.one(query, **keys)
        if decision is None:
            raise DecisionNotFound
        return decision


def _one(*conditions: ColumnElement[bool], for_staff: bool = False) -> ItemQuery:
    return ItemQuery(
        select().select_from(BESIDE_REPORT).where(col(Decision.id) == DECISION_ID, *conditions),
        item=decision_json(for_staff=for_staff),
        version=inline(1),
        missing=DecisionNotFound,
    )


@cache
def _own(shape: PageShape) -> PageQuery:
    return PageQuery(
        select()
        .select_from(BESIDE_REPORT)
        .where(col(Decision.author_id) == CALLER_ID, CONCERNS_AUTHOR),
        item=decision_json(),
        keys=[col(Decision.id)],
        shape=shape,
        by_index=True,
    )


class DecisionReader:
    """Reads decisions."""

    _one, _for_staff = _one(HAS_PART), _one(for_staff=True)

    def __init__(self, source: Source) -> None:
        self._source = source

    @raises(DecisionNotFound)
    async def one(self, caller: Bearer, decision_id: UUID) -> Item:
        """A decision about a report of which the caller is a side."""
        return await self._one.one(self._source, caller, decision_id=decision_id)

    @raises(DecisionNotFound)
    async def for_staff(self, caller: Bearer, decision_id: UUID) -> Item:
        """A decision. That the caller is staff was checked before."""
        return await self._for_staff.one(self._source, caller, decision_id=decision_id)

    async def own(self, caller: Bearer, request: PageRequest) -> Page:
        """The decisions about what the caller wrote or showed, newest first."""
        return await _own(request.shape).page(self._source, caller, request)
