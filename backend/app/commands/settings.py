"""``python -m app settings``: validates the settings and the connection to the database."""

import asyncio
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from app.core.config import Settings
from app.core.database import is_here
from app.core.environment import WrongSettings, read_settings, refuse, unknown
from app.core.lifecycle import connected

OF_THE_IMAGE = Path("environment")
"""A file with the names of the image's own variables, one per line, written by the Dockerfile."""

OF_EVERY_CONTAINER = {
    *("HOME", "HOSTNAME", "OLDPWD", "PATH", "PWD", "SHLVL", "TERM", "TZ", "_"),
    *("ALL_PROXY", "FTP_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"),
}
"""Variables of a container engine or a shell."""


def add_arguments(parser: ArgumentParser) -> None:
    """Adds no arguments."""
    parser.set_defaults(run=run)


def run(_: Namespace) -> None:
    """Reads all settings and connects to the database, like a server at its start.

    In the image, where each variable is set on purpose, unknown names are refused. Outside
    development, so is a public port of the proxy without TLS.

    Raises:
        WrongSettings: A setting is invalid, or a name is unknown.
        RuntimeError: No database answers.
    """
    settings = read_settings(Settings)
    if settings.environment != "development":
        refuse_plain_http(os.environ)
    if OF_THE_IMAGE.exists():
        refuse(unknown(given(OF_THE_IMAGE)), "in the environment")
    asyncio.run(connect(settings))
    print("The settings are valid.")


def refuse_plain_http(environment: Mapping[str, str]) -> None:
    """Refuses a public port of the proxy without a certificate.

    Args:
        environment: ``LISTEN`` is the published address of the proxy (``443``,
            ``127.0.0.1:8000``), by default on the loopback.

    Raises:
        WrongSettings: ``LISTEN`` is not a loopback address, and there is neither a
            ``TLS_CERTIFICATE_FILE`` nor ``INSECURE_LISTEN=true``.
    """
    listen = environment.get("LISTEN", "")
    if not listen or is_here(listen.rpartition(":")[0].strip("[]")):
        return
    if environment.get("TLS_CERTIFICATE_FILE") or environment.get("INSECURE_LISTEN") == "true":
        return
    raise WrongSettings(
        "The settings are invalid. LISTEN: the proxy would be public over plain HTTP; set"
        " TLS_CERTIFICATE_FILE (or INSECURE_LISTEN=true, if TLS ends on another machine)."
    )


def given(of_the_image: Path) -> set[str]:
    """The names of variables that are neither the image's nor a container engine's."""
    usual = OF_EVERY_CONTAINER.union(of_the_image.read_text().split())
    return {name for name in os.environ if name not in usual and name.upper() not in usual}


async def connect(settings: Settings) -> None:
    """Connects to the database once."""
    async with connected(settings):
        pass
