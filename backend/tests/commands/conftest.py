"""What commands are run with."""

import os

import pytest

from tests.server import settings_for


@pytest.fixture
def environment(server: str, database_name: str) -> dict[str, str]:
    """That of an installation whose database is the one of the test."""
    url = settings_for(server, database_name).sqlalchemy_url
    return {
        "PATH": os.environ["PATH"],
        "ENVIRONMENT": "development",
        "SLOW_STATEMENT_MS": "60000",  # a busy machine is logged beside what a command says
        "DATABASE_URL": url.render_as_string(hide_password=False),
    }
