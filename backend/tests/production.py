"""The containers of production, with which other ways to run the service have to agree."""

from collections.abc import Mapping
from typing import Any

import yaml  # type: ignore[import-untyped]

from tests.server import BACKEND

COMPOSE: dict[str, Any] = yaml.safe_load((BACKEND / "compose.production.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DATABASE_OPTIONS = set(SERVICES["db"]["command"])


def options(parameters: Mapping[str, str]) -> set[str]:
    """Settings of a PostgreSQL server as they stand in a command line."""
    return {f"--{name}={value}" for name, value in parameters.items()}
