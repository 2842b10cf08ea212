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
        """Marks the notifications up to a position as read. The mark never moves back."""
        await self._notifications.mark_read(caller.id, position)
