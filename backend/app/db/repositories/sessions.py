"""The queries of sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, LargeBinary, Uuid, delete, update

from app.core.security import Bearer
from app.db.engine import Transaction
from app.db.models.fields import now
from app.db.models.sessions import Session
from app.db.models.users import User
from app.db.statements import Statement, argument, col

MOMENT = argument("moment", DateTime(timezone=True))
SESSION_ID = argument("session_id", Uuid())


class SessionRepository:
    """The sessions, for a unit of work."""

    _rotating = Statement(
        update(Session)
        .where(
            col(Session.refresh_token_hash) == argument("old_hash", LargeBinary()),
            col(Session.expires_at) > MOMENT,
            col(Session.user_id) == User.id,
            col(User.blocked_at).is_(None),
            col(User.deleted_at).is_(None),
        )
        .values(
            refresh_token_hash=argument("new_hash", LargeBinary()),
            refreshed_at=MOMENT,
            expires_at=argument("until", DateTime(timezone=True)),
        )
        .returning(col(Session.user_id), col(Session.id))
    )
    _ending = Statement(delete(Session).where(col(Session.id) == SESSION_ID))
    _ending_all = Statement(
        delete(Session).where(
            col(Session.user_id) == argument("user_id", Uuid()),
            col(Session.id).is_distinct_from(SESSION_ID),
        )
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, session: Session) -> None:
        """Keeps a new session."""
        self._transaction.add(session)

    async def rotate(self, old_hash: bytes, new_hash: bytes, expires_at: datetime) -> Bearer | None:
        """Replaces a refresh token by another; of several who try at once, one succeeds.

        Args:
            old_hash: The hash of the token that is used up.
            new_hash: The hash of the token that takes its place.
            expires_at: Until when the session now lasts.

        Returns:
            Whose session it is; None if the token is not, or no longer, good.
        """
        rows = await self._rotating.fetch(
            self._transaction,
            old_hash=old_hash,
            new_hash=new_hash,
            moment=now(),
            until=expires_at,
        )
        return Bearer(*rows[0]) if rows else None

    async def end(self, session_id: UUID) -> None:
        """Ends a session: its tokens stop working at once."""
        await self._ending.fetch(self._transaction, session_id=session_id)

    async def end_all(self, user_id: UUID, *, but: UUID | None = None) -> None:
        """Ends the sessions of a user.

        Args:
            user_id: Whose.
            but: The session that goes on.
        """
        await self._ending_all.fetch(self._transaction, user_id=user_id, session_id=but)
