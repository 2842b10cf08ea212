"""The use cases of notifications."""

from app.db.models.users import User
from app.db.repositories.notifications import NotificationRepository
from app.postgres.transactions import Transaction


class NotificationService:
    """What users do with their notifications.

    Args:
        transaction: The unit of work.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._notifications = NotificationRepository(transaction)

    async def mark_read(self, caller: User, position: int) -> None:
        """Marks the notifications up to a position as read. The mark never moves back.

        The box is locked before the notifications are counted. Others that are stored meanwhile are
        counted by those who store them, as soon as they have the lock.
        """
        box = await self._notifications.lock_box(caller.id)
        if box is not None and position > box.read_mark:
            last, unread = await self._notifications.count(caller.id, position)
            box.read(min(position, last), unread)
