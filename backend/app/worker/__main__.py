"""``python -m app.worker``: does background jobs until it is told to stop."""

import asyncio
import logging
import signal
import sys

from app.core.config import Settings
from app.core.logging import configure_logging
from app.core.mail import NoMailer, create_mailer
from app.core.tasks import connect
from app.db.engine import Database
from app.worker.jobs import Jobs
from app.worker.process import CONNECTIONS, Worker

logger = logging.getLogger("app.worker")


async def run(settings: Settings) -> None:
    """Works until SIGTERM or SIGINT, and then finishes what it has begun.

    Raises:
        RuntimeError: No database answers.
    """
    mailer = create_mailer(settings)
    if isinstance(mailer, NoMailer):
        logger.warning("SMTP_SERVER is not set: mail waits for a day, and then has failed")
    engine, pool = await connect(settings.model_copy(update={"pool_size": CONNECTIONS}))
    database = Database(pool)
    worker = Worker(database, Jobs(database, mailer, settings))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, worker.stop)
    logger.info("The worker has started")
    try:
        await worker.run()
    finally:
        await pool.close()
        await engine.dispose()
    logger.info("The worker has stopped")


def main() -> None:
    """Runs the worker with the settings of the environment."""
    settings = Settings()
    configure_logging(settings)
    try:
        asyncio.run(run(settings))
    except RuntimeError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
