"""``python -m app settings``: says whether the service can work with its settings."""

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

    In the image, where each variable is set on purpose, an unknown name is refused. Outside
    development, so is a proxy that other machines reach without TLS.

    Raises:
        WrongSettings: A setting is wrong, or a name is unknown.
        RuntimeError: No database answers.
    """
    settings = read_settings(Settings)
    if settings.environment != "development":
        refuse_plain_http(os.environ)
    if OF_THE_IMAGE.exists():
        refuse(unknown(given(OF_THE_IMAGE)), "in the environment")
    asyncio.run(connect(settings))
    print("The settings are good.")


def refuse_plain_http(environment: Mapping[str, str]) -> None:
    """Refuses to publish the proxy to other machines without a certificate.

    Args:
        environment: ``LISTEN`` is where the port of the proxy is published (``443``,
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
        "The settings are wrong. LISTEN: other machines would reach the proxy by plain HTTP; set"
        " TLS_CERTIFICATE_FILE (or INSECURE_LISTEN=true, if TLS ends on another machine)."
    )


def given(of_the_image: Path) -> set[str]:
    """The names of the variables that neither the image nor a container engine has set."""
    usual = OF_EVERY_CONTAINER.union(of_the_image.read_text().split())
    return {name for name in os.environ if name not in usual and name.upper() not in usual}


async def connect(settings: Settings) -> None:
    """Connects to the database once."""
    async with connected(settings):
        pass
