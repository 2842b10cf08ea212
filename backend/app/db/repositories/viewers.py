"""Viewers: the account of the caller, as each page needs it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select, true

from app.core.security.tokens import Bearer
from app.db.models.blocks import Block
from app.db.models.profiles import Profile
from app.db.models.sessions import Session
from app.db.models.users import User, UserRole
from app.db.repositories.base import CALLER_ID, SESSION_ID, Query
from app.db.repositories.credentials import RECENT
from app.db.repositories.notifications import READ_MARK, UNREAD
from app.db.repositories.threads import unread_threads
from app.postgres.statements import Source, col


class Viewer(NamedTuple):
    """The account and the session of the caller.

    Args:
        id: The account.
        username: Its username.
        full_name: Its full name, if it has told one.
        picture: The picture of its profile.
        role: Its role.
        language: The language that it has chosen.
        email_verified: Whether its email address is verified, so that notifications are mailed.
        is_recent: Whether the login is recent, so that it may change credentials.
        second_factor: Whether a second factor was verified at the login.
        read_mark: How far it has read the notifications.
        unread: The number of its unread notifications.
        unread_threads: The number of its threads with unread messages, up to a limit.
        unread_messages: The number of these messages.
        blocked_ids: The people whom it has blocked.
    """

    id: UUID
    username: str
    full_name: str | None
    picture: Mapping[str, Any] | None
    role: UserRole
    language: str | None
    email_verified: bool
    is_recent: bool
    second_factor: bool
    read_mark: int
    unread: int
    unread_threads: int
    unread_messages: int
    blocked_ids: Collection[UUID]

    @property
    def news(self) -> str:
        """A text that is another one after each notification or message, and after it was read."""
        return f"{self.read_mark} {self.unread} {self.unread_messages}"

    @property
    def is_staff(self) -> bool:
        """Whether it is staff."""
        return self.role is not UserRole.USER


IN_THREADS = unread_threads()
BLOCKED_IDS = func.array(
    select(col(Block.blocked_id)).where(col(Block.blocker_id) == CALLER_ID).scalar_subquery()
)


class ViewerReader:
    """Reads of viewers."""

    _viewer = Query(
        select(
            col(User.id),
            col(User.username),
            col(Profile.full_name),
            col(Profile.picture),
            col(User.role),
            col(User.language),
            col(User.email_verified_at).is_not(None).label("email_verified"),
            RECENT.label("is_recent"),
            col(Session.second_factor),
            READ_MARK.label("read_mark"),
            UNREAD.label("unread"),
            IN_THREADS.c.threads.label("unread_threads"),
            IN_THREADS.c.messages.label("unread_messages"),
            BLOCKED_IDS.label("blocked_ids"),
        )
        .join(Profile, col(Profile.user_id) == User.id)
        .join(Session, col(Session.user_id) == User.id)
        .join(IN_THREADS, true())
        .where(col(User.id) == CALLER_ID, col(Session.id) == SESSION_ID)
    )

    def __init__(self, source: Source) -> None:
        self._source = source

    async def viewer(self, caller: Bearer, since: datetime) -> Viewer:
        """The caller.

        Args:
            caller: The session.
            since: The earliest time of a recent login.

        Raises:
            Unauthenticated: The session has ended, or the account is blocked.
        """
        (row,) = await self._viewer.run(self._source, caller, since=since)
        viewer = Viewer(*row)
        return viewer._replace(role=UserRole(viewer.role))
