"""The queries of sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update

from app.core.security import Bearer
from app.db.engine import Transaction
from app.db.models.fields import now
from app.db.models.sessions import Session
from app.db.models.users import User
from app.db.queries import col


class SessionRepository:
    """The sessions, for a unit of work."""

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
        moment = now()
        statement = (
            update(Session)
            .where(
                col(Session.refresh_token_hash) == old_hash,
                col(Session.expires_at) > moment,
                col(Session.user_id) == User.id,
                col(User.blocked_at).is_(None),
                col(User.deleted_at).is_(None),
            )
            .values(refresh_token_hash=new_hash, refreshed_at=moment, expires_at=expires_at)
            .returning(col(Session.user_id), col(Session.id))
            .execution_options(synchronize_session=False)
        )
        row = (await self._transaction.execute(statement)).one_or_none()
        return Bearer(*row) if row else None

    async def end(self, session_id: UUID) -> None:
        """Ends a session: its tokens stop working at once."""
        await self._transaction.execute(delete(Session).where(col(Session.id) == session_id))

    async def end_all(self, user_id: UUID, *, but: UUID | None = None) -> None:
        """Ends the sessions of a user.

        Args:
            user_id: Whose.
            but: The session that goes on.
        """
        statement = delete(Session).where(col(Session.user_id) == user_id)
        if but is not None:
            statement = statement.where(col(Session.id) != but)
        await self._transaction.execute(statement)
