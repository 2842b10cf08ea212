"""The queries of session cookies."""

from dataclasses import dataclass
from math import inf

from sqlalchemy import DateTime, Interval, LargeBinary, Text, cast, func, select, update

from app.core.clients import Client
from app.core.errors import Unauthenticated
from app.core.security.tokens import Bearer
from app.db.models.sessions import Lifetimes, Session
from app.db.models.users import User
from app.db.repositories.base import SESSION_ID, USABLE_ACCOUNT
from app.postgres.statements import Source, Statement, argument, col

LIVE = col(Session.expires_at) > func.now()
IDLE, LONGEST = argument("idle", Interval()), argument("longest", Interval())


@dataclass(slots=True)
class KnownCookie:
    """A cached cookie.

    Args:
        bearer: Its account and its session.
        marked_at: The time of the last extension of the session, by the monotonic clock.
    """

    bearer: Bearer
    marked_at: float = -inf


class SessionCookies:
    """The sessions of cookies.

    Args:
        source: Runs the statements. It is not the request's transaction: the session is extended
            even if the request fails.
    """

    _finding = Statement(
        select(col(Session.user_id), col(Session.id))
        .join(User, col(User.id) == Session.user_id)
        .where(
            col(Session.cookie_hash) == argument("cookie_hash", LargeBinary()),
            LIVE,
            *USABLE_ACCOUNT,
        )
    )
    _extending = Statement(
        update(Session)
        .where(col(Session.id) == SESSION_ID, LIVE)
        .values(
            device=argument("device", Text()),
            address=argument("address", Text()),
            refreshed_at=func.now(),
            expires_at=func.least(
                cast(func.now(), DateTime(timezone=True)) + IDLE, Session.created_at + LONGEST
            ),
        )
    )

    def __init__(self, source: Source) -> None:
        self._source = source

    async def find(self, cookie_hash: bytes) -> KnownCookie:
        """Looks up the session of a cookie.

        Raises:
            Unauthenticated: It has ended, or its owner's account can't be used.
        """
        rows = await self._finding.fetch(self._source, cookie_hash=cookie_hash)
        if not rows:
            raise Unauthenticated
        return KnownCookie(Bearer(*rows[0]))

    async def extend(self, cookie: KnownCookie, client: Client, lifetimes: Lifetimes) -> None:
        """Extends a session that is used, and records the client."""
        await self._extending.fetch(
            self._source,
            session_id=cookie.bearer.session_id,
            device=client.device,
            address=client.ip,
            idle=lifetimes.idle,
            longest=lifetimes.longest,
        )
