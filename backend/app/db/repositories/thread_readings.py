"""The queries of readings of threads by staff."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Exists, Uuid, exists, func, or_, select

from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.messages import Message
from app.db.models.sessions import Session
from app.db.models.thread_readings import (
    READ_FOR,
    MessageForStaff,
    ThreadReading,
    ThreadReadingNotFound,
    ThreadReadingPublic,
)
from app.db.models.users import User, UserRole
from app.db.repositories.base import CALLER_ID, SESSION_ID, Item, ItemQuery, json_object
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape
from app.db.repositories.person_views import Person
from app.db.repositories.sessions import IS_LOGIN
from app.db.repositories.thread_views import earlier_texts, message_photos
from app.postgres.statements import Source, argument, col, inline
from app.postgres.transactions import Transaction

IS_OWN = col(ThreadReading.staff_id) == CALLER_ID
LASTS = col(ThreadReading.created_at) > func.now() - READ_FOR
IS_WANTED = (col(ThreadReading.id) == argument("reading_id", Uuid()), IS_OWN, LASTS)
ENDS_AT: ColumnElement[Any] = col(ThreadReading.created_at) + READ_FOR


NEEDS_SECOND_FACTOR = argument("needs_second_factor", Boolean())
"""Whether staff must log in with a second factor."""


def is_read_by_staff(cleaning_id: ColumnElement[Any], cleaner_id: ColumnElement[Any]) -> Exists:
    """Whether the caller is staff, logged in as staff must, and has a reading of a thread.

    The reading lasts, and the caller is no program.

    Args:
        cleaning_id: The job of the thread, or the order.
        cleaner_id: The cleaner.
    """
    return exists(
        select(col(ThreadReading.id))
        .join(User, col(User.id) == ThreadReading.staff_id)
        .join(Session, col(Session.id) == SESSION_ID)
        .where(
            *(IS_LOGIN, or_(~NEEDS_SECOND_FACTOR, col(Session.second_factor))),
            *(IS_OWN, LASTS, col(User.role) != inline(UserRole.USER)),
            col(ThreadReading.cleaning_id) == cleaning_id,
            col(ThreadReading.cleaner_id) == cleaner_id,
        )
    )


class ThreadReadingRepository:
    """The readings, in a unit of work. They never change."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, reading: ThreadReading) -> None:
        """Stores a new reading."""
        self._transaction.add(reading)


def _one() -> ItemQuery:
    owner, cleaner = Person(col(ThreadReading.owner_id)), Person(col(ThreadReading.cleaner_id))
    return ItemQuery(
        select().select_from(owner.joined(cleaner.joined(ThreadReading))).where(*IS_WANTED),
        item=json_object(
            ThreadReadingPublic,
            ThreadReading,
            owner=owner.json,
            cleaner=cleaner.json,
            ends_at=ENDS_AT,
        ),
        version=inline(1),
        missing=ThreadReadingNotFound,
    )


@cache
def _messages(shape: PageShape) -> PageQuery:
    def of_reading(column: Any) -> ColumnElement[Any]:
        return select(col(column)).where(*IS_WANTED).scalar_subquery()

    return PageQuery(
        select()
        .select_from(Message)
        .where(
            col(Message.cleaning_id) == of_reading(ThreadReading.cleaning_id),
            col(Message.cleaner_id) == of_reading(ThreadReading.cleaner_id),
        ),
        item=json_object(
            MessageForStaff,
            Message,
            earlier_texts=earlier_texts(),
            contacts=func.to_json(col(Message.contacts)),
            photos=message_photos(),
        ),
        keys=[col(Message.number)],
        shape=shape,
        by_index=True,
        within=select(col(ThreadReading.id)).where(*IS_WANTED),
        missing=ThreadReadingNotFound,
    )


class ThreadReadingReader:
    """Reads by staff of threads. That the caller is staff was checked before."""

    _one = _one()

    def __init__(self, source: Source) -> None:
        self._source = source

    @raises(ThreadReadingNotFound)
    async def one(self, caller: Bearer, reading_id: UUID) -> Item:
        """A reading of the caller that lasts."""
        return await self._one.one(self._source, caller, reading_id=reading_id)

    @raises(ThreadReadingNotFound)
    async def messages(self, caller: Bearer, reading_id: UUID, request: PageRequest) -> Page:
        """The messages of the thread of a reading of the caller that lasts, newest first."""
        query = _messages(request.shape)
        return await query.page(self._source, caller, request, reading_id=reading_id)
