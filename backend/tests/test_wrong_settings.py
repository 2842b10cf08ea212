"""A program with wrong settings says so in one sentence, and ends at once."""

import pytest

from dev.postgres import free_port
from tests.programs import run_program
from tests.server import settings_for

SECRET = "0123456789abcdef0123456789abcdef"
SERVER = ("uvicorn", "app.api.launch:get_application", "--factory", "--port=0")
SEVERAL = (*SERVER, "--workers=2")
"""Their parent ends with them, though with the status 0: that is uvicorn's way."""
PROGRAMS = {
    "server": SERVER,
    "server with several processes": SEVERAL,
    "worker": ("app.worker",),
    "alembic": ("alembic", "upgrade", "head"),
    "doctor": ("app", "doctor"),
    "settings": ("app", "settings"),
    "superuser": ("app", "superuser", "--username=anna"),
    "grant": ("app", "grant", "server", "/dev/stdin"),
}
EACH = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())


async def ended(program: tuple[str, ...], **environment: str) -> tuple[int | None, str]:
    """Runs a program until it ends; returns its exit status and all that it says."""
    settings = {"SECRET_KEY": SECRET, "POSTGRES_PASSWORD": "x", **environment}
    return await run_program(settings, *program, entered="password\n")


@EACH
async def test_a_wrong_value_ends_it(program: tuple[str, ...]) -> None:
    status, said = await ended(program, POOL_SIZE="several")
    assert status != 0 or program is SEVERAL
    assert "The settings are invalid. POOL_SIZE: input should be a valid integer" in said
    assert "Traceback" not in said


@EACH
async def test_a_database_that_does_not_answer_ends_it(program: tuple[str, ...]) -> None:
    url = f"postgresql://anna@127.0.0.1:{free_port()}/jobs"
    status, said = await ended(program, DATABASE_URL=url)
    assert status != 0 or program is SEVERAL
    assert "No database answers at " in said or "database can't be reached" in said
    assert "Traceback" not in said


async def test_good_ones_are_said_to_be_good(server: str, database_name: str) -> None:
    url = settings_for(server, database_name).database_url
    assert url
    status, said = await ended(("app", "settings"), DATABASE_URL=url.get_secret_value())
    assert (status, said) == (0, "The settings are valid.\n")


async def test_plain_http_for_other_machines_is_refused() -> None:
    status, said = await ended(("app", "settings"), LISTEN="443")
    assert status == 1
    assert said.startswith("The settings are invalid. LISTEN: the proxy would be public")
    assert "Traceback" not in said
