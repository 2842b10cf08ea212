"""How a program reads its settings, and what it says when they are wrong: one sentence."""

import os
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from dotenv import dotenv_values
from pydantic import ValidationError
from pydantic_settings import SettingsError

from app.core.config import Settings
from app.core.database import DatabaseSettings
from app.core.security.sealed import sealed_values

COMPANIONS = frozenset(
    {
        "CONNECTIONS_PER_ADDRESS",
        "INSECURE_LISTEN",
        "LISTEN",
        "METRICS_TOKEN_FILE",
        "PORT",
        "POSTGRES_HOST_AUTH_METHOD",
        "POSTGRES_INITDB_ARGS",
        "REQUESTS_AT_ONCE_PER_ADDRESS",
        "REQUESTS_PER_ADDRESS",
        "SMTP_PASSWORD_FILE",
        "TLS_CERTIFICATE_FILE",
        "WEB_CONCURRENCY",
        "WRITES_PER_ADDRESS",
    }
)
"""Names in ``.env`` that Compose, the proxy, the database or uvicorn read, and not the service."""

FAMILIES = ("COMPOSE_", "DOCKER_", "OTEL_", "PG", "UVICORN_")
"""How the names of other programs' variables begin that may stand in ``.env``, too."""

SETTINGS = frozenset(name.upper() for name in Settings.model_fields)
LIKENESS = 0.75
"""From which likeness on (0 to 1) an unknown variable is taken for a misspelt setting."""

DOTENV = Path(".env")

Kind = TypeVar("Kind", bound=DatabaseSettings)


class WrongSettings(ValueError):
    """The settings can't be used. The message is one sentence, without the values given."""


def read_settings(kind: type[Kind]) -> Kind:
    """Reads settings from where they come from.

    A name in ``.env`` or in the encrypted settings that is not known is refused. A variable of the
    environment is refused only if it resembles a setting, since others have variables there, too.

    Args:
        kind: Which settings: all, or only those of the database.

    Raises:
        WrongSettings: A value is missing or makes no sense, a name is unknown, or a file can't be
            read.
    """
    try:
        refuse(unknown(dotenv_values(DOTENV, interpolate=False)), f"in {DOTENV}")
        refuse(misspelt(os.environ), "in the environment")
        settings = kind()
        refuse(unknown(sealed_values(settings)), "in the encrypted settings")
    except ValidationError as error:
        raise WrongSettings(sentence(error)) from None
    except SettingsError as error:
        cause = error.__cause__ if isinstance(error.__cause__, ValueError) else None
        raise WrongSettings(f"{error} ({cause})" if cause else str(error)) from None
    except OSError as error:
        raise WrongSettings(f"{error.filename} can't be read: {error.strerror}.") from None
    return settings


def sentence(error: ValidationError) -> str:
    """Says in one line which settings are wrong, and why."""
    faults = []
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        name = str(each["loc"][0]).upper() if each["loc"] else ""
        message = each["msg"].removeprefix("Value error, ")
        faults.append(f"{name}: {message[:1].lower()}{message[1:]}" if name else message)
    return f"The settings are wrong. {'; '.join(dict.fromkeys(faults))}."


def is_known(name: str) -> bool:
    """Whether a name means something, to the service or to a program that runs with it."""
    upper = name.upper()
    return upper in SETTINGS or upper in COMPANIONS or upper.startswith(FAMILIES)


def unknown(names: Iterable[str]) -> list[str]:
    """The names that mean nothing, in the order of the alphabet."""
    return sorted(name for name in names if not is_known(name))


def misspelt(names: Iterable[str]) -> list[str]:
    """The unknown names that resemble a setting."""
    return [name for name in unknown(names) if nearest(name)]


def nearest(name: str) -> str | None:
    """The known name that resembles another one most, if any does enough."""
    return next(iter(get_close_matches(name.upper(), SETTINGS | COMPANIONS, 1, LIKENESS)), None)


def refuse(names: Iterable[str], place: str) -> None:
    """Refuses names that are not known.

    Raises:
        WrongSettings: There are some; for each, the nearest known name is named.
    """
    faults = list(explained(names))
    if faults:
        raise WrongSettings(f"The settings are wrong. {'; '.join(faults)} ({place}).")


def explained(names: Iterable[str]) -> Iterator[str]:
    """Says of each name that there is no such setting, and which one may have been meant."""
    for name in names:
        meant = nearest(name)
        yield f"{name} is no setting" + (f": did you mean {meant}?" if meant else "")
