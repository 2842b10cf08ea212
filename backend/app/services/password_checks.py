"""Checks of the current password before a change of credentials."""

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
    """Checks current passwords: attempts are limited, and failures recorded in the audit.

    Args:
        transaction: The unit of work; the entry of the audit is kept after an error.
        client: The origin of the request.
        safeguards: The protection of accounts.
        source: Counts attempts. It is not the transaction, so that no connection is occupied
            while a password is verified.
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

        In places of earlier logins, attempts count by account and place, so that a stolen token
        can't use up the limit from elsewhere.

        Args:
            caller: The session.
            entered: The password in the request.
            current: The credentials of the account.
        """
        place = ("at", self._client.site) if current.address_known else ()
        account = "account", str(caller.user_id)
        tries = [Attempt(self._limits.logins_per_account, (*account, *place))]
        await self._throttles.take(tries)
        if not (await self._passwords.verify(entered, current.password_hash)).matches:
            raise self.wrong(caller)
        await self._throttles.give_back(tries)

    def wrong(self, caller: Bearer) -> WrongPassword:
        """Records a wrong password in the audit, and returns the error to raise."""
        self._audit.record(
            SessionAction.PASSWORD_CHECK_FAILED, self._client, user_id=caller.user_id
        )
        return WrongPassword()
