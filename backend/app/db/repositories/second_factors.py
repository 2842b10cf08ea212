"""The queries of second factors."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import LargeBinary, Uuid, delete, func, select

from app.core.security.tokens import Bearer
from app.db.models.second_factors import RecoveryCode, SecondFactor, SecondFactorPublic
from app.db.models.sessions import Session
from app.db.models.users import User
from app.db.repositories.base import CALLER_ID, SESSION_ID, USER_ID, Query
from app.postgres.statements import Source, Statement, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

OWN = (col(SecondFactor.user_id) == CALLER_ID, col(SecondFactor.confirmed_at).is_not(None))


class SecondFactorRepository:
    """The second factors, in a unit of work."""

    _locking = RowQuery(
        select(SecondFactor).where(col(SecondFactor.user_id) == USER_ID).with_for_update()
    )
    _next_due = Statement(
        select(col(User.id))
        .join(SecondFactor, col(SecondFactor.user_id) == User.id)
        .where(col(SecondFactor.removal_due_at) <= func.now())
        .order_by(col(SecondFactor.removal_due_at))
        .limit(inline(1))
        .with_for_update(of=User, skip_locked=True)
    )
    _pending = Statement(
        select(col(SecondFactor.user_id)).where(
            col(SecondFactor.removal_id) == argument("removal_id", Uuid()),
            col(SecondFactor.removal_due_at).is_not(None),  # of which there is an index
        )
    )
    _removing = Statement(delete(SecondFactor).where(col(SecondFactor.user_id) == USER_ID))
    _using = Statement(
        delete(RecoveryCode)
        .where(
            col(RecoveryCode.user_id) == USER_ID,
            col(RecoveryCode.hash) == argument("hash", LargeBinary()),
        )
        .returning(col(RecoveryCode.hash))
    )
    _forgetting = Statement(delete(RecoveryCode).where(col(RecoveryCode.user_id) == USER_ID))

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, factor: SecondFactor) -> None:
        """Adds a new second factor."""
        self._transaction.add(factor)

    async def lock(self, user_id: UUID) -> SecondFactor | None:
        """The second factor of a user, on or not, locked until the end of the transaction."""
        return await self._transaction.one(self._locking, user_id=user_id)

    async def next_due(self) -> UUID | None:
        """The account whose second factor is to be removed first, if one is due.

        It is kept from others until the transaction ends. Accounts that others keep are skipped.
        """
        rows = await self._next_due.fetch(self._transaction)
        return rows[0]["id"] if rows else None

    async def owner_of(self, removal_id: UUID) -> UUID | None:
        """The account whose second factor a pending removal is about."""
        rows = await self._pending.fetch(self._transaction, removal_id=removal_id)
        return rows[0]["user_id"] if rows else None

    async def remove(self, user_id: UUID) -> None:
        """Removes the second factor of a user, if they have any, and its recovery codes."""
        await self._removing.fetch(self._transaction, user_id=user_id)

    async def replace_recovery_codes(self, user_id: UUID, hashes: Iterable[bytes]) -> None:
        """Keeps new recovery codes in place of those that a user has."""
        await self._forgetting.fetch(self._transaction, user_id=user_id)
        for code_hash in hashes:
            self._transaction.add(RecoveryCode(user_id=user_id, hash=code_hash))

    async def use_recovery_code(self, user_id: UUID, code_hash: bytes) -> bool:
        """Uses a recovery code up; of several who try at once, one succeeds.

        Returns:
            Whether there was such a code.
        """
        used = await self._using.fetch(self._transaction, user_id=user_id, hash=code_hash)
        return bool(used)


class SecondFactorReader:
    """Reads of second factors: whether they have one."""

    _own = Query(
        select(
            col(SecondFactor.confirmed_at),
            col(SecondFactor.removal_due_at),
            select(func.count())
            .where(col(RecoveryCode.user_id) == CALLER_ID)
            .scalar_subquery()
            .label("left"),
        ).where(*OWN)
    )
    _shown = Query(
        select(col(Session.id))
        .join(SecondFactor, col(SecondFactor.user_id) == Session.user_id)
        .where(col(Session.id) == SESSION_ID, col(Session.second_factor), *OWN)
    )

    def __init__(self, source: Source) -> None:
        self._source = source

    async def own(self, caller: Bearer) -> SecondFactorPublic:
        """Whether the caller has a second factor."""
        (row,) = await self._own.run(self._source, caller)
        return SecondFactorPublic(
            on_since=row["confirmed_at"],
            recovery_codes_left=row["left"] or 0,
            removal_due_at=row["removal_due_at"],
        )

    async def is_shown(self, caller: Bearer) -> bool:
        """Whether the caller has a second factor and has shown it in this session.

        Raises:
            Unauthenticated: The session has ended.
        """
        (row,) = await self._shown.run(self._source, caller)
        return row["id"] is not None
