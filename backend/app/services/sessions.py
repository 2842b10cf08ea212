"""How users log in, stay logged in, and log out."""

from datetime import timedelta

from app.core.security import (
    AccessTokens,
    Bearer,
    Passwords,
    new_refresh_token,
    refresh_token_hash,
)
from app.db.engine import Transaction
from app.db.models.events import EventKind, Subject
from app.db.models.fields import now
from app.db.models.sessions import InvalidCredentials, Session, TokenPublic
from app.db.repositories.events import EventRepository
from app.db.repositories.sessions import SessionRepository
from app.db.repositories.users import UserReader
from app.db.statements import Source


class SessionService:
    """The use cases of sessions.

    Args:
        transaction: The unit of work.
        source: Where credentials are read. It is not the transaction, so that no connection
            waits while a password is being verified.
        passwords: Verifies passwords.
        tokens: Signs access tokens.
        lifetime: How long a session lasts from its last refresh.
    """

    def __init__(
        self,
        transaction: Transaction,
        source: Source,
        passwords: Passwords,
        tokens: AccessTokens,
        lifetime: timedelta,
    ) -> None:
        self._events = EventRepository(transaction)
        self._sessions = SessionRepository(transaction)
        self._users = UserReader(source)
        self._passwords = passwords
        self._tokens = tokens
        self._lifetime = lifetime

    async def log_in(self, name: str, password: str) -> TokenPublic:
        """Starts a session.

        Args:
            name: The username, or the email address.
            password: The password of the account.

        Raises:
            InvalidCredentials: They don't belong together, or the account is blocked.
        """
        credentials = await self._users.credentials(name)
        known = credentials.password_hash if credentials else None
        if not await self._passwords.verify(password, known) or credentials is None:
            raise InvalidCredentials
        refresh_token = new_refresh_token()
        session = Session(
            user_id=credentials.user_id,
            refresh_token_hash=refresh_token_hash(refresh_token),
            expires_at=now() + self._lifetime,
        )
        self._sessions.add(session)
        self._events.record(session.user_id, Subject.SESSION, session.id, EventKind.CREATED)
        return self._issue(Bearer(session.user_id, session.id), refresh_token)

    async def refresh(self, refresh_token: str) -> TokenPublic:
        """Goes on with a session; its refresh token is used up and another takes its place.

        Raises:
            InvalidCredentials: The token is not, or no longer, good.
        """
        replacement = new_refresh_token()
        bearer = await self._sessions.rotate(
            refresh_token_hash(refresh_token),
            refresh_token_hash(replacement),
            now() + self._lifetime,
        )
        if bearer is None:
            raise InvalidCredentials
        self._events.record(bearer.user_id, Subject.SESSION, bearer.session_id, EventKind.RENEWED)
        return self._issue(bearer, replacement)

    async def log_out(self, bearer: Bearer) -> None:
        """Ends a session: its tokens stop working at once."""
        await self._sessions.end(bearer.session_id)
        self._events.record(bearer.user_id, Subject.SESSION, bearer.session_id, EventKind.DELETED)

    def _issue(self, bearer: Bearer, refresh_token: str) -> TokenPublic:
        return TokenPublic(
            access_token=self._tokens.issue(bearer),
            refresh_token=refresh_token,
            expires_in=int(self._tokens.lifetime.total_seconds()),
        )
