"""Checks of the current password, before callers change how they log in."""

from app.core.clients import Client
from app.core.errors import TooManyRequests
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.kinds.sessions import SessionAction
from app.db.models.users import WrongPassword
from app.db.repositories.audit import AuditRepository
from app.db.repositories.credentials import Access
from app.db.repositories.throttles import Attempt, ThrottleRepository
from app.postgres.statements import Source
from app.postgres.transactions import Transaction
from app.services.safeguards import Safeguards


class PasswordChecks:
    """Checks current passwords: tries are limited, and wrong ones are written into the audit.

    Args:
        transaction: The unit of work; an error keeps the entry of the audit that it has.
        client: Where the request comes from.
        safeguards: What accounts are protected with.
        source: Where tries are counted. It is not the transaction, so that no connection waits
            while a password is being verified.
    """

    def __init__(
        self, transaction: Transaction, client: Client, safeguards: Safeguards, source: Source
    ) -> None:
        self._audit = AuditRepository(transaction)
        self._throttles = ThrottleRepository(source, safeguards.keyring)
        self._client = client
        self._passwords = safeguards.passwords
        self._limits = safeguards.limits

    @raises(WrongPassword, TooManyRequests)
    async def demand(self, caller: Bearer, entered: str, current: Access) -> None:
        """Demands the caller's current password, before the transaction begins.

        Where the caller has logged in before, tries count by the account and the place, so that a
        thief elsewhere who has a token can't use them up.

        Args:
            caller: Who calls.
            entered: The password that they send.
            current: What they log in with.
        """
        place = ("at", self._client.site) if current.address_known else ()
        account = "account", str(caller.user_id)
        tries = [Attempt(self._limits.logins_per_account, (*account, *place))]
        await self._throttles.take(tries)
        if not (await self._passwords.verify(entered, current.password_hash)).matches:
            raise self.wrong(caller)
        await self._throttles.give_back(tries)

    def wrong(self, caller: Bearer) -> WrongPassword:
        """Writes into the audit that a password was wrong, and returns the error to raise."""
        self._audit.record(
            SessionAction.PASSWORD_CHECK_FAILED, self._client, user_id=caller.user_id
        )
        return WrongPassword()
