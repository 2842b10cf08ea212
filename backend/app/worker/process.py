"""The worker as a process: its concurrent loops, and how it stops."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from app.core.errors import Unavailable
from app.db.models.kinds.notification_mails import NotificationMailTask
from app.db.models.tasks import Task
from app.db.repositories.category_counts import AT_ONCE, CategoryCountRepository
from app.db.repositories.earlier_terms import EarlierTermsRepository
from app.db.repositories.notification_mails import AT_ONCE as MAILS_AT_ONCE
from app.db.repositories.notification_mails import NotificationMailRepository
from app.db.repositories.tasks import CHANNEL, TaskRepository
from app.db.repositories.words import WordsRepository
from app.postgres.database import Database
from app.postgres.transactions import Transaction
from app.worker.clock import Clock
from app.worker.schedules import Scheduler
from app.worker.sequencer import Sequencer
from app.worker.tasks import TaskRunner

CONCURRENCY = 4
"""How many tasks a worker runs at once."""

CONNECTIONS = CONCURRENCY + 7
"""One per running task, and one to take tasks, to listen, and for each of the loops."""

POLL_INTERVAL = 5.0  # seconds between polls for tasks without a notification
CLOCK_INTERVAL = 20.0  # seconds between looks for jobs and bookings whose time has come
FILL_INTERVAL = 5.0  # seconds between looks for what requests have left to be filled in
SEQUENCE_INTERVAL = 0.1  # seconds between looks for events that are not in the stream

logger = logging.getLogger(__name__)


async def add_up_categories(transaction: Transaction) -> bool:
    """Adds up some numbers of jobs by category; returns whether there may be more."""
    return await CategoryCountRepository(transaction).add_up() == AT_ONCE


async def complete_terms(transaction: Transaction) -> bool:
    """Completes some terms of an earlier release; returns whether there were any."""
    return await EarlierTermsRepository(transaction).complete() > 0


async def enqueue_mails(transaction: Transaction) -> bool:
    """Enqueues some mails of notifications that are due; returns whether there may be more."""
    tasks = TaskRepository(transaction)
    due = await NotificationMailRepository(transaction).take_due()
    for mail in due:
        tasks.enqueue(NotificationMailTask.NOTIFICATION_MAIL, mail)
    return len(due) == MAILS_AT_ONCE


FILLING = (add_up_categories, complete_terms, enqueue_mails)
"""What requests leave to be done: a part of it in a unit of work, and whether there is more."""


class Worker:
    """Runs tasks as they come and by the clock, ends jobs that are due, and numbers events.

    Args:
        database: The database with the queue.
        runner: Takes the tasks and runs them.
        sequencer: Enters events into the stream.
        language: The language of the market.
        alive_file: Touched at each poll, so that its age tells whether the worker still polls.

    Attributes:
        runner: As given.
        sequencer: As given.
        clock: Ends jobs and bookings that are due.
        stopping: Set when the worker is to stop.
    """

    def __init__(
        self,
        database: Database,
        runner: TaskRunner,
        sequencer: Sequencer,
        language: str,
        alive_file: Path | None = None,
    ) -> None:
        self._database, self._language, self._alive_file = database, language, alive_file
        self.runner, self.sequencer = runner, sequencer
        self.clock = Clock(database)
        self._scheduler = Scheduler(database, runner.handlers)
        self._under_way: set[asyncio.Task[None]] = set()
        self._wake, self.stopping = asyncio.Event(), asyncio.Event()

    def stop(self) -> None:
        """Lets the running tasks finish, and starts no further ones."""
        self.stopping.set()
        self._wake.set()

    async def run(self) -> None:
        """Works until it is stopped."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._fill_queue())
            group.create_task(self._fill())
            group.create_task(self._keep_time())
            group.create_task(self._sequence())
            listening = group.create_task(self._listen())
            while not self.stopping.is_set():
                self._wake.clear()
                if self._alive_file:
                    self._alive_file.touch()
                task = await self._next_task()
                if task is None:
                    await wait_for(self._wake, POLL_INTERVAL)
                else:
                    self._begin(group.create_task(self._run(task)))
            listening.cancel()

    async def _next_task(self) -> Task | None:
        if len(self._under_way) == CONCURRENCY:
            return None
        try:
            return await self.runner.take()
        except Unavailable as error:
            logger.warning("Can't look for tasks: %r", error.__cause__ or error)
            return None

    def _begin(self, running: asyncio.Task[None]) -> None:
        self._under_way.add(running)
        running.add_done_callback(self._under_way.discard)
        running.add_done_callback(lambda _: self._wake.set())

    async def _run(self, task: Task) -> None:
        try:
            await self.runner.run(task)
        except Unavailable as error:
            logger.warning("Can't record how task %s ended: %r", task.id, error.__cause__ or error)

    async def _listen(self) -> None:
        """Listens for notifications, so that new tasks need not wait for the next poll."""
        while not self.stopping.is_set():
            with suppress(Unavailable):
                await self._database.listen(CHANNEL, self._wake.set)
            await wait_for(self.stopping, POLL_INTERVAL)

    async def _fill_queue(self) -> None:
        """Enqueues tasks by the clock, and moves those of the release before."""
        while not self.stopping.is_set():
            try:
                if await self._scheduler.enqueue_due() + await self.runner.drain():
                    self._wake.set()
            except Unavailable as error:
                logger.warning("Can't fill the queue: %r", error.__cause__ or error)
            await wait_for(self.stopping, POLL_INTERVAL)

    async def _keep_time(self) -> None:
        while not self.stopping.is_set():
            await self.clock.tick()
            await wait_for(self.stopping, CLOCK_INTERVAL)

    async def _sequence(self) -> None:
        """Enters events into the stream, a batch at a time."""
        while not self.stopping.is_set():
            if not await self._sequence_batch():
                await wait_for(self.stopping, SEQUENCE_INTERVAL)

    async def _sequence_batch(self) -> bool:
        try:
            return await self.sequencer.sequence()
        except Unavailable as error:
            logger.warning("Can't number events: %r", error.__cause__ or error)
        except Exception as error:  # noqa: BLE001 (of a consequence; tasks go on)
            # Without its message, which may contain personal data.
            place = traceback.extract_tb(error.__traceback__)[-1]
            failure = type(error).__name__, place.filename, place.lineno
            logger.error("The stream stands still: %s in %s, line %d", *failure)  # noqa: TRY400
            await wait_for(self.stopping, POLL_INTERVAL)
        return False

    async def _fill_words(self, transaction: Transaction) -> bool:
        """Makes the search vectors of some rows that lack them; returns whether there were any."""
        return await WordsRepository(transaction, self._language).fill() > 0

    async def _fill(self) -> None:
        """Does what requests have left to be done, a part of each in turn."""
        while not self.stopping.is_set():
            if not any([await self._fill_part(it) for it in (self._fill_words, *FILLING)]):
                await wait_for(self.stopping, FILL_INTERVAL)

    async def _fill_part(self, work: Callable[[Transaction], Awaitable[bool]]) -> bool:
        try:
            return await self._database.run(work)
        except Unavailable as error:
            logger.warning("Can't %s now: %r", work.__name__, error.__cause__ or error)
            return False


async def wait_for(event: asyncio.Event, longest: float) -> None:
    """Waits for an event, at most as many seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(longest):
            await event.wait()
