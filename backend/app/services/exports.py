"""How users get all that is held of them."""

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
        safeguards: What accounts are protected with.
    """

    def __init__(self, transaction: Transaction, client: Client, safeguards: Safeguards) -> None:
        self._audit = AuditRepository(transaction)
        self._exports = ExportReader(transaction)
        self._throttles = ThrottleRepository(transaction, safeguards.keyring)
        self._client = client
        self._limit = safeguards.limits.exports_per_account

    @raises(TooManyRequests)
    async def make(self, caller: Bearer) -> BytesIO:
        """All that is held of the caller: JSON, compressed by gzip.

        It may be large, and is held until it is sent, since nobody may keep a connection to the
        database for as long as they please. Compressed, it is a tenth. Tries are counted within the
        unit of work, which has begun by then.
        """
        await self._throttles.take([Attempt(self._limit, ("account", str(caller.user_id)))])
        self._audit.record(AccountAction.ACCOUNT_EXPORTED, self._client, actor_id=caller.user_id)
        content = BytesIO()
        with gzip.open(content, "wt", compresslevel=1, encoding="utf-8") as file:
            async for text in self._exports.text(caller):
                file.write(text)
        content.seek(0)
        return content
