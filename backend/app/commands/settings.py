"""``python -m app settings``: says whether the service can work with its settings."""

import asyncio
import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from app.core.config import Settings
from app.core.environment import read_settings, refuse, unknown
from app.core.tasks import connected

OF_THE_IMAGE = Path("environment")
"""The names of the variables that the image sets itself, one per line: the Dockerfile writes it."""

OF_EVERY_CONTAINER = {
    *("HOME", "HOSTNAME", "OLDPWD", "PATH", "PWD", "SHLVL", "TERM", "TZ", "_"),
    *("ALL_PROXY", "FTP_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"),
}
"""What a container engine or a shell sets."""


def add_arguments(parser: ArgumentParser) -> None:
    """Says that there is nothing to choose."""
    parser.set_defaults(run=run)


def run(_: Namespace) -> None:
    """Reads all settings and connects to the database, as a server does when it starts.

    In the image, where each variable is set on purpose, an unknown name is refused.

    Raises:
        WrongSettings: A setting is wrong, or a name is unknown.
        RuntimeError: No database answers.
    """
    settings = read_settings(Settings)
    if OF_THE_IMAGE.exists():
        refuse(unknown(given(OF_THE_IMAGE)), "in the environment")
    asyncio.run(connect(settings))
    print("The settings are good.")


def given(of_the_image: Path) -> set[str]:
    """The names of the variables that neither the image nor a container engine has set."""
    usual = OF_EVERY_CONTAINER.union(of_the_image.read_text().split())
    return {name for name in os.environ if name not in usual and name.upper() not in usual}


async def connect(settings: Settings) -> None:
    """Connects to the database once."""
    async with connected(settings):
        pass
