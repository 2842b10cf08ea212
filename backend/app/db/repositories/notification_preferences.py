"""The queries of the preferences of notifications."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Text,
    case,
    cast,
    func,
    join,
    literal_column,
    select,
    true,
)

from app.core.security.tokens import Bearer
from app.db.models.notification_kinds import Group
from app.db.models.notification_preferences import (
    DIGEST_HOUR,
    UNMAILED,
    MailMode,
    NotificationPreferences,
    NotificationPreferencesPublic,
)
from app.db.models.users import User, UserNotFound
from app.db.repositories.base import CALLER_ID, USER_ID, Item, ItemQuery, json_object
from app.db.repositories.suppressions import is_suppressed
from app.postgres.statements import Source, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction


def is_listed(group: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a group is listed, of preferences that may be missing."""
    chosen = col(NotificationPreferences.app).op("->>", return_type=Text())(group)
    return func.coalesce(cast(chosen, Boolean), true())


def mode_of(group: ColumnElement[str]) -> ColumnElement[str]:
    """The `MailMode` of a group, of preferences that may be missing."""
    chosen = col(NotificationPreferences.mail).op("->>", return_type=Text())(group)
    default = case(
        (group == inline(UNMAILED), inline(MailMode.OFF)), else_=inline(MailMode.AT_ONCE)
    )
    return func.coalesce(chosen, default)


class NotificationPreferencesRepository:
    """The preferences of notifications, in a unit of work."""

    _locking = RowQuery(
        select(NotificationPreferences)
        .where(col(NotificationPreferences.user_id) == USER_ID)
        .with_for_update()
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def lock(self, user_id: UUID) -> NotificationPreferences:
        """The preferences of a user, locked until the end of the transaction.

        The account is locked, so that only one transaction finds that they are not stored yet.
        """
        stored = await self._transaction.one(self._locking, user_id=user_id)
        return stored or NotificationPreferences(user_id=user_id)

    def save(self, preferences: NotificationPreferences) -> None:
        """Stores changed preferences."""
        self._transaction.add(preferences)


def _by_group(value: Callable[[ColumnElement[str]], ColumnElement[Any]]) -> ColumnElement[Any]:
    """A JSON object with a value for each group."""
    pairs: list[ColumnElement[Any]] = []
    for group in Group:
        pairs += [literal_column(f"'{group}'"), value(inline(group))]
    return func.json_build_object(*pairs)


class NotificationPreferencesReader:
    """Reads of the preferences of notifications."""

    _own = ItemQuery(
        select()
        .select_from(join(User, NotificationPreferences, isouter=True))
        .where(col(User.id) == CALLER_ID),
        item=json_object(
            NotificationPreferencesPublic,
            NotificationPreferences,
            app=_by_group(is_listed),
            mail=_by_group(mode_of),
            email_verified=col(User.email_verified_at).is_not(None),
            email_refused=is_suppressed(CALLER_ID),
            digest_hour=func.coalesce(NotificationPreferences.digest_hour, inline(DIGEST_HOUR)),
        ),
        version=func.coalesce(NotificationPreferences.version, inline(1)),
        missing=UserNotFound,
    )

    def __init__(self, source: Source) -> None:
        self._source = source

    async def own(self, caller: Bearer) -> Item:
        """The preferences of the caller; the version is 1 until they are changed."""
        return await self._own.one(self._source, caller)
