"""``python -m app categories``: loads categories from a file."""

import asyncio
from argparse import ArgumentParser, Namespace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from app.core.clients import Client
from app.core.config import MarketSettings
from app.core.environment import read_settings
from app.core.lifecycle import connected
from app.db.models.category_shapes import CategoryNode
from app.postgres.database import Database
from app.postgres.transactions import Transaction
from app.services.categories import CategoryService
from app.services.checklists import ChecklistService
from app.services.extras import ExtraService

SHIPPED = Path(__file__).with_suffix(".json")
"""A tree of services, with names in six languages."""

HERE = Client(ip=None, device=None, request_id="python -m app categories")
"""The client in the audit log."""

NODES = TypeAdapter(list[CategoryNode])


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the command that loads a file."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    load = commands.add_parser(
        "load", help="add the categories in a file with what they bring, and set their names"
    )
    load.add_argument("file", type=Path, help=f"a tree as JSON, such as {SHIPPED.name}")
    load.add_argument(
        "--if-none", action="store_true", help="do nothing if there are categories already"
    )
    load.set_defaults(run=run)


def run(arguments: Namespace) -> None:
    """Loads the categories in a file.

    Raises:
        OSError: The file is unreadable.
        ValueError: It does not have the form of a tree.
        Conflict: The tree would have too many tiers or categories.
        Unavailable: The database is unreachable.
    """
    nodes = nodes_in(arguments.file)
    settings = read_settings(MarketSettings)
    added = asyncio.run(load_into(settings, nodes, if_none=arguments.if_none))
    print("There are categories already." if added is None else f"{added} categories are new.")


def nodes_in(file: Path) -> list[CategoryNode]:
    """The tree in a file.

    Raises:
        ValueError: It does not have the form of a tree.
    """
    try:
        return NODES.validate_json(file.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"{file}: {place}: {first['msg']}") from None


async def load_into(
    settings: MarketSettings, nodes: list[CategoryNode], *, if_none: bool
) -> int | None:
    """Loads a tree into a database.

    Args:
        settings: The database, and the currency of the market.
        nodes: The tree.
        if_none: Whether to do nothing if there are categories.

    Returns:
        The number of new categories; None if nothing was done.
    """

    async def work(transaction: Transaction) -> int | None:
        added = await CategoryService(transaction, HERE).load(nodes, if_none=if_none)
        if added is not None:
            await ExtraService(transaction, HERE).load(nodes, settings.currency)
            await ChecklistService(transaction, HERE).load(nodes)
        return added

    async with connected(settings) as pool:
        return await Database(pool).run(work)
