"""The use cases of messages."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.core.clients import Client
from app.core.contacts import contact_details
from app.core.errors import PreconditionFailed, TooManyRequests
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.core.versions import ExpectedVersion
from app.db.models.blocks import NotPossible
from app.db.models.kinds.messages import MessageAction
from app.db.models.kinds.threads import ThreadEvent
from app.db.models.messages import (
    Message,
    MessageCreate,
    MessageNotEditable,
    MessageNotFound,
    MessageUpdate,
    NotSender,
)
from app.db.models.threads import Sides, Thread, ThreadClosed, ThreadKey, ThreadNotFound
from app.db.models.uploads import UploadAttached, UploadNotFound, UploadRefused
from app.db.models.users import User
from app.db.repositories.audit import AuditRepository
from app.db.repositories.blocks import BlockRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.messages import MessageReader, MessageRepository
from app.db.repositories.pages import Page, PageRequest
from app.db.repositories.threads import ThreadRepository
from app.db.repositories.throttles import Attempt, ThrottleRepository
from app.db.repositories.uploads import UploadRepository
from app.postgres.transactions import Transaction
from app.services.safeguards import Safeguards


class MessageService:
    """The use cases of messages.

    Each locks the job and the offer of the thread, or its order, against changes first, then the
    thread or the message, then uploads by their ids.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
        safeguards: The settings with the rate limits, and with the country of the market.
    """

    def __init__(self, transaction: Transaction, client: Client, safeguards: Safeguards) -> None:
        self._transaction = transaction
        self._audit = AuditRepository(transaction)
        self._blocks = BlockRepository(transaction)
        self._events = EventRepository(transaction)
        self._messages = MessageRepository(transaction)
        self._reader = MessageReader(transaction)
        self._threads = ThreadRepository(transaction)
        self._throttles = ThrottleRepository(transaction, safeguards.keyring)
        self._uploads = UploadRepository(transaction)
        self._client = client
        self._limit = safeguards.limits.messages_per_account
        self._region = safeguards.phone_region

    @raises(
        ThreadNotFound,
        ThreadClosed,
        NotPossible,
        UploadNotFound,
        UploadRefused,
        UploadAttached,
        TooManyRequests,
    )
    async def send(self, caller: User, key: ThreadKey, draft: MessageCreate) -> Message:
        """Sends a message, or returns the one that was sent under the same id of the client."""
        sides = await self._threads.lock_sides(caller.id, key)
        thread = await self._threads.lock_begun(sides)
        if draft.client_id is not None:
            sent = await self._messages.sent(sides.key, caller.id, draft.client_id)
            if sent is not None:
                return sent
        self._demand_open(sides)
        message = Message(
            cleaning_id=sides.cleaning_id,
            cleaner_id=sides.cleaner_id,
            number=thread.hand_out(caller.id),
            sender_id=caller.id,
            client_id=draft.client_id,
            text=draft.text,
            contacts=self._to_be_flagged(sides, draft.text),
        )
        self._messages.add(message)
        if draft.photos:
            await self._attach(message, draft.photos)
        unread = thread.unread_of_other(caller.id)
        self._record(ThreadEvent.MESSAGE_SENT, sides, thread, message, unread=unread)
        await self._count(caller)
        return message

    @raises(
        ThreadNotFound,
        ThreadClosed,
        MessageNotFound,
        NotSender,
        MessageNotEditable,
        NotPossible,
        TooManyRequests,
        PreconditionFailed,
    )
    async def edit(
        self,
        caller: User,
        key: ThreadKey,
        number: int,
        changes: MessageUpdate,
        expected: ExpectedVersion,
    ) -> None:
        """Changes the text of a message. The earlier text is kept as a version."""
        sides = await self._threads.lock_sides(caller.id, key)
        thread = await self._threads.lock(sides.key)
        if thread is None:
            raise MessageNotFound
        message = await self._messages.lock(sides.key, number)
        message.demand_editable(caller.id)
        self._demand_open(sides)
        expected.demand(message.version)
        if changes.text is None:
            return
        former = message.edit(changes.text, self._to_be_flagged(sides, changes.text))
        if former is not None:
            self._messages.add(former)
            self._record(ThreadEvent.MESSAGE_EDITED, sides, thread, message)
            await self._count(caller)

    async def read_flagged(self, caller: Bearer, request: PageRequest) -> Page:
        """The messages with contact details that were sent before a booking, for staff."""
        page = await self._reader.flagged(caller, request)
        self._audit.record(MessageAction.FLAGGED_READ, self._client, actor_id=caller.user_id)
        return page

    async def _attach(self, message: Message, ids: Sequence[UUID]) -> None:
        """Attaches uploads of the sender to a message, in this order."""
        uploads = await self._uploads.lock_given(message.sender_id, ids)
        for upload in uploads:
            upload.attach(message=message, place=ids.index(upload.id))

    def _demand_open(self, sides: Sides) -> None:
        """Refuses texts in a closed thread, and between people of whom one has blocked the other.

        While the job is booked, the two must be able to talk.
        """
        sides.demand_open()
        if not sides.under_way:
            self._blocks.demand_free(sides.owner_id, sides.cleaner_id)

    def _to_be_flagged(self, sides: Sides, text: str) -> list[str]:
        """The kinds of contact details in a text that is sent before a booking."""
        if sides.booked:
            return []
        return sorted({detail.kind for detail in contact_details(text, self._region)})

    def _record(
        self, kind: ThreadEvent, sides: Sides, thread: Thread, message: Message, **facts: Any
    ) -> None:
        """Records an event by the sender. An event can't refer to a job that there is not yet."""
        job = None if sides.ordered else sides.cleaning_id
        if sides.ordered:
            facts["order_id"] = str(sides.cleaning_id)
        number = message.number
        self._events.record(message.sender_id, kind, thread.id, job, number=number, **facts)

    async def _count(self, caller: User) -> None:
        """Writes what is pending, and counts it towards the limit of the sender."""
        attempt = Attempt(self._limit, ("account", str(caller.id)))
        await self._throttles.take_within(self._transaction, attempt)
