"""Exports of the personal data of an account."""

import gzip
from io import BytesIO

from app.core.clients import Client
from app.core.errors import TooManyRequests
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.kinds.users import AccountAction
from app.db.repositories.audit import AuditRepository
from app.db.repositories.exports import ExportReader
from app.db.repositories.throttles import Attempt, ThrottleRepository
from app.postgres.transactions import Transaction
from app.services.safeguards import Safeguards


class ExportService:
    """The use cases of exports.

    Args:
        transaction: The unit of work.
        client: Where the request comes from.
        safeguards: The protection of accounts.
    """

    def __init__(self, transaction: Transaction, client: Client, safeguards: Safeguards) -> None:
        self._audit = AuditRepository(transaction)
        self._exports = ExportReader(transaction)
        self._throttles = ThrottleRepository(transaction, safeguards.keyring)
        self._client = client
        self._limit = safeguards.limits.exports_per_account

    @raises(TooManyRequests)
    async def make(self, caller: Bearer) -> BytesIO:
        """Returns the personal data of the caller as JSON, compressed by gzip.

        The export is buffered, so that a slow client occupies no connection to the database.
        Compression reduces it to a tenth. Attempts are counted in the unit of work, which has
        begun by then.
        """
        await self._throttles.take([Attempt(self._limit, ("account", str(caller.user_id)))])
        self._audit.record(AccountAction.ACCOUNT_EXPORTED, self._client, actor_id=caller.user_id)
        content = BytesIO()
        with gzip.open(content, "wt", compresslevel=1, encoding="utf-8") as file:
            async for text in self._exports.text(caller):
                file.write(text)
        content.seek(0)
        return content
