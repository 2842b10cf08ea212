"""``python -m app``: commands for operators."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from importlib import import_module

from app.core.collection import collection_set_up
from app.core.errors import MarketplaceError

COMMANDS = {
    "bounces": "read a report about a mail that could not be delivered",
    "categories": "load categories",
    "doctor": "check the consistency of all data",
    "grant": "grant a database role access to the rows",
    "secrets": "encrypt settings",
    "settings": "validate the settings",
    "superuser": "make an account a superuser",
}
"""The purposes of the commands, by the names of their modules."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs a command, or ends the program with a message.

    Args:
        arguments: The command; by default that of the process.
    """
    given = sys.argv[1:] if arguments is None else arguments
    parser = ArgumentParser(prog="python -m app", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, purpose in COMMANDS.items():
        command = commands.add_parser(name, help=purpose)
        if name in given[:1]:  # importing the others takes longer than most commands
            with collection_set_up():
                module = import_module(f"app.commands.{name}")
            module.add_arguments(command)
    chosen = parser.parse_args(given)
    try:
        chosen.run(chosen)
    except (MarketplaceError, OSError, RuntimeError, ValueError) as error:
        sys.exit(str(error))
    except (EOFError, KeyboardInterrupt):
        sys.exit(130)


if __name__ == "__main__":
    main()
