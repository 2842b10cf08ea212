"""The queries of API keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import inf
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, Uuid, delete, func, select, update

from app.core.errors import Unauthenticated
from app.core.security.tokens import Bearer
from app.db.models.api_keys import ApiKey, ApiKeyPublic
from app.db.models.sessions import Session
from app.db.models.users import User
from app.db.repositories.base import CALLER_ID, USABLE_ACCOUNT, USER_ID, json_object
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape
from app.postgres.statements import Source, Statement, argument, col
from app.postgres.transactions import Transaction

KEY_ID = argument("key_id", Uuid())
SESSION_OF_KEY = col(Session.id) == ApiKey.id
LIVE = col(Session.expires_at) > func.now()


@cache
def _own(shape: PageShape) -> PageQuery:
    return PageQuery(
        select()
        .select_from(ApiKey)
        .join(Session, SESSION_OF_KEY)
        .where(col(Session.user_id) == CALLER_ID, LIVE),
        item=json_object(
            ApiKeyPublic,
            ApiKey,
            created_at=col(Session.created_at),
            expires_at=col(Session.expires_at),
        ),
        keys=[col(ApiKey.id)],
        shape=shape,
    )


class ApiKeyRepository:
    """The keys, in a unit of work."""

    _counting = Statement(
        select(func.count())
        .select_from(ApiKey)
        .join(Session, SESSION_OF_KEY)
        .where(col(Session.user_id) == USER_ID, LIVE)
    )
    _ending = Statement(
        delete(Session)
        .where(SESSION_OF_KEY, col(ApiKey.id) == KEY_ID, col(Session.user_id) == USER_ID)
        .returning(col(ApiKey.scopes))
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, key: ApiKey, session: Session) -> None:
        """Adds a new key and its session."""
        self._transaction.add(session)
        self._transaction.add(key)

    async def count(self, user_id: UUID) -> int:
        """The number of keys of a user."""
        rows = await self._counting.fetch(self._transaction, user_id=user_id)
        count: int = rows[0][0]
        return count

    async def end(self, user_id: UUID, key_id: UUID) -> list[str] | None:
        """Deletes a key of a user: it stops working at once.

        Returns:
            Its scopes; None if the key does not exist.
        """
        rows = await self._ending.fetch(self._transaction, user_id=user_id, key_id=key_id)
        return rows[0]["scopes"] if rows else None


class ApiKeyReader:
    """Reads of keys: their own."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def own(self, caller: Bearer, request: PageRequest) -> Page:
        """The caller's keys, newest first."""
        return await _own(request.shape).page(self._source, caller, request)


@dataclass(slots=True)
class KnownKey:
    """A cached key.

    Args:
        bearer: Its account and its session.
        scopes: Its scopes.
        present_hash: Its hash with the present secret.
        marked_at: The time of the last record of its use, by the monotonic clock.
    """

    bearer: Bearer
    scopes: frozenset[str]
    present_hash: bytes
    marked_at: float = -inf


class ApiKeyUses:
    """The use of keys.

    Args:
        source: Where they are looked up. It is not the request's transaction: that a key was used
            is kept even if the request fails.
    """

    _finding = Statement(
        select(col(ApiKey.id), col(Session.user_id), col(ApiKey.scopes))
        .join(Session, SESSION_OF_KEY)
        .join(User, col(User.id) == Session.user_id)
        .where(
            col(ApiKey.hash) == func.any(argument("hashes", ARRAY(LargeBinary()))),
            LIVE,
            *USABLE_ACCOUNT,
        )
    )
    _marking = Statement(
        update(ApiKey)
        .where(col(ApiKey.id) == KEY_ID)
        .values(last_used_at=func.now(), hash=argument("present_hash", LargeBinary()))
    )

    def __init__(self, source: Source) -> None:
        self._source = source

    async def find(self, hashes: Sequence[bytes]) -> KnownKey:
        """Looks up a key.

        Args:
            hashes: Its possible hashes; the first is the one with the present secret.

        Raises:
            Unauthenticated: There is no such key, or its owner's account is blocked.
        """
        rows = await self._finding.fetch(self._source, hashes=hashes)
        if not rows:
            raise Unauthenticated
        key_id, user_id, scopes = rows[0]
        return KnownKey(Bearer(user_id, key_id), frozenset(scopes), hashes[0])

    async def mark(self, key: KnownKey) -> None:
        """Records the use of a key, and its present hash, so that it outlives a previous secret."""
        await self._marking.fetch(
            self._source, key_id=key.bearer.session_id, present_hash=key.present_hash
        )
