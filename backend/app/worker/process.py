"""The worker as a process: what it does beside each other, and how it stops."""

import asyncio
import logging
from contextlib import suppress
from pathlib import Path

from app.core.errors import Unavailable
from app.db.models.jobs import Job
from app.db.repositories.housekeeping import HousekeepingRepository
from app.db.repositories.jobs import CHANNEL
from app.db.repositories.words import WordsRepository
from app.postgres.database import Database
from app.postgres.transactions import Transaction
from app.services.erasure import ErasureService
from app.worker.clock import HERE, Clock
from app.worker.jobs import Jobs

HANDS = 4
"""How many jobs are done at once."""

CONNECTIONS = HANDS + 5
"""One for each job, and one to take jobs, to listen, to keep house, for words, for the clock."""

POLL_INTERVAL = 5.0  # seconds between looks for jobs that no hint has told of
CLOCK_INTERVAL = 20.0  # seconds between looks for jobs and bookings whose time has come
HOUSEKEEPING_INTERVAL = 24 * 60 * 60.0  # seconds
WORDS_INTERVAL = 5.0  # seconds between looks for jobs that lack the words they are found by
ERASED_AT_ONCE = 100  # accounts

logger = logging.getLogger(__name__)


class Worker:
    """Does jobs as they come, what the time demands, and keeps house once a day.

    Args:
        database: Where the queue is, and the house.
        jobs: Takes the jobs and does them.
        alive_file: Touched each time the worker looks for jobs, so that its age tells whether it
            still does.

    Attributes:
        clock: Does what the time demands of the jobs that are cleaned, and of bookings.
    """

    def __init__(self, database: Database, jobs: Jobs, alive_file: Path | None = None) -> None:
        self._database, self._jobs, self._alive_file = database, jobs, alive_file
        self.clock = Clock(database)
        self._under_way: set[asyncio.Task[None]] = set()
        self._wake, self._stopping = asyncio.Event(), asyncio.Event()

    def stop(self) -> None:
        """Has the worker finish what it has begun, and begin nothing else."""
        self._stopping.set()
        self._wake.set()

    async def run(self) -> None:
        """Works until it is stopped."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_house())
            group.create_task(self._fill_words())
            group.create_task(self._keep_time())
            listening = group.create_task(self._listen())
            while not self._stopping.is_set():
                self._wake.clear()
                if self._alive_file:
                    self._alive_file.touch()
                job = await self._next_job()
                if job is None:
                    await _wait(self._wake, POLL_INTERVAL)
                else:
                    self._begin(group.create_task(self._do(job)))
            listening.cancel()

    async def _next_job(self) -> Job | None:
        if len(self._under_way) == HANDS:
            return None
        try:
            return await self._jobs.take()
        except Unavailable as error:
            logger.warning("Can't look for jobs: %r", error.__cause__ or error)
            return None

    def _begin(self, task: asyncio.Task[None]) -> None:
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        task.add_done_callback(lambda _: self._wake.set())

    async def _do(self, job: Job) -> None:
        try:
            await self._jobs.do(job)
        except Unavailable as error:
            logger.warning("Can't say how job %s went: %r", job.id, error.__cause__ or error)

    async def _listen(self) -> None:
        """Hears when jobs come, so that they need not wait until the worker looks for them."""
        while not self._stopping.is_set():
            with suppress(Unavailable):
                await self._database.listen(CHANNEL, self._wake.set)
            await _wait(self._stopping, POLL_INTERVAL)

    async def _keep_time(self) -> None:
        while not self._stopping.is_set():
            await self.clock.tick()
            await _wait(self._stopping, CLOCK_INTERVAL)

    async def _keep_house(self) -> None:
        async def delete_expired(transaction: Transaction) -> int:
            return await HousekeepingRepository(transaction).delete_expired()

        async def erase_never_verified(transaction: Transaction) -> int:
            return await ErasureService(transaction, HERE).erase_never_verified(ERASED_AT_ONCE)

        while not self._stopping.is_set():
            try:
                while await self._database.run(delete_expired):
                    pass
                while await self._database.run(erase_never_verified):
                    pass
            except Unavailable as error:
                logger.warning("Can't keep house today: %r", error.__cause__ or error)
            await _wait(self._stopping, HOUSEKEEPING_INTERVAL)

    async def _fill_words(self) -> None:
        async def fill(transaction: Transaction) -> int:
            return await WordsRepository(transaction).fill()

        while not self._stopping.is_set():
            try:
                while await self._database.run(fill):
                    if self._stopping.is_set():
                        return
            except Unavailable as error:
                logger.warning("Can't fill words now: %r", error.__cause__ or error)
            await _wait(self._stopping, WORDS_INTERVAL)


async def _wait(event: asyncio.Event, longest: float) -> None:
    """Waits for an event, or as many seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(longest):
            await event.wait()
