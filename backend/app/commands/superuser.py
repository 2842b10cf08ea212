"""``python -m app superuser``: makes somebody a superuser, who looks after the market."""

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

HERE = Client(address=None, device=None, request_id="python -m app superuser")
"""Where the audit says that it was done."""


def add_arguments(parser: ArgumentParser) -> None:
    """Says who can be made a superuser."""
    parser.add_argument("--username", help="whose account it is; asked for if it is not given")
    parser.add_argument(
        "--email",
        help="makes a new account with this address; its password is asked for, or is the first "
        "line of the input",
    )
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> None:
    """Gives an account the role, or makes a new one that has it.

    Raises:
        ValueError: What was entered is not right, or nobody is there to enter it.
        UserNotFound: There is no such account, and none is to be made.
        EmailTaken: Another account has the address of the new one.
        UsernameTaken: Another account has the name of the new one.
        Unavailable: The database can't be reached, or its migrations are not those of this version.
    """
    username = arguments.username or ask_username()
    draft = draft_of(username, arguments.email) if arguments.email else None
    user = asyncio.run(appoint(read_settings(Settings), username, draft))
    print(f"{user.username} ({user.email}) is a superuser now.")


def ask_username() -> str:
    """Asks for the username.

    Raises:
        ValueError: Nobody sits at a terminal.
    """
    if not sys.stdin.isatty():
        raise ValueError("Whose account? Say --username.")
    return input("Username: ")


def ask_password() -> str:
    """Asks for a password twice, and shows nothing of it; without a terminal, reads a line.

    Raises:
        ValueError: It was not the same twice.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass("Password: ")
    if getpass("Once more: ") != password:
        raise ValueError("That was not the same twice.")
    return password


def draft_of(username: str, email: str) -> UserCreate:
    """The account that is to be made.

    Raises:
        ValueError: Something about it is not right.
    """
    try:
        return UserCreate(username=username, email=email, password=ask_password())
    except ValidationError as error:
        wrong = (f"The {part['loc'][0]} is not right: {part['msg']}" for part in error.errors())
        raise ValueError("\n".join(wrong)) from None  # that error would show the password


async def appoint(settings: Settings, username: str, draft: UserCreate | None) -> User:
    """Makes the account, if it is a new one, and gives it the role.

    Raises:
        UserNotFound: There is no such account.
        Unavailable: The database's migrations are not those of this version.
    """

    async def work(transaction: Transaction) -> User:
        if draft:
            safeguards = Safeguards.of(settings)._replace(verifies_emails=False)
            users = UserService(transaction, HERE, safeguards, database)
            user, _ = await users.make(draft)
            user.verify(user.email)  # whoever runs the service vouches for it
        return await AdministrationService(transaction, HERE).appoint(username)

    async with connected(settings) as pool:
        database = Database(pool)
        await demand_ready(database)
        try:
            return await database.run(work)
        except UserNotFound as error:
            hint = f"Nobody is called {username}. With --email, a new account is made."
            raise UserNotFound(hint) from error
