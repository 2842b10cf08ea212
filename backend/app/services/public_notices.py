"""The use case of notices: reports by persons without an account."""

import json
from uuid import UUID, uuid4

from app.core.clients import Client
from app.core.errors import NotFound, TooManyRequests
from app.core.names import mailbox_key
from app.core.raising import raises
from app.db.models.kinds.public_notices import PublicNoticeTask
from app.db.models.kinds.reports import ReportEvent
from app.db.models.profiles import ProfileDetail
from app.db.models.public_notices import (
    MOST_NEW_NOTICES,
    EnoughNotices,
    LocationNotFound,
    NoticeCreate,
)
from app.db.models.reports import Report
from app.db.repositories.events import EventRepository
from app.db.repositories.profiles import ProfileReader
from app.db.repositories.public_notices import PublicNoticeRepository
from app.db.repositories.reports import ReportRepository
from app.db.repositories.tasks import TaskRepository
from app.db.repositories.throttles import Attempt, ThrottleRepository
from app.db.repositories.uploads import UploadRepository
from app.db.repositories.users import UserRepository
from app.postgres.statements import Source
from app.postgres.transactions import Transaction
from app.services.reported_addresses import demand_reported, named_profile, path_at, photo_file
from app.services.reported_things import ReportedThings, Seen
from app.services.safeguards import Safeguards

REFERENCES = "references of notices"
"""The purpose of the key of references."""


class PublicNoticeService:
    """Takes notices about what visitors see.

    No response tells whether an address has given notice of a thing before: the author could try
    the addresses of others. So the reference is a keyed hash of both, and not the id of the report,
    which the author reads in the decision; and the same notice again has the same response.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
        safeguards: The settings with the rate limits, and the keys.
        source: Counts attempts, outside of the transaction, so that they count if it fails, too.
    """

    def __init__(
        self, transaction: Transaction, client: Client, safeguards: Safeguards, source: Source
    ) -> None:
        self._events = EventRepository(transaction)
        self._notices = PublicNoticeRepository(transaction)
        self._profiles = ProfileReader(transaction)
        self._reports = ReportRepository(transaction)
        self._tasks = TaskRepository(transaction)
        self._things = ReportedThings(transaction)
        self._uploads = UploadRepository(transaction)
        self._users = UserRepository(transaction)
        self._throttles = ThrottleRepository(source, safeguards.keyring)
        self._client = client
        self._keyring = safeguards.keyring
        self._limits = safeguards.limits
        self._public_url = safeguards.public_url

    @raises(LocationNotFound, EnoughNotices, TooManyRequests)
    async def give(self, draft: NoticeCreate) -> UUID:
        """Reports a thing that visitors see, once for each address, and mails the receipt to it.

        Returns:
            The reference.
        """
        await self._throttles.take(self._attempts(draft.email))
        path, seen = await self._see(draft.location)
        # The lock also has notices about one thing counted one after the other.
        if await self._users.lock_undeleted(seen.author_id) is None:
            raise LocationNotFound
        if await self._notices.new(path) >= MOST_NEW_NOTICES:
            raise EnoughNotices
        reference = self._reference(draft.email, path)
        report_id = await self._notices.given(reference)
        if report_id is None:
            report_id = await self._report(draft, path, seen, reference)
        if draft.email:
            self._tasks.enqueue(PublicNoticeTask.RECEIPT, {"report_id": str(report_id)})
        return reference

    async def _report(self, draft: NoticeCreate, path: str, seen: Seen, reference: UUID) -> UUID:
        report = Report(
            reference=reference,
            notifier_name=draft.full_name,
            notifier_email=draft.email,
            notifier_language=draft.language if draft.email else None,
            subject=seen.subject,
            path=path,
            author_id=seen.author_id,
            kind=draft.kind,
            words=draft.words,
            content=seen.content,
        )
        await self._reports.add(report)
        self._events.record(None, ReportEvent.CREATED, report.id)
        return report.id

    def _attempts(self, email: str | None) -> list[Attempt]:
        limits = self._limits
        attempts = list(Attempt.by_network(limits.mails_per_address, self._client))
        if email:
            mailbox = ("mailbox", mailbox_key(email))
            attempts.append(Attempt.by_stranger(limits.notices_per_email, mailbox, self._client))
        return attempts

    async def _see(self, location: str) -> tuple[str, Seen]:
        """The path of the thing at a location, and the thing as visitors see it."""
        try:
            path = demand_reported(await self._path_at(location))
            return path, await self._things.see(None, path)
        except NotFound:
            raise LocationNotFound from None

    async def _path_at(self, location: str) -> str:
        """The path in the API; people are also named by their usernames, photos by their files."""
        path = path_at(location, self._public_url)
        if name := named_profile(path):
            found = await self._profiles.named(None, name)
            return f"/profiles/{ProfileDetail.model_validate_json(found.json).id}"
        if (file := photo_file(path)) and (upload := await self._uploads.with_file(file)):
            return f"/uploads/{upload.id}"
        return path

    def _reference(self, email: str | None, path: str) -> UUID:
        if email is None:
            return uuid4()
        parts = json.dumps([mailbox_key(email), path])
        return UUID(bytes=self._keyring.disguise(REFERENCES, parts)[:16])
