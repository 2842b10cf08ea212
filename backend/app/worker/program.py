"""The worker: runs background tasks until it is told to stop."""

import asyncio
import logging
import signal
import sys
from contextlib import AbstractContextManager, nullcontext

from app.core.config import Settings
from app.core.environment import WrongSettings, read_settings
from app.core.lifecycle import connected
from app.core.observability.logging import configure_logging
from app.core.observability.tracing import tracing
from app.core.outbound import OutboundRules
from app.core.photo_store import FolderStore
from app.core.security.keys import Keyring
from app.postgres.database import Database
from app.postgres.pool import FairPool
from app.worker.consequences import declared
from app.worker.effects import Effects, carriers
from app.worker.handlers import registered
from app.worker.mailers import NoMailer, create_mailer
from app.worker.outbound import outbound_client
from app.worker.photos import PhotoFiles
from app.worker.process import CONNECTIONS, Worker
from app.worker.sequencer import Sequencer
from app.worker.tasks import TaskRunner
from app.worker.webhooks import WebhookSender

logger = logging.getLogger("app.worker")


async def run(settings: Settings) -> None:
    """Works until SIGTERM or SIGINT, and then finishes what it has begun.

    Raises:
        RuntimeError: No database answers.
    """
    mailer = create_mailer(settings)
    if isinstance(mailer, NoMailer):
        logger.warning("SMTP_SERVER is not set: mail waits for a day, and then has failed")
    async with (
        connected(settings.model_copy(update={"pool_size": CONNECTIONS})) as pool,
        outbound_client(OutboundRules.by(settings)) as client,
    ):
        database = Database(pool)
        photos = PhotoFiles(database, FolderStore(settings.uploads_directory))
        effects = Effects(carriers(mailer, photos))
        runner = TaskRunner(database, effects, settings, registered())
        sequencer = Sequencer(database, settings, declared())
        worker = Worker(database, runner, sequencer, settings.language, settings.worker_alive_file)
        sender = WebhookSender(database, client, Keyring(*settings.secret_keys))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, worker.stop)
        logger.info("The worker has started")
        with tracing.exported(settings), measured(settings, pool, database, worker, sender):
            async with asyncio.TaskGroup() as group:
                group.create_task(sender.run(worker.stopping))
                await worker.run()
    logger.info("The worker has stopped")


def measured(
    settings: Settings, pool: FairPool, database: Database, worker: Worker, sender: WebhookSender
) -> AbstractContextManager[None]:
    """Tells Prometheus about the worker for the time of a block, if the settings say where."""
    if settings.worker_metrics_port is None:
        return nullcontext()
    from app.postgres.metrics import DatabaseMetrics  # takes time to import, and not all want it
    from app.worker.metrics import (
        ClockMetrics,
        StreamMetrics,
        TaskMetrics,
        WebhookMetrics,
        encryption,
        told,
    )

    collectors = (
        DatabaseMetrics(pool, database),
        TaskMetrics(worker.runner),
        ClockMetrics(worker.clock),
        StreamMetrics(worker.sequencer),
        WebhookMetrics(sender),
    )
    return told(
        settings.worker_metrics_port, settings.metrics_token, encryption(settings), *collectors
    )


def main() -> None:
    """Runs the worker with the settings of the environment, or ends with a sentence."""
    try:
        settings = read_settings(Settings)
        configure_logging(settings)
        asyncio.run(run(settings))
    except (RuntimeError, WrongSettings) as error:
        sys.exit(str(error))
