"""Reading of settings, with errors in one sentence."""

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
        "STREAMS_PER_ADDRESS",
        "TLS_CERTIFICATE_FILE",
        "WEB_CONCURRENCY",
        "WRITES_PER_ADDRESS",
    }
)
"""Names in ``.env`` for Compose, the proxy, the database or uvicorn."""

FAMILIES = ("COMPOSE_", "DOCKER_", "OTEL_", "PG", "UVICORN_")
"""Prefixes of other programs' variables that are allowed in ``.env``."""

SETTINGS = frozenset(name.upper() for name in Settings.model_fields)
LIKENESS = 0.75
"""The similarity (0 to 1) above which an unknown variable counts as a misspelt setting."""

DOTENV = Path(".env")

Kind = TypeVar("Kind", bound=DatabaseSettings)


class WrongSettings(ValueError):
    """Unusable settings. The message is one sentence, without values."""


def read_settings(kind: type[Kind]) -> Kind:
    """Reads settings from their sources.

    Unknown names in ``.env`` and in the encrypted settings are refused. Unknown variables of the
    environment are refused only if they resemble a setting, since other programs use it, too.

    Args:
        kind: The class of settings: all, or only those of the database.

    Raises:
        WrongSettings: A value is missing or invalid, a name is unknown, or a file is
            unreadable.
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
    """The invalid settings with the reasons, in one line."""
    faults = []
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        name = str(each["loc"][0]).upper() if each["loc"] else ""
        message = each["msg"].removeprefix("Value error, ")
        faults.append(f"{name}: {message[:1].lower()}{message[1:]}" if name else message)
    return f"The settings are invalid. {'; '.join(dict.fromkeys(faults))}."


def is_known(name: str) -> bool:
    """Whether a name is a setting of the service or of a program that runs with it."""
    upper = name.upper()
    return upper in SETTINGS or upper in COMPANIONS or upper.startswith(FAMILIES)


def unknown(names: Iterable[str]) -> list[str]:
    """The unknown names, sorted."""
    return sorted(name for name in names if not is_known(name))


def misspelt(names: Iterable[str]) -> list[str]:
    """The unknown names that resemble a setting."""
    return [name for name in unknown(names) if nearest(name)]


def nearest(name: str) -> str | None:
    """The most similar known name, if it is similar enough."""
    return next(iter(get_close_matches(name.upper(), SETTINGS | COMPANIONS, 1, LIKENESS)), None)


def refuse(names: Iterable[str], place: str) -> None:
    """Refuses unknown names.

    Raises:
        WrongSettings: With the most similar known name for each.
    """
    faults = list(explained(names))
    if faults:
        raise WrongSettings(f"The settings are invalid. {'; '.join(faults)} ({place}).")


def explained(names: Iterable[str]) -> Iterator[str]:
    """A message for each unknown name, with the most similar known one."""
    for name in names:
        meant = nearest(name)
        yield f"{name} is no setting" + (f": did you mean {meant}?" if meant else "")
