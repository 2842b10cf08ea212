"""The queries of sessions."""

from collections.abc import Collection
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, Uuid, any_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from app.core.security.tokens import Bearer
from app.db.models.api_keys import ApiKey
from app.db.models.known_devices import KnownDevice
from app.db.models.sessions import KnownAddress, RefreshToken, Session, SessionPublic
from app.db.models.users import User
from app.db.models.webhooks import WebhookEndpoint
from app.db.repositories.base import CALLER_ID, SESSION_ID, USABLE_ACCOUNT, USER_ID, json_object
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape
from app.postgres.statements import Source, Statement, argument, col
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

TOKEN_HASH = argument("token_hash", LargeBinary())
SESSION_IDS: Any = argument("session_ids", ARRAY(Uuid()))
IS_OF_PROGRAM = select(ApiKey).where(col(ApiKey.id) == Session.id).exists()
IS_LOGIN = ~IS_OF_PROGRAM


USED = aliased(RefreshToken)
PREDECESSOR = select(col(USED.predecessor)).where(col(USED.hash) == TOKEN_HASH).scalar_subquery()


@cache
def _own(shape: PageShape) -> PageQuery:
    return PageQuery(
        select()
        .select_from(Session)
        .where(col(Session.user_id) == CALLER_ID, col(Session.expires_at) > func.now(), IS_LOGIN),
        item=json_object(
            SessionPublic,
            Session,
            last_used_at=col(Session.refreshed_at),
            current=col(Session.id) == SESSION_ID,
        ),
        keys=[col(Session.id)],
        shape=shape,
    )


class SessionRepository:
    """The sessions, in a unit of work."""

    _locking = RowQuery(
        select(Session)
        .join(RefreshToken, col(RefreshToken.session_id) == Session.id)
        .join(User, col(User.id) == Session.user_id)
        .where(
            col(RefreshToken.hash) == TOKEN_HASH,
            col(Session.expires_at) > func.now(),
            *USABLE_ACCOUNT,
        )
        .with_for_update(of=Session)
    )
    _tokens = RowQuery(
        select(RefreshToken).where(
            col(RefreshToken.session_id) == SESSION_ID,
            or_(
                col(RefreshToken.hash) == TOKEN_HASH,
                col(RefreshToken.predecessor) == TOKEN_HASH,
                col(RefreshToken.predecessor) == PREDECESSOR,
            ),
        )
    )
    _knowing = insert(KnownAddress).values(
        user_id=USER_ID, address_hash=argument("address_hash", LargeBinary()), used_at=func.now()
    )
    _know = Statement(
        _knowing.on_conflict_do_update(
            index_elements=["user_id", "address_hash"], set_={"used_at": func.now()}
        )
    )
    _knowing_device = insert(KnownDevice).values(
        user_id=USER_ID, device_hash=argument("device_hash", LargeBinary()), used_at=func.now()
    )
    _know_device = Statement(
        _knowing_device.on_conflict_do_update(
            index_elements=["user_id", "device_hash"], set_={"used_at": func.now()}
        )
    )
    _ending = Statement(
        delete(Session)
        .where(col(Session.id) == SESSION_ID, col(Session.user_id) == USER_ID, IS_LOGIN)
        .returning(col(Session.id))
    )
    _ending_keys = Statement(
        delete(Session).where(
            col(Session.user_id) == USER_ID,
            select(ApiKey)
            .where(col(ApiKey.id) == Session.id, col(ApiKey.made_in) == SESSION_ID)
            .exists(),
        )
    )
    _deleting_webhooks = Statement(
        delete(WebhookEndpoint).where(
            col(WebhookEndpoint.user_id) == USER_ID,
            col(WebhookEndpoint.url_set_in) == SESSION_ID,
        )
    )
    _ending_logins = Statement(
        delete(Session).where(
            col(Session.user_id) == USER_ID,
            col(Session.id).is_distinct_from(SESSION_ID),
            IS_LOGIN,
        )
    )
    _ending_all = Statement(delete(Session).where(col(Session.user_id) == USER_ID))
    _deleting_all_webhooks = Statement(
        delete(WebhookEndpoint).where(col(WebhookEndpoint.user_id) == USER_ID)
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, session: Session) -> None:
        """Adds a new session."""
        self._transaction.add(session)

    def add_token(self, token: RefreshToken) -> None:
        """Adds a new refresh token, whose session has been written."""
        self._transaction.add(token)

    def know(self, user_id: UUID, address_hash: bytes, device_hash: bytes) -> None:
        """Remembers where a user has logged in from, and with which device."""
        self._transaction.put(self._know, user_id=user_id, address_hash=address_hash)
        self._transaction.put(self._know_device, user_id=user_id, device_hash=device_hash)

    async def lock(self, token_hash: bytes) -> Session | None:
        """The session that a refresh token belongs to, locked until the end of the transaction.

        Returns:
            None if there is no such token, or the session or the account has ended.
        """
        return await self._transaction.one(self._locking, token_hash=token_hash)

    async def tokens(
        self, session: Session, token_hash: bytes
    ) -> tuple[RefreshToken, list[RefreshToken]]:
        """A refresh token of a session, and those given in exchange for it or for the same one."""
        tokens = await self._transaction.all(
            self._tokens, session_id=session.id, token_hash=token_hash
        )
        (token,) = (token for token in tokens if token.hash == token_hash)
        return token, [other for other in tokens if other is not token]

    async def end(self, user_id: UUID, session_id: UUID) -> bool:
        """Ends a login of a user: its tokens stop working at once.

        Returns:
            Whether there was such a session.
        """
        ended = await self._ending.fetch(self._transaction, user_id=user_id, session_id=session_id)
        return bool(ended)

    async def end_stolen(self, session: Session) -> None:
        """Ends a login of which a thief has the tokens, and what was made in it.

        These are API keys, and webhooks whose URL was set in it: a thief would get events by them.
        """
        arguments = {"user_id": session.user_id, "session_id": session.id}
        await self._deleting_webhooks.fetch(self._transaction, **arguments)
        await self._ending_keys.fetch(self._transaction, **arguments)
        await self._ending.fetch(self._transaction, **arguments)

    async def end_logins(self, user_id: UUID, *, but: UUID | None = None) -> None:
        """Ends the logins of a user; their API keys stay.

        Args:
            user_id: Whose.
            but: The session that goes on.
        """
        await self._ending_logins.fetch(self._transaction, user_id=user_id, session_id=but)

    async def end_all(self, user_id: UUID) -> None:
        """Ends all sessions of a user, and with them their API keys and webhooks."""
        await self._deleting_all_webhooks.fetch(self._transaction, user_id=user_id)
        await self._ending_all.fetch(self._transaction, user_id=user_id)


class SessionReader:
    """Reads of sessions: where they are logged in."""

    _live = Statement(
        select(col(Session.id))
        .join(User, col(User.id) == Session.user_id)
        .where(
            col(Session.id) == any_(SESSION_IDS),
            col(Session.expires_at) > func.now(),
            *USABLE_ACCOUNT,
        )
    )

    def __init__(self, source: Source) -> None:
        self._source = source

    async def own(self, caller: Bearer, request: PageRequest) -> Page:
        """The caller's sessions, newest first."""
        return await _own(request.shape).page(self._source, caller, request)

    async def live(self, session_ids: Collection[UUID]) -> set[UUID]:
        """Those of some sessions that have not ended."""
        rows = await self._live.fetch(self._source, session_ids=list(session_ids))
        return {row["id"] for row in rows}
