"""``python -m app grant``: lets those who serve work on the rows, and on nothing else."""

import asyncio
from argparse import ArgumentParser, Namespace
from pathlib import Path

from app.core.database import DatabaseSettings
from app.core.environment import read_settings
from app.core.lifecycle import connected
from app.db.models.audit import AuditEntry
from app.postgres.database import Database
from app.postgres.roles import grant
from app.postgres.transactions import Transaction


def add_arguments(parser: ArgumentParser) -> None:
    """Says who can be let in."""
    parser.add_argument("role", help="who may read and write rows; made if it is missing")
    parser.add_argument("password_file", type=Path, help="where the password of the role stands")
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> None:
    """Lets the role in.

    Raises:
        OSError: The file of the password can't be read.
        ValueError: It has no password that would do, or the role may do too much already.
        Unavailable: The database can't be reached.
    """
    password = password_in(arguments.password_file)
    asyncio.run(let_in(read_settings(DatabaseSettings), arguments.role, password))
    print(f"{arguments.role} may read and write the rows of the market.")


def password_in(file: Path) -> str:
    """The password that a file has.

    Raises:
        ValueError: It is none, or one that drivers would change before they show it (SASLprep).
    """
    password = file.read_text().strip()
    if not (password and password.isascii() and password.isprintable()):
        raise ValueError(f"{file} must have a password of letters, digits and signs of ASCII.")
    return password


async def let_in(settings: DatabaseSettings, role: str, password: str) -> None:
    """Grants the role what it needs, as whoever the settings are for: the owner."""

    async def work(transaction: Transaction) -> None:
        await grant(transaction, role, password, append_only=[str(AuditEntry.__tablename__)])

    async with connected(settings) as pool:
        await Database(pool).run(work)
