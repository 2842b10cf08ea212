"""The use cases of threads."""

from app.db.models.threads import ThreadKey
from app.db.models.users import User
from app.db.repositories.threads import ThreadRepository
from app.postgres.transactions import Transaction


class ThreadService:
    """What users do with their threads.

    Args:
        transaction: The unit of work.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._threads = ThreadRepository(transaction)

    async def mark_read(self, caller: User, key: ThreadKey, number: int) -> None:
        """Marks the messages up to a number as read. The mark never moves back.

        The thread is locked before the unread messages are counted, and before one is sent.
        """
        thread = await self._threads.lock_own(caller.id, key)
        if thread is not None and number > thread.read_mark_of(caller.id):
            number = min(number, thread.messages)
            unread = await self._threads.count_behind(key, number, caller.id)
            thread.read(caller.id, number, unread)
