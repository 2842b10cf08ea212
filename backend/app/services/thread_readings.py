"""The use cases of readings of threads by staff."""

from uuid import UUID

from app.core.clients import Client
from app.core.errors import TooManyRequests
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.kinds.thread_readings import ThreadReadingAction
from app.db.models.kinds.threads import ThreadEvent
from app.db.models.reported import Reported, reported
from app.db.models.reports import (
    InvolvedInReport,
    Report,
    ReportDecided,
    ReportNotFound,
    ReportTaken,
)
from app.db.models.thread_readings import (
    InvolvedInThread,
    ReportOfNoMessage,
    ThreadReading,
    ThreadReadingCreate,
)
from app.db.models.threads import Thread, ThreadKey, ThreadNotFound
from app.db.repositories.audit import AuditRepository
from app.db.repositories.decisions import DecisionRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.reports import ReportRepository
from app.db.repositories.thread_readings import ThreadReadingRepository
from app.db.repositories.threads import ThreadRepository
from app.db.repositories.throttles import Attempt, ThrottleRepository
from app.db.repositories.uploads import UploadRepository
from app.db.repositories.users import UserRepository
from app.postgres.transactions import Transaction
from app.services.safeguards import Safeguards

BECAUSE_OF_REPORT = "A report about a message of the thread."
"""The reason in the audit. The sides find it in their exports, so it does not tell which report."""


class ThreadReadingService:
    """The use cases of readings. Both sides of the thread are told of each.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
        safeguards: The settings with the rate limits.
    """

    def __init__(self, transaction: Transaction, client: Client, safeguards: Safeguards) -> None:
        self._transaction = transaction
        self._audit = AuditRepository(transaction)
        self._decisions = DecisionRepository(transaction)
        self._events = EventRepository(transaction)
        self._readings = ThreadReadingRepository(transaction)
        self._reports = ReportRepository(transaction)
        self._threads = ThreadRepository(transaction)
        self._throttles = ThrottleRepository(transaction, safeguards.keyring)
        self._uploads = UploadRepository(transaction)
        self._users = UserRepository(transaction)
        self._client = client
        self._limit = safeguards.limits.thread_readings_per_account

    @raises(ThreadNotFound, InvolvedInThread, TooManyRequests)
    async def read_for_reason(self, caller: Bearer, draft: ThreadReadingCreate) -> ThreadReading:
        """Lets a member of staff read a thread for a day, for a reason."""
        key = ThreadKey(draft.cleaning_id, draft.cleaner_id)
        return await self._begin(caller, await self._held(key), reason=draft.reason)

    @raises(
        ReportNotFound,
        ReportDecided,
        ReportTaken,
        InvolvedInReport,
        ReportOfNoMessage,
        ThreadNotFound,
        InvolvedInThread,
        TooManyRequests,
    )
    async def read_for_report(self, caller: Bearer, report_id: UUID) -> ThreadReading:
        """Lets a member of staff read the thread of a reported message for a day."""
        key = await self._thread_of(await self._reports.find(report_id))
        thread = await self._held(key)
        report = await self._reports.lock(report_id)
        report.demand_free(caller.user_id, await self._decisions.deciders(report.id))
        return await self._begin(caller, thread, report_id=report.id)

    async def _thread_of(self, report: Report) -> ThreadKey:
        """The key of the thread of the message that is reported, or whose photo is."""
        subject, parts = reported(report.path)
        if subject is Reported.MESSAGE:
            return ThreadKey(parts["cleaning_id"], parts["cleaner_id"])
        if subject is Reported.PHOTO:
            upload = await self._uploads.find(parts["upload_id"])
            if upload and upload.message_cleaning_id:
                return ThreadKey(upload.message_cleaning_id, upload.message_cleaner_id)
        raise ReportOfNoMessage

    async def _held(self, key: ThreadKey) -> Thread:
        """A thread whose sides, whom the audit names, are kept from being deleted before."""
        thread = await self._threads.find(key)
        for side in sorted((thread.owner_id, thread.cleaner_id)):
            await self._users.hold_undeleted(side)
        return thread

    async def _begin(
        self,
        caller: Bearer,
        thread: Thread,
        reason: str | None = None,
        report_id: UUID | None = None,
    ) -> ThreadReading:
        if caller.user_id in {thread.owner_id, thread.cleaner_id}:
            raise InvolvedInThread
        reading = ThreadReading(
            staff_id=caller.user_id,
            cleaning_id=thread.cleaning_id,
            owner_id=thread.owner_id,
            cleaner_id=thread.cleaner_id,
            report_id=report_id,
            reason=reason,
        )
        self._readings.add(reading)
        self._record(reading, thread)
        attempt = Attempt(self._limit, ("account", str(caller.user_id)))
        await self._throttles.take_within(self._transaction, attempt)
        return reading

    def _record(self, reading: ThreadReading, thread: Thread) -> None:
        """Records an event, and an entry of the audit about each side."""
        kind = ThreadEvent.READ_FOR_REPORT if reading.report_id else ThreadEvent.READ_BY_STAFF
        facts = {"reason": reading.reason} if reading.reason else {}
        self._events.record_within(thread.place, reading.staff_id, kind, thread.id, **facts)
        for side in (thread.owner_id, thread.cleaner_id):
            self._audit.record(
                ThreadReadingAction.THREAD_READ,
                self._client,
                actor_id=reading.staff_id,
                user_id=side,
                reason=reading.reason or BECAUSE_OF_REPORT,
                thread_reading_id=str(reading.id),
            )
