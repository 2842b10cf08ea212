"""``python -m app bounces``: reads a report about a mail that could not be delivered."""

import asyncio
import os
import sys
from argparse import ArgumentParser, Namespace

from app.core.bounces import bounce_in
from app.core.config import Settings
from app.core.environment import read_settings
from app.core.errors import Unavailable
from app.core.lifecycle import connected
from app.core.security.keys import Keyring
from app.core.security.mail_keys import is_signed
from app.db.repositories.suppressions import SuppressionRepository
from app.postgres.database import Database
from app.postgres.transactions import Transaction

MOST_READ = 1024 * 1024
"""In bytes. What matters of a report stands at its beginning, and at that of the returned mail."""


def add_arguments(parser: ArgumentParser) -> None:
    """Adds no arguments: the report is the input."""
    parser.set_defaults(run=run)


def run(_: Namespace) -> None:
    """Suppresses the account whose mailbox has refused a mail of this service.

    Without the database, the process ends with EX_TEMPFAIL (sysexits.h), by which mail servers
    learn to try again later.
    """
    settings = read_settings(Settings)
    bounce = bounce_in(sys.stdin.buffer.read(MOST_READ))
    if bounce is None or not is_signed(Keyring(*settings.secret_keys), *bounce):
        print("No report of a mailbox that has refused a mail of this service.")
        return
    try:
        asyncio.run(suppress(settings, bounce.recipient))
    except (RuntimeError, Unavailable) as error:
        print(error, file=sys.stderr)
        sys.exit(os.EX_TEMPFAIL)
    print("The mailbox gets no mails of notifications any more.")


async def suppress(settings: Settings, address: str) -> None:
    """Suppresses the account that has an address, if there is one.

    Raises:
        RuntimeError: No database answers.
        Unavailable: The connection was lost.
    """

    async def work(transaction: Transaction) -> None:
        SuppressionRepository(transaction).suppress(address)

    async with connected(settings) as pool:
        await Database(pool).run(work)
