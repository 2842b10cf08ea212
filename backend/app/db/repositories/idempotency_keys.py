"""The queries of idempotency keys."""

import orjson
from sqlalchemy import BigInteger, LargeBinary, case, func, null, select, update
from sqlalchemy.dialects.postgresql import insert

from app.core.security.keys import Keyring, NotOurs
from app.db.models.idempotency_keys import (
    KEPT_FOR,
    Answer,
    IdempotencyKey,
    IdempotencyKeyInUse,
    IdempotencyKeyReused,
    KeyedRequest,
)
from app.db.repositories.base import USER_ID
from app.postgres.statements import Statement, argument, col
from app.postgres.transactions import Transaction

PURPOSE = "answers"
HASH = argument("hash", LargeBinary())
LOCK_SIZE = 8  # bytes


def _claiming() -> Statement:
    given = select(HASH, USER_ID, func.now(), func.now() + KEPT_FOR)
    free = func.pg_try_advisory_xact_lock(argument("lock", BigInteger()))
    claiming = insert(IdempotencyKey).from_select(
        ["hash", "user_id", "used_at", "expires_at"], given.where(free)
    )
    over = col(IdempotencyKey.expires_at) <= func.now()
    return Statement(
        # A stored response may not be on a replica yet: a commit waits only for its own writes. So
        # a replay writes, too.
        claiming.on_conflict_do_update(
            index_elements=["hash"],
            set_={
                "answer": case((over, null()), else_=IdempotencyKey.answer),
                "used_at": claiming.excluded.used_at,
                "expires_at": case(
                    (over, claiming.excluded.expires_at), else_=IdempotencyKey.expires_at
                ),
            },
        ).returning(col(IdempotencyKey.answer))
    )


class IdempotencyKeyRepository:
    """The idempotency keys, in a unit of work.

    Args:
        transaction: The unit of work.
        keyring: Encrypts the responses.
    """

    _claiming = _claiming()
    _keeping = Statement(
        update(IdempotencyKey)
        .where(col(IdempotencyKey.hash) == HASH)
        .values(answer=argument("answer", LargeBinary()))
    )

    def __init__(self, transaction: Transaction, keyring: Keyring) -> None:
        self._transaction, self._keyring = transaction, keyring

    async def claim(self, request: KeyedRequest) -> Answer | None:
        """Locks the key of a request until the end of the transaction.

        Returns:
            The stored response; None if there is none.

        Raises:
            IdempotencyKeyInUse: Another request has claimed it.
            IdempotencyKeyReused: The key is of another request, or the response can't be decrypted
                with the present secrets.
        """
        lock = int.from_bytes(request.hash[:LOCK_SIZE], signed=True)
        rows = await self._claiming.fetch(
            self._transaction, hash=request.hash, user_id=request.user_id, lock=lock
        )
        if not rows:
            raise IdempotencyKeyInUse
        encrypted = rows[0]["answer"]
        if encrypted is None:
            return None
        try:
            text = self._keyring.decrypt(PURPOSE, encrypted, _bound_to(request))
        except NotOurs as error:
            raise IdempotencyKeyReused from error
        return Answer(**orjson.loads(text))

    def keep(self, request: KeyedRequest, answer: Answer) -> None:
        """Stores the response to a request whose key is claimed."""
        content = orjson.dumps(answer._asdict())
        encrypted = self._keyring.encrypt(PURPOSE, content, _bound_to(request))
        self._transaction.put(self._keeping, hash=request.hash, answer=encrypted)


def _bound_to(request: KeyedRequest) -> bytes:
    return request.hash + request.content
