"""API keys: creation, deletion, and authentication of programs."""

from contextlib import suppress
from time import monotonic
from uuid import UUID

from app.core.clients import Client
from app.core.errors import Unauthenticated, Unavailable
from app.core.raising import raises
from app.core.security.api_keys import is_well_formed, new_api_key, prefix
from app.core.security.keys import Keyring
from app.core.security.tokens import Bearer
from app.db.models.api_keys import (
    MOST_PER_ACCOUNT,
    ApiKey,
    ApiKeyCreate,
    ApiKeyCreated,
    ApiKeyNotFound,
    InsufficientScope,
    SessionNeeded,
    TooManyApiKeys,
)
from app.db.models.kinds import AuditAction, Scope
from app.db.models.kinds.api_keys import ApiKeyAction
from app.db.models.notices import Notice
from app.db.models.sessions import Session
from app.db.models.users import User
from app.db.repositories.api_keys import ApiKeyRepository, ApiKeyUses, KnownKey
from app.db.repositories.audit import AuditRepository
from app.db.repositories.tasks import TaskRepository
from app.postgres.statements import Source
from app.postgres.transactions import Transaction
from app.services.safeguards import Safeguards

PURPOSE = "api keys"
MOST_KNOWN = 4096
MARKED_EVERY = 60  # seconds


class ApiKeyService:
    """The use cases of API keys.

    Args:
        transaction: The unit of work.
        client: Where the request comes from.
        safeguards: The protection of accounts.
    """

    def __init__(self, transaction: Transaction, client: Client, safeguards: Safeguards) -> None:
        self._audit = AuditRepository(transaction)
        self._tasks = TaskRepository(transaction)
        self._keys = ApiKeyRepository(transaction)
        self._client = client
        self._keyring = safeguards.keyring

    @raises(TooManyApiKeys)
    async def make(self, caller: User, login: Bearer, draft: ApiKeyCreate) -> ApiKeyCreated:
        """Creates a key for a program that acts for the caller, and notifies the caller by mail.

        Args:
            caller: The account, locked against the concurrent creation of keys.
            login: The session of the caller.
            draft: The name, the scopes and the lifetime of the key.
        """
        if await self._keys.count(caller.id) >= MOST_PER_ACCOUNT:
            raise TooManyApiKeys
        key, session = new_api_key(), Session.of_program(caller.id, draft.lifetime)
        kept = ApiKey(
            id=session.id,
            made_in=login.session_id,
            hash=self._keyring.hmacs(PURPOSE, key.encode())[0],
            prefix=prefix(key),
            name=draft.name,
            scopes=sorted(set(draft.scopes)),
        )
        self._keys.add(kept, session)
        self._record(ApiKeyAction.API_KEY_CREATED, caller, kept.id, kept.scopes)
        self._tasks.notify(
            caller.id,
            Notice.API_KEY_CREATED,
            prefix=kept.prefix,
            scopes=", ".join(kept.scopes),
        )
        return ApiKeyCreated.model_validate(
            kept,
            update={
                "key": key,
                "created_at": session.created_at,
                "expires_at": session.expires_at,
            },
        )

    @raises(ApiKeyNotFound)
    async def delete(self, caller: User, key_id: UUID) -> None:
        """Deletes a key of the caller, with immediate effect."""
        scopes = await self._keys.end(caller.id, key_id)
        if scopes is None:
            raise ApiKeyNotFound
        self._record(ApiKeyAction.API_KEY_DELETED, caller, key_id, scopes)

    def _record(self, action: AuditAction, caller: User, key_id: UUID, scopes: list[str]) -> None:
        self._audit.record(
            action, self._client, actor_id=caller.id, key_id=str(key_id), scopes=" ".join(scopes)
        )


class KnownKeys:
    """Authenticates API keys, and checks their scopes.

    The owner and the scopes of a key never change, so this process caches them. The validity of
    the key is checked by the statement of each request, as for access tokens: a key is a session.

    Args:
        keyring: Hashes the keys.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._known: dict[bytes, KnownKey] = {}

    def knows(self, key: str) -> bool:
        """Whether this process has looked up a key before.

        Raises:
            Unauthenticated: Its checksum is wrong.
        """
        if not is_well_formed(key):
            raise Unauthenticated
        return self._keyring.hmacs(PURPOSE, key.encode())[0] in self._known

    async def find(self, key: str, needed: Scope | None, source: Source) -> KnownKey:
        """Returns the cached properties of a key, or looks them up.

        Args:
            key: The key.
            needed: The scope that is needed. If the key has it not, it is looked up, since only
                one that holds is refused a scope.
            source: Where keys are looked up.

        Raises:
            Unauthenticated: There is no such key, or its owner's account is blocked.
        """
        hashes = self._keyring.hmacs(PURPOSE, key.encode())
        known = self._known.get(hashes[0])
        if known is None or needed not in known.scopes:
            known = self._remember(hashes[0], await ApiKeyUses(source).find(hashes))
        return known

    async def use(self, known: KnownKey, needed: Scope | None, source: Source) -> Bearer:
        """Returns the account that a key acts for.

        Args:
            known: The key.
            needed: The required scope; None if the operation accepts no keys.
            source: Where it is written down that the key is in use.

        Raises:
            SessionNeeded: No key will do.
            InsufficientScope: This one won't.
        """
        if needed is None:
            raise SessionNeeded
        if needed not in known.scopes:
            raise InsufficientScope(needed)
        if monotonic() >= known.marked_at + MARKED_EVERY:
            known.marked_at = monotonic()
            with suppress(Unavailable):  # no request fails for that
                await ApiKeyUses(source).mark(known)
        return known.bearer

    def _remember(self, key_hash: bytes, key: KnownKey) -> KnownKey:
        if len(self._known) >= MOST_KNOWN:
            del self._known[next(iter(self._known))]
        return self._known.setdefault(key_hash, key)
