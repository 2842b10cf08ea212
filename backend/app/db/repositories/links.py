"""The queries of links."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, and_, any_, delete, func, or_, select

from app.db.models.fields import now
from app.db.models.links import LIFETIMES, Link, LinkInvalid, LinkPurpose
from app.db.models.sessions import Session
from app.db.repositories.base import USER_ID
from app.postgres.statements import Statement, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

LINK_ID = argument("link_id", Uuid())
ASKED_FOR_WITHOUT_SESSION = and_(
    col(Link.session_id).is_(None), col(Link.purpose) != inline(LinkPurpose.CHANGE_EMAIL)
)
SESSION_HOLDS = (
    select(Session)
    .where(col(Session.id) == Link.session_id, col(Session.expires_at) > func.now())
    .exists()
)


def pending_email(user_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """The new address of an account that waits for its confirmation, the latest of several."""
    return (
        select(col(Link.email))
        .where(
            col(Link.user_id) == user_id,
            col(Link.purpose) == inline(LinkPurpose.CHANGE_EMAIL),
            col(Link.expires_at) > func.now(),
            SESSION_HOLDS,
        )
        .order_by(col(Link.id).desc())
        .limit(inline(1))
        .scalar_subquery()
    )


class Opened(NamedTuple):
    """What a link was made for.

    Args:
        user_id: Whose link it was.
        purpose: What opening it does.
        email: The address that it was mailed to.
    """

    user_id: UUID
    purpose: LinkPurpose
    email: str


class LinkRepository:
    """The links, in a unit of work."""

    _opening = Statement(
        delete(Link)
        .where(
            col(Link.id) == LINK_ID,
            col(Link.purpose) == any_(argument("purposes", ARRAY(Text()))),
            col(Link.expires_at) > func.now(),
            or_(ASKED_FOR_WITHOUT_SESSION, SESSION_HOLDS),
        )
        .returning(col(Link.user_id), col(Link.purpose), col(Link.email))
    )
    _found = RowQuery(select(Link).where(col(Link.id) == LINK_ID))
    _voiding = Statement(delete(Link).where(col(Link.user_id) == USER_ID))

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(
        self, user_id: UUID, purpose: LinkPurpose, email: str, session_id: UUID | None = None
    ) -> Link:
        """Keeps a new link, which is then to be mailed to the address.

        Args:
            user_id: Whose link it is.
            purpose: What opening it does.
            email: The address.
            session_id: The session that asked for it, if one did: the link ends with it.
        """
        link = Link(
            user_id=user_id,
            session_id=session_id,
            purpose=purpose,
            email=email,
            expires_at=now() + LIFETIMES[purpose],
        )
        self._transaction.add(link)
        return link

    async def find(self, link_id: UUID) -> Link | None:
        """A link that has been neither opened nor made void."""
        return await self._transaction.one(self._found, link_id=link_id)

    async def open(self, link_id: UUID, purposes: Collection[LinkPurpose]) -> Opened:
        """Uses a link up; of several who try at once, one succeeds.

        Raises:
            LinkInvalid: It was opened before, has expired or is for something else, or the
                session that asked for it has ended.
        """
        rows = await self._opening.fetch(
            self._transaction, link_id=link_id, purposes=list(purposes)
        )
        if not rows:
            raise LinkInvalid
        user_id, purpose, email = rows[0]
        return Opened(user_id, LinkPurpose(purpose), email)

    def void(self, user_id: UUID) -> None:
        """Voids all links of a user, since their mailbox may have another reader by now."""
        self._transaction.put(self._voiding, user_id=user_id)
