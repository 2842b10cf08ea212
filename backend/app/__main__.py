"""``python -m app``: commands for operators."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from app.commands import categories, doctor, grant, secrets, settings, superuser
from app.core.errors import MarketplaceError


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs a command, or ends the program with a message.

    Args:
        arguments: The command; by default that of the process.
    """
    parser = ArgumentParser(prog="python -m app", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    categories.add_arguments(commands.add_parser("categories", help="load categories"))
    doctor.add_arguments(commands.add_parser("doctor", help="check the consistency of all data"))
    grant.add_arguments(
        commands.add_parser("grant", help="grant a database role access to the rows")
    )
    secrets.add_arguments(commands.add_parser("secrets", help="encrypt settings"))
    settings.add_arguments(commands.add_parser("settings", help="validate the settings"))
    superuser.add_arguments(commands.add_parser("superuser", help="make an account a superuser"))
    chosen = parser.parse_args(arguments)
    try:
        chosen.run(chosen)
    except (MarketplaceError, OSError, RuntimeError, ValueError) as error:
        sys.exit(str(error))
    except (EOFError, KeyboardInterrupt):
        sys.exit(130)


if __name__ == "__main__":
    main()
