"""``python -m app superuser``: makes an account a superuser."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from getpass import getpass

from pydantic import ValidationError

from app.core.clients import Client
from app.core.config import Settings
from app.core.environment import read_settings
from app.core.lifecycle import connected
from app.db.models.users import User, UserCreate, UserNotFound
from app.postgres.database import Database
from app.postgres.readiness import demand_ready
from app.postgres.transactions import Transaction
from app.services.administration import AdministrationService
from app.services.safeguards import Safeguards
from app.services.users import UserService

HERE = Client(ip=None, device=None, request_id="python -m app superuser")
"""The client in the audit log."""


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the username and the email address."""
    parser.add_argument("--username", help="username of the account; asked for if missing")
    parser.add_argument(
        "--email",
        help="create a new account with this address; its password is asked for, or is the first "
        "line of the input",
    )
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> None:
    """Gives an account the role, or creates a new one with it.

    Raises:
        ValueError: The input is invalid, or there is no terminal to ask for it.
        UserNotFound: The account does not exist, and none is to be created.
        EmailTaken: Another account has the email address of the new one.
        UsernameTaken: Another account has the username of the new one.
        Unavailable: The database is unreachable, or of another version.
    """
    username = arguments.username or ask_username()
    draft = draft_of(username, arguments.email) if arguments.email else None
    user = asyncio.run(appoint(read_settings(Settings), username, draft))
    print(f"{user.username} ({user.email}) is a superuser now.")


def ask_username() -> str:
    """Asks for the username.

    Raises:
        ValueError: There is no terminal.
    """
    if not sys.stdin.isatty():
        raise ValueError("Username missing: use --username.")
    return input("Username: ")


def ask_password() -> str:
    """Asks for a password twice without echo; without a terminal, reads a line.

    Raises:
        ValueError: The two passwords differ.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass("Password: ")
    if getpass("Once more: ") != password:
        raise ValueError("The passwords differ.")
    return password


def draft_of(username: str, email: str) -> UserCreate:
    """The account to create.

    Raises:
        ValueError: The input is invalid.
    """
    try:
        return UserCreate(username=username, email=email, password=ask_password())
    except ValidationError as error:
        wrong = (f"The {part['loc'][0]} is not right: {part['msg']}" for part in error.errors())
        raise ValueError("\n".join(wrong)) from None  # the original error contains the password


async def appoint(settings: Settings, username: str, draft: UserCreate | None) -> User:
    """Creates the account, if it is new, and gives it the role.

    Raises:
        UserNotFound: The account does not exist.
        Unavailable: The migrations of the database are of another version.
    """

    async def work(transaction: Transaction) -> User:
        if draft:
            safeguards = Safeguards.of(settings)._replace(verifies_emails=False)
            users = UserService(transaction, HERE, safeguards, database)
            user, _ = await users.make(draft)
            user.verify(user.email)  # the operator vouches for it
        return await AdministrationService(transaction, HERE).appoint(username)

    async with connected(settings) as pool:
        database = Database(pool)
        await demand_ready(database)
        try:
            return await database.run(work)
        except UserNotFound as error:
            hint = f"There is no account {username}. With --email, a new one is created."
            raise UserNotFound(hint) from error
