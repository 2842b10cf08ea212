"""How background jobs are done: one after the other, each in units of work of its own."""

import asyncio
import logging
import traceback
from collections import Counter
from enum import StrEnum

from app.core.config import Settings
from app.core.mail import Mail
from app.core.observability.tracing import tracing
from app.db.models.jobs import ATTEMPTS, Job, JobKind
from app.db.repositories.jobs import JobRepository
from app.postgres.database import Database
from app.postgres.transactions import Transaction
from app.worker.handlers import HANDLERS, Desk
from app.worker.mailers import Mailer, Undeliverable

TIME_LIMIT = 60.0  # seconds for a job, which is well within its lease

logger = logging.getLogger(__name__)


class Outcome(StrEnum):
    """How an attempt of a job ended."""

    DONE = "done"
    RETRIED = "retried"  # later
    FAILED = "failed"  # for good


class WorkerLost(Exception):
    """The worker died of the job, whenever it was tried."""


class Jobs:
    """Takes jobs from the queue and does them.

    No connection is held while mail is sent. A job is deleted after all of its mails have been
    sent, so none is lost if the worker dies, but some may be sent twice.

    Args:
        database: Where the queue is.
        mailer: Sends the mails.
        settings: What the handlers have to know.
    """

    def __init__(self, database: Database, mailer: Mailer, settings: Settings) -> None:
        self._database, self._mailer, self._settings = database, mailer, settings
        self.ended: Counter[tuple[JobKind, Outcome]] = Counter()
        self.mails = Counter(sent=0, failed=0)

    async def take(self) -> Job | None:
        """Starts the job that is due first, if there is one.

        Raises:
            Unavailable: The database can't be reached.
        """

        async def work(transaction: Transaction) -> Job | None:
            return await JobRepository(transaction).take()

        return await self._database.run(work)

    async def do(self, job: Job) -> None:
        """Does a job that has been taken, or writes down that it failed.

        Raises:
            Unavailable: The database can't be reached. The job will be taken again.
        """
        error: Exception | None = None
        try:
            with tracing.task(job.kind):
                async with asyncio.timeout(TIME_LIMIT):
                    await self._attempt(job)
        except Exception as caught:  # noqa: BLE001 (whatever it is, the job has failed)
            error = caught
        await self._end(job, error)

    async def _attempt(self, job: Job) -> None:
        if job.attempts > ATTEMPTS:
            raise WorkerLost

        async def work(transaction: Transaction) -> list[Mail]:
            return await HANDLERS[job.kind](Desk(transaction, self._settings), job.payload)

        for number, mail in enumerate(await self._database.run(work), start=1):
            await self._send(mail, f"{job.id}.{number}")

    async def _send(self, mail: Mail, key: str) -> None:
        outcome = "failed"
        try:
            with tracing.part("send mail"):
                await self._mailer.send(mail, key)
            outcome = "sent"
        finally:
            self.mails[outcome] += 1

    async def _end(self, job: Job, error: Exception | None) -> None:
        async def work(transaction: Transaction) -> Job | None:
            jobs = JobRepository(transaction)
            if error is None:
                await jobs.finish(job.id)
                return None
            started = await jobs.started(job)
            if started is not None and isinstance(error, Undeliverable):
                started.give_up(type(error).__name__)
            elif started is not None:
                started.retry(type(error).__name__)
            return started

        left = await self._database.run(work)
        outcome = Outcome.DONE if error is None else Outcome.RETRIED
        if left is not None and error is not None:
            _log(left, error)
            outcome = Outcome.FAILED if left.failed_at else outcome
        self.ended[job.kind, outcome] += 1


def _log(job: Job, error: Exception) -> None:
    """Says that a job failed, and where; what an error says may hold addresses."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    level, outcome = logging.WARNING, "will be tried again"
    if job.failed_at is not None:
        level, outcome = logging.ERROR, "has failed for good"
    logger.log(
        level,
        "Job %s (%s) %s after attempt %d: %s in %s, line %d",
        job.id,
        job.kind,
        outcome,
        job.attempts,
        type(error).__name__,
        place.filename,
        place.lineno,
    )
