"""The queries of freed usernames."""

from uuid import UUID

from sqlalchemy import ARRAY, DateTime, LargeBinary, any_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.core.names import text_key
from app.core.security.keys import Keyring
from app.db.models.fields import now
from app.db.models.freed_usernames import KEPT_FREE_FOR, MOST_KEPT, FreedUsername
from app.db.models.usernames import TooManyUsernames, UsernameTaken
from app.db.repositories.base import USER_ID
from app.postgres.statements import Statement, argument, col
from app.postgres.transactions import Transaction

PURPOSE = "freed usernames"
HASHES = argument("hashes", ARRAY(LargeBinary()))


def _keeping() -> Statement:
    keeping = insert(FreedUsername).values(
        name_hash=argument("name_hash", LargeBinary()),
        user_id=USER_ID,
        ends_at=argument("ends_at", DateTime(timezone=True)),
    )
    return Statement(
        keeping.on_conflict_do_update(
            index_elements=["name_hash"],
            set_={"user_id": keeping.excluded.user_id, "ends_at": keeping.excluded.ends_at},
        )
    )


class FreedUsernameRepository:
    """The reserved usernames, in a unit of work.

    Args:
        transaction: The unit of work.
        keyring: Makes the keyed hashes of the names.
    """

    _others = Statement(
        select(col(FreedUsername.name_hash)).where(
            col(FreedUsername.name_hash) == any_(HASHES),
            col(FreedUsername.ends_at) > func.now(),
            or_(col(FreedUsername.user_id).is_(None), col(FreedUsername.user_id) != USER_ID),
        )
    )
    _forgetting = Statement(
        delete(FreedUsername).where(
            col(FreedUsername.name_hash) == any_(HASHES), col(FreedUsername.user_id) == USER_ID
        )
    )
    _keeping = _keeping()
    _counting = Statement(
        select(func.count()).where(
            col(FreedUsername.user_id) == USER_ID, col(FreedUsername.ends_at) > func.now()
        )
    )

    def __init__(self, transaction: Transaction, keyring: Keyring) -> None:
        self._transaction, self._keyring = transaction, keyring

    async def demand_free(self, username: str, user_id: UUID) -> None:
        """Refuses a username that another account has released recently.

        Called after the account with this name is written, so that concurrent releases of the name
        are visible.

        Args:
            username: The username.
            user_id: The new owner.

        Raises:
            UsernameTaken: The name is reserved for another account.
        """
        if await self._others.fetch(
            self._transaction, hashes=self._hashes(username), user_id=user_id
        ):
            raise UsernameTaken

    def keep(self, username: str, user_id: UUID | None) -> None:
        """Reserves a released username.

        Args:
            username: The username.
            user_id: The former owner, who may take it back; None if the account was deleted.
        """
        self._transaction.put(
            self._keeping,
            name_hash=self._hashes(username)[0],
            user_id=user_id,
            ends_at=now() + KEPT_FREE_FOR,
        )

    def take_back(self, username: str, user_id: UUID) -> None:
        """Removes the reservation of a username taken back by its former owner."""
        hashes = self._hashes(username)
        self._transaction.put(self._forgetting, hashes=hashes, user_id=user_id)

    async def demand_few(self, user_id: UUID) -> None:
        """Refuses further reservations for an account.

        Raises:
            TooManyUsernames: The account has the largest number of reservations.
        """
        ((kept,),) = await self._counting.fetch(self._transaction, user_id=user_id)
        if kept > MOST_KEPT:
            raise TooManyUsernames

    def _hashes(self, username: str) -> list[bytes]:
        return self._keyring.hmacs(PURPOSE, text_key(username).encode())
