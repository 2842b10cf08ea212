"""The sequencer: moves events from the outbox into the stream, with their consequences."""

from collections.abc import Sequence

from app.core.config import Settings
from app.db.repositories.outbox import OutboxReader
from app.db.repositories.stream import AT_ONCE, Entry, StreamRepository
from app.postgres.database import Database
from app.postgres.transactions import Transaction
from app.worker.consequences import Consequence
from app.worker.context import TaskContext


class Sequencer:
    """Numbers events in the order of their commits, each exactly once.

    A batch is one transaction: it locks the head of the stream, moves rows from the outbox into the
    stream, and carries out their consequences. Several workers can run it: one has the lock, the
    others skip the batch.

    After a batch that has failed, as many events are entered one by one as a batch has: together
    their consequences may take longer than a statement may.

    Args:
        database: The database.
        settings: The settings that consequences need.
        consequences: The consequences of events.

    Attributes:
        entered: The number of events that this process has entered into the stream.
    """

    def __init__(
        self, database: Database, settings: Settings, consequences: Sequence[Consequence]
    ) -> None:
        self._database, self._settings, self._consequences = database, settings, consequences
        self._has_standing = False
        self._singly = 0
        self.entered = 0

    async def sequence(self) -> bool:
        """Enters a batch of events into the stream.

        Events that are older than the stream come first, without consequences.

        Returns:
            Whether there may be more.

        Raises:
            Unavailable: The database can't be reached.
        """
        if not await OutboxReader(self._database).is_waiting():
            return False
        try:
            number = await self._database.run(self._enter)
        except Exception:
            self._singly = AT_ONCE
            raise
        self._singly = max(0, self._singly - number)
        self.entered += number
        return number > 0

    async def _enter(self, transaction: Transaction) -> int:
        stream = StreamRepository(transaction)
        head = await stream.lock()
        if head is None:
            stream.declare()
            return 0
        self._has_standing = self._has_standing or await stream.has_standing()
        if not self._has_standing:
            return await stream.enter_standing(head)
        entries = await stream.enter_pending(head, singly=self._singly > 0)
        await self._carry_out(transaction, entries)
        return len(entries)

    async def _carry_out(self, transaction: Transaction, entries: Sequence[Entry]) -> None:
        context = TaskContext(transaction, self._settings)
        for consequence in self._consequences:
            concerned = consequence.among(entries)
            if concerned:
                await consequence.run(context, concerned)
