"""The queries of credentials."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import DateTime, LargeBinary, Text, and_, or_, select, update

from app.core.names import login_key
from app.core.security.tokens import Bearer
from app.db.models.known_devices import KnownDevice
from app.db.models.sessions import KnownAddress, Session, StepUpNeeded
from app.db.models.users import User
from app.db.repositories.base import CALLER_ID, SESSION_ID, USABLE_ACCOUNT, USER_ID, Query
from app.postgres.statements import Source, Statement, argument, col, inline
from app.postgres.transactions import Transaction

RECENT = col(Session.authenticated_at) > argument("since", DateTime(timezone=True))
HELD = Statement(
    select(col(User.id))
    .where(
        col(User.id) == USER_ID,
        col(User.password_hash) == argument("password_hash", Text()),
        *USABLE_ACCOUNT,
    )
    .with_for_update(key_share=True, read=True)
)
ANY_ADDRESS = select(KnownAddress).where(col(KnownAddress.user_id) == User.id)
ANY_DEVICE = select(KnownDevice).where(col(KnownDevice.user_id) == User.id)
ADDRESS_KNOWN = ANY_ADDRESS.where(
    col(KnownAddress.address_hash) == argument("address_hash", LargeBinary())
).exists()
DEVICE_KNOWN = ANY_DEVICE.where(
    col(KnownDevice.device_hash) == argument("device_hash", LargeBinary())
).exists()
CREDENTIALS = select(
    col(User.id),
    col(User.password_hash),
    col(User.pending_until).is_not(None).label("pending"),
    ADDRESS_KNOWN.label("address_known"),
    or_(and_(ANY_ADDRESS.exists(), ~ADDRESS_KNOWN), and_(ANY_DEVICE.exists(), ~DEVICE_KNOWN)).label(
        "unfamiliar"
    ),
)
KEPT_HASH = Statement(
    update(User)
    .where(
        col(User.id) == USER_ID,
        col(User.password_hash) == argument("old_hash", Text()),
    )
    .values(password_hash=argument("new_hash", Text()))
)


class Credentials(NamedTuple):
    """The stored credentials of a login.

    Args:
        user_id: The account.
        password_hash: The hash of the password.
        pending: Whether the email address is not verified yet.
        address_known: Whether the account has logged in from this address before.
        unfamiliar: Whether the address or the device is new.
    """

    user_id: UUID
    password_hash: str
    pending: bool
    address_known: bool
    unfamiliar: bool


class Access(NamedTuple):
    """The stored credentials of a caller who changes them.

    Args:
        password_hash: The hash of the password.
        email: The email address.
        address_known: Whether the account has logged in from this address before.
    """

    password_hash: str
    email: str
    address_known: bool


class CredentialsRepository:
    """The credentials, in a unit of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def keep_hash(self, user_id: UUID, old_hash: str, new_hash: str) -> None:
        """Replaces the hash of a password, unless the password has changed meanwhile."""
        self._transaction.put(KEPT_HASH, user_id=user_id, old_hash=old_hash, new_hash=new_hash)

    async def hold(self, found: Credentials) -> bool:
        """Locks an account against changes until the end of the transaction.

        Returns:
            Whether its password is unchanged.
        """
        rows = await HELD.fetch(
            self._transaction, user_id=found.user_id, password_hash=found.password_hash
        )
        return bool(rows)


class CredentialsReader:
    """Reads of credentials, for logins and for changes of credentials."""

    _credentials = Statement(
        CREDENTIALS.where(
            or_(
                col(User.email_key) == argument("key", Text()),
                col(User.username_key) == argument("key", Text()),
            ),
            *USABLE_ACCOUNT,
        )
        # Several accounts may still have to verify the same address.
        .order_by(col(User.pending_until).nulls_first(), col(User.id).desc())
        .limit(inline(1))
    )
    _own_credentials = Query(CREDENTIALS.where(col(User.id) == CALLER_ID))
    _access = Query(
        select(
            col(User.password_hash),
            col(User.email),
            ADDRESS_KNOWN.label("address_known"),
            RECENT.label("recent"),
        ).where(col(User.id) == CALLER_ID, col(Session.id) == SESSION_ID)
    )

    def __init__(self, source: Source) -> None:
        self._source = source

    async def access(self, caller: Bearer, since: datetime, address_hash: bytes) -> Access:
        """The credentials of a caller who changes them.

        Args:
            caller: The caller.
            since: The earliest time of a sufficient login.
            address_hash: The keyed hash of the client address.

        Raises:
            Unauthenticated: The session has ended, or the account is blocked.
            StepUpNeeded: The login is older.
        """
        (row,) = await self._access.run(
            self._source, caller, since=since, address_hash=address_hash
        )
        if not row["recent"]:
            raise StepUpNeeded
        return Access(row["password_hash"], row["email"], row["address_known"])

    async def credentials(
        self, name: str, address_hash: bytes, device_hash: bytes
    ) -> Credentials | None:
        """The credentials for a login name; None if the account does not exist or is blocked.

        Args:
            name: The username or the email address, in any spelling with the same key.
            address_hash: The keyed hash of the client address.
            device_hash: The keyed hash of the device.
        """
        rows = await self._credentials.fetch(
            self._source,
            key=login_key(name),
            address_hash=address_hash,
            device_hash=device_hash,
        )
        return Credentials(*rows[0]) if rows else None

    async def own_credentials(
        self, caller: Bearer, address_hash: bytes, device_hash: bytes
    ) -> Credentials:
        """The credentials of the caller, as for a login.

        Args:
            caller: The caller.
            address_hash: The keyed hash of the client address.
            device_hash: The keyed hash of the device.

        Raises:
            Unauthenticated: The session has ended, or the account is blocked.
        """
        (row,) = await self._own_credentials.run(
            self._source, caller, address_hash=address_hash, device_hash=device_hash
        )
        return Credentials(*row)
