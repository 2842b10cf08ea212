"""``python -m app grant``: grants the database role of a server or worker access to the rows."""

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
    """Adds the role and the file of its password."""
    parser.add_argument("role", help="the database role; created if missing")
    parser.add_argument("password_file", type=Path, help="the file with its password")
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> None:
    """Creates the role and grants its permissions.

    Raises:
        OSError: The file of the password is unreadable.
        ValueError: It has no usable password, or the role has more permissions already.
        Unavailable: The database is unreachable.
    """
    password = password_in(arguments.password_file)
    asyncio.run(let_in(read_settings(DatabaseSettings), arguments.role, password))
    print(f"{arguments.role} may read and write the rows of the market.")


def password_in(file: Path) -> str:
    """The password in a file.

    Raises:
        ValueError: It is empty, or would be changed by drivers (SASLprep).
    """
    password = file.read_text().strip()
    if not (password and password.isascii() and password.isprintable()):
        raise ValueError(f"{file} must contain a password of printable ASCII characters.")
    return password


async def let_in(settings: DatabaseSettings, role: str, password: str) -> None:
    """Grants the permissions of the role, as the owner of the database."""

    async def work(transaction: Transaction) -> None:
        await grant(transaction, role, password, append_only=[str(AuditEntry.__tablename__)])

    async with connected(settings) as pool:
        await Database(pool).run(work)
