"""The queries of messages."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Uuid, func, select, text, union_all

from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.messages import FlaggedMessage, Message, MessageNotFound, MessageVersion
from app.db.models.question_shapes import VersionPublic
from app.db.models.threads import ThreadKey, ThreadNotFound
from app.db.repositories.base import CLEANING_ID, USER_ID, Item, ItemQuery, json_object
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape
from app.db.repositories.thread_views import (
    CLEANER_ID,
    earlier_texts,
    message_json,
    visible_thread,
)
from app.postgres.statements import Source, argument, col
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

NUMBER = argument("number", Integer())
OF_THREAD = col(Message.cleaning_id) == CLEANING_ID, col(Message.cleaner_id) == CLEANER_ID
WITHIN = visible_thread(CLEANING_ID, CLEANER_ID)
FLAGGED = text("contacts <> '{}'")
"""The condition of the index of flagged messages."""
OF_VISIBLE = (
    col(Message.cleaning_id) == WITHIN.scalar_subquery(),
    col(Message.cleaner_id) == CLEANER_ID,
    col(Message.number) == NUMBER,
)


class MessageRepository:
    """The messages, in a unit of work. The thread is locked before a message is added."""

    _locking = RowQuery(
        select(Message)
        .where(*OF_THREAD, col(Message.number) == NUMBER)
        .with_for_update(key_share=True)
    )
    _sent = RowQuery(
        select(Message).where(
            *OF_THREAD,
            col(Message.sender_id) == USER_ID,
            col(Message.client_id) == argument("client_id", Uuid()),
        )
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, row: Message | MessageVersion) -> None:
        """Adds a new message, or an earlier version of one."""
        self._transaction.add(row)

    async def lock(self, key: ThreadKey, number: int) -> Message:
        """A message, locked until the end of the transaction.

        Raises:
            MessageNotFound: The thread has no such message.
        """
        message = await self._transaction.one(self._locking, number=number, **key._asdict())
        if message is None:
            raise MessageNotFound
        return message

    async def sent(self, key: ThreadKey, sender_id: UUID, client_id: UUID) -> Message | None:
        """The message that a client has sent under an id; None if there is none."""
        return await self._transaction.one(
            self._sent, user_id=sender_id, client_id=client_id, **key._asdict()
        )


def _one() -> ItemQuery:
    return ItemQuery(
        select().select_from(Message).where(*OF_VISIBLE),
        item=message_json(),
        version=col(Message.version),
        missing=MessageNotFound,
    )


@cache
def _page(shape: PageShape) -> PageQuery:
    return PageQuery(
        select().select_from(Message).where(*OF_THREAD),
        item=message_json(),
        keys=[col(Message.number)],
        shape=shape,
        by_index=True,
        within=WITHIN,
        missing=ThreadNotFound,
    )


@cache
def _versions(shape: PageShape) -> PageQuery:
    """The present version of a message, and the earlier ones, of which there are few."""
    present = select(
        col(Message.revision).label("number"),
        col(Message.text).label("text"),
        func.coalesce(col(Message.edited_at), col(Message.created_at)).label("written_at"),
    ).where(*OF_THREAD, col(Message.number) == NUMBER, col(Message.text).is_not(None))
    version: Any = MessageVersion
    earlier = select(version.number, version.text, version.written_at).where(
        version.cleaning_id == CLEANING_ID,
        version.cleaner_id == CLEANER_ID,
        version.message == NUMBER,
    )
    versions = union_all(present, earlier).subquery()
    return PageQuery(
        select().select_from(versions),
        item=json_object(VersionPublic, versions.c),
        keys=[versions.c.number],
        shape=shape,
        within=select(col(Message.number)).where(*OF_VISIBLE),
        missing=MessageNotFound,
    )


@cache
def _flagged(shape: PageShape) -> PageQuery:
    names = ("created_at", "cleaning_id", "cleaner_id", "number")
    return PageQuery(
        select().select_from(Message).where(FLAGGED),
        item=json_object(
            FlaggedMessage,
            Message,
            contacts=func.to_json(col(Message.contacts)),
            earlier_texts=earlier_texts(),
        ),
        keys=[col(getattr(Message, name)) for name in names],
        shape=shape,
        by_index=True,
    )


class MessageReader:
    """Reads messages."""

    _one = _one()

    def __init__(self, source: Source) -> None:
        self._source = source

    @raises(MessageNotFound)
    async def one(self, caller: Bearer, key: ThreadKey, number: int) -> Item:
        """A message in a thread of the caller."""
        return await self._one.one(self._source, caller, number=number, **key._asdict())

    @raises(ThreadNotFound)
    async def page(self, caller: Bearer, key: ThreadKey, request: PageRequest) -> Page:
        """The messages of a thread of the caller, newest first."""
        return await _page(request.shape).page(self._source, caller, request, **key._asdict())

    @raises(MessageNotFound)
    async def versions(
        self, caller: Bearer, key: ThreadKey, number: int, request: PageRequest
    ) -> Page:
        """All versions of a message, newest first."""
        query = _versions(request.shape)
        return await query.page(self._source, caller, request, number=number, **key._asdict())

    async def flagged(self, caller: Bearer, request: PageRequest) -> Page:
        """The flagged messages of all threads, newest first, for staff."""
        return await _flagged(request.shape).page(self._source, caller, request)
