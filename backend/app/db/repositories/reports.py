"""The queries of reports."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, Uuid, case, or_, select

from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.reports import (
    Notifier,
    Report,
    ReportedBefore,
    ReportFilters,
    ReportForStaff,
    ReportInQueue,
    ReportNotFound,
    ReportPublic,
)
from app.db.repositories.base import CALLER_ID, Item, ItemQuery, json_object
from app.db.repositories.constraints import constraints
from app.db.repositories.decision_views import decisions_json
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape
from app.db.repositories.person_views import Person
from app.db.repositories.reported import reported_json
from app.postgres.statements import PLANNED_EACH_TIME, Source, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

REPORT_ID = argument("report_id", Uuid())
STATUS, KIND = argument("status", Text()), argument("kind", Text())
REFERENCE = argument("reference", Uuid())
IS_WANTED = col(Report.id) == REPORT_ID
IS_OWN = col(Report.reporter_id) == CALLER_ID
APPEALED: ColumnElement[bool] = (col(Report.decisions) == inline(1)) & col(Report.decided_at).is_(
    None
)


class ReportRepository:
    """The reports, in a unit of work."""

    _one = RowQuery(select(Report).where(IS_WANTED))
    _locking = RowQuery(select(Report).where(IS_WANTED).with_for_update(key_share=True))

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, report: Report) -> None:
        """Stores a new report.

        Raises:
            ReportedBefore: The reporter has reported the thing before.
        """
        with constraints({"uq_reports_reporter_id_path": ReportedBefore}):
            self._transaction.add(report)
            await self._transaction.flush()

    async def find(self, report_id: UUID) -> Report:
        """A report, which is not locked.

        Raises:
            ReportNotFound: There is no such report.
        """
        return await self._found(self._one, report_id)

    async def lock(self, report_id: UUID) -> Report:
        """A report, locked until the end of the transaction.

        Raises:
            ReportNotFound: There is no such report.
        """
        return await self._found(self._locking, report_id)

    async def _found(self, query: RowQuery[Report], report_id: UUID) -> Report:
        report = await self._transaction.one(query, report_id=report_id)
        if report is None:
            raise ReportNotFound
        return report


def _own_one() -> ItemQuery:
    return ItemQuery(
        select().select_from(Report).where(IS_WANTED, IS_OWN),
        item=reported_json(ReportPublic, decisions=decisions_json()),
        version=col(Report.version),
        missing=ReportNotFound,
    )


@cache
def _own(shape: PageShape) -> PageQuery:
    return PageQuery(
        select().select_from(Report).where(IS_OWN),
        item=reported_json(ReportPublic, decisions=decisions_json()),
        keys=[col(Report.id)],
        shape=shape,
        by_index=True,
    )


def _for_staff() -> ItemQuery:
    author = Person(col(Report.author_id))
    reporter = Person(col(Report.reporter_id), optional=True)
    notifier = json_object(
        Notifier, name=col(Report.notifier_name), email=col(Report.notifier_email)
    )
    item = reported_json(
        ReportForStaff,
        author=author.json,
        reporter=reporter.json,
        notifier=case((col(Report.notifier_email).is_not(None), notifier)),
        appealed=APPEALED,
        decisions=decisions_json(for_staff=True),
    )
    return ItemQuery(
        select().select_from(author.joined(reporter.joined(Report))).where(IS_WANTED),
        item=item,
        version=col(Report.version),
        missing=ReportNotFound,
    )


@cache
def _queue(shape: PageShape) -> PageQuery:
    author = Person(col(Report.author_id))
    return PageQuery(
        select()
        .select_from(author.joined(Report))
        .where(
            or_(col(Report.reference) == REFERENCE, col(Report.status) == STATUS),
            or_(KIND.is_(None), col(Report.kind) == KIND),
            or_(REFERENCE.is_(None), col(Report.reference) == REFERENCE),
            PLANNED_EACH_TIME,
        ),
        item=reported_json(ReportInQueue, author=author.json, appealed=APPEALED),
        keys=[col(Report.id)],
        descending=False,
        shape=shape,
    )


class ReportReader:
    """Reads reports: their own by reporters, all of them by staff."""

    _own_one, _for_staff = _own_one(), _for_staff()

    def __init__(self, source: Source) -> None:
        self._source = source

    @raises(ReportNotFound)
    async def one(self, caller: Bearer, report_id: UUID) -> Item:
        """A report of the caller."""
        return await self._own_one.one(self._source, caller, report_id=report_id)

    async def own(self, caller: Bearer, request: PageRequest) -> Page:
        """The reports of the caller, newest first."""
        return await _own(request.shape).page(self._source, caller, request)

    @raises(ReportNotFound)
    async def for_staff(self, caller: Bearer, report_id: UUID) -> Item:
        """A report. That the caller is staff was checked before."""
        return await self._for_staff.one(self._source, caller, report_id=report_id)

    async def queue(self, caller: Bearer, filters: ReportFilters, request: PageRequest) -> Page:
        """The reports in a state, oldest first. That the caller is staff was checked before."""
        given: dict[str, Any] = filters.model_dump(include={"status", "kind", "reference"})
        return await _queue(request.shape).page(self._source, caller, request, **given)
