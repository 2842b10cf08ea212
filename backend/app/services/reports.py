"""The use cases of reports: made by users, taken by staff."""

from uuid import UUID

from app.core.clients import Client
from app.core.errors import TooManyRequests
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.kinds.reports import ReportAction, ReportEvent
from app.db.models.reports import (
    InvolvedInReport,
    OwnContent,
    Report,
    ReportCreate,
    ReportDecided,
    ReportedBefore,
    ReportedNotFound,
    ReportForStaff,
    ReportNotFound,
    ReportTaken,
)
from app.db.models.users import UserNotFound
from app.db.repositories.administration import AdministrationRepository
from app.db.repositories.audit import AuditRepository
from app.db.repositories.base import Item
from app.db.repositories.decisions import DecisionRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.reports import ReportReader, ReportRepository
from app.db.repositories.throttles import Attempt, ThrottleRepository
from app.db.repositories.users import UserRepository
from app.postgres.transactions import Transaction
from app.services.reported_things import ReportedThings
from app.services.safeguards import Safeguards


class ReportService:
    """The use cases of reports. Accounts are locked before the report.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
        safeguards: The settings with the rate limits.
    """

    def __init__(self, transaction: Transaction, client: Client, safeguards: Safeguards) -> None:
        self._transaction = transaction
        self._accounts = AdministrationRepository(transaction)
        self._audit = AuditRepository(transaction)
        self._decisions = DecisionRepository(transaction)
        self._events = EventRepository(transaction)
        self._reports = ReportRepository(transaction)
        self._shown = ReportReader(transaction)
        self._things = ReportedThings(transaction)
        self._throttles = ThrottleRepository(transaction, safeguards.keyring)
        self._users = UserRepository(transaction)
        self._client = client
        self._limit = safeguards.limits.reports_per_account

    @raises(ReportedNotFound, OwnContent, ReportedBefore, TooManyRequests)
    async def make(self, caller: Bearer, draft: ReportCreate) -> Report:
        """Reports a thing that the caller sees, once, and copies it."""
        seen = await self._things.see(caller, draft.path)
        if seen.author_id == caller.user_id:
            raise OwnContent
        try:
            await self._accounts.lock(caller, seen.author_id)
        except UserNotFound:  # deleted meanwhile, and the thing with it
            raise ReportedNotFound from None
        report = Report(
            reporter_id=caller.user_id,
            subject=seen.subject,
            path=draft.path,
            author_id=seen.author_id,
            kind=draft.kind,
            words=draft.words,
            content=seen.content,
        )
        await self._reports.add(report)
        self._events.record(caller.user_id, ReportEvent.CREATED, report.id)
        attempt = Attempt(self._limit, ("account", str(caller.user_id)))
        await self._throttles.take_within(self._transaction, attempt)
        return report

    @raises(ReportNotFound, InvolvedInReport)
    async def read(self, caller: Bearer, report_id: UUID) -> Item:
        """A report with the copy of the thing, for staff other than its author.

        The author never learns who the reporter or the notifier is.
        """
        found = await self._shown.for_staff(caller, report_id)
        author_id = ReportForStaff.model_validate_json(found.json).author.id
        if author_id == caller.user_id:
            raise InvolvedInReport
        self._record(ReportAction.REPORT_READ, caller, report_id, author_id)
        return found

    @raises(ReportNotFound, ReportDecided, ReportTaken, InvolvedInReport)
    async def take(self, caller: Bearer, report_id: UUID) -> None:
        """Takes a report, so that no other member of staff decides about it."""
        report = await self._lock(report_id)
        report.demand_free(caller.user_id, await self._decisions.deciders(report_id))
        if report.take(caller.user_id):
            self._events.record(caller.user_id, ReportEvent.TAKEN, report.id)
            self._record(ReportAction.REPORT_TAKEN, caller, report.id, report.author_id)

    @raises(ReportNotFound, ReportDecided)
    async def release(self, caller: Bearer, report_id: UUID) -> None:
        """Has a report wait for another member of staff."""
        report = await self._lock(report_id)
        if report.release():
            self._events.record(caller.user_id, ReportEvent.RELEASED, report.id)
            self._record(ReportAction.REPORT_RELEASED, caller, report.id, report.author_id)

    async def _lock(self, report_id: UUID) -> Report:
        """Locks a report, and keeps its author, whom the audit names, from being deleted before."""
        report = await self._reports.find(report_id)
        await self._users.hold_undeleted(report.author_id)
        return await self._reports.lock(report_id)

    def _record(
        self, action: ReportAction, caller: Bearer, report_id: UUID, author_id: UUID
    ) -> None:
        self._audit.record(
            action,
            self._client,
            actor_id=caller.user_id,
            user_id=author_id,
            report_id=str(report_id),
        )
