"""``python -m app``: what there is to do beside serving."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from app.commands import secrets


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs a command, or ends the program with a message.

    Args:
        arguments: The command; that of the program by default.
    """
    parser = ArgumentParser(prog="python -m app", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    secrets.add_arguments(commands.add_parser("secrets", help="encrypt settings"))
    chosen = parser.parse_args(arguments)
    try:
        chosen.run(chosen)
    except (OSError, ValueError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
