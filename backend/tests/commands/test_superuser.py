"""``python -m app superuser``: how a market gets the first who looks after it."""

import asyncio
import os
import pty
import sys
from contextlib import suppress
from typing import Any

import pytest
from httpx import AsyncClient

from app.db.models.users import UserRole
from tests.factories.sessions import log_in
from tests.factories.users import PASSWORD, Actor, Market, make_user
from tests.programs import TIME_LIMIT, run_program
from tests.server import BACKEND

pytestmark = pytest.mark.committed

NEW = ("--username", "anna", "--email", "anna@example.com")


async def run(
    environment: dict[str, str], *arguments: str, entered: str = ""
) -> tuple[int | None, str]:
    """Runs the command without a terminal; returns its exit status and all that it says."""
    return await run_program(environment, "app", "superuser", *arguments, entered=entered)


async def run_at_terminal(
    environment: dict[str, str], *arguments: str, entered: list[str]
) -> tuple[int | None, str]:
    """Runs the command at a terminal, where somebody answers each of its questions."""
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", "superuser", *arguments),
        cwd=BACKEND,
        env=environment,
        start_new_session=True,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said, answers = "", iter(entered)
    with suppress(OSError):  # so a terminal tells that nobody uses it any more
        while heard := await asyncio.to_thread(os.read, ours, 1000):
            said += heard.decode()
            if said.endswith(": "):
                os.write(ours, f"{next(answers)}\n".encode())
    os.close(ours)
    return await asyncio.wait_for(process.wait(), TIME_LIMIT), said


async def role_of(user: Actor) -> str:
    """What somebody may do: superusers see themselves as such, others see nothing."""
    response = await user.get(f"/admin/users/{user.id}")
    return str(response.json().get("role", "none"))


async def audited(staff: Actor) -> list[Any]:
    """All changes of roles: who did it, to whom, where, and what was changed."""
    return [
        (entry["actor"], entry["user"]["username"], entry["request_id"], entry["details"])
        for entry in await staff.items("/admin/audit", action="role_changed")
    ]


class TestAnAccountThatIsThere:
    @pytest.mark.parametrize("role", [UserRole.USER, UserRole.SUPERUSER])
    async def test_becomes_a_superuser(
        self, market: Market, environment: dict[str, str], role: UserRole
    ) -> None:
        user = await make_user(market, role=role)
        status, said = await run(environment, "--username", user.username.upper())
        assert (status, said) == (0, f"{user.username} ({user.email}) is a superuser now.\n")
        assert await role_of(user) == "superuser"
        details = {"before": role, "role": "superuser"}
        assert await audited(user) == [(None, user.username, "python -m app superuser", details)]

    async def test_is_named_at_the_terminal_otherwise(
        self, market: Market, environment: dict[str, str]
    ) -> None:
        user = await make_user(market)
        status, said = await run_at_terminal(environment, entered=[user.username])
        assert status == 0, said
        assert await role_of(user) == "superuser"

    async def test_has_to_be_named(self, environment: dict[str, str]) -> None:
        assert await run(environment) == (1, "Username missing: use --username.\n")

    async def test_has_to_be_there(self, market: Market, environment: dict[str, str]) -> None:
        gone = await make_user(market)
        await gone.delete("/users/me")
        status, said = await run(environment, "--username", gone.username)
        assert status == 1
        assert said == f"There is no account {gone.username}. With --email, a new one is created.\n"


class TestANewAccount:
    async def test_is_made_with_the_password_that_is_piped_in(
        self, market: Market, environment: dict[str, str]
    ) -> None:
        status, said = await run(environment, *NEW, entered=f"{PASSWORD}\n")
        assert (status, said) == (0, "anna (anna@example.com) is a superuser now.\n")
        await self.check_login(market.client)

    async def test_is_made_with_the_password_that_is_typed(
        self, market: Market, environment: dict[str, str]
    ) -> None:
        status, said = await run_at_terminal(environment, *NEW, entered=[PASSWORD, PASSWORD])
        assert status == 0, said
        assert PASSWORD not in said
        await self.check_login(market.client)

    async def check_login(self, client: AsyncClient) -> None:
        form = {"username": "anna", "password": PASSWORD}
        token = (await client.post("/auth/token", data=form)).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        (account,) = (await client.get("/admin/users", headers=headers)).json()["items"]
        assert (account["username"], account["role"]) == ("anna", "superuser")

    async def test_needs_the_same_password_twice(
        self, market: Market, environment: dict[str, str]
    ) -> None:
        typed = [PASSWORD, f"{PASSWORD}!"]
        status, said = await run_at_terminal(environment, *NEW, entered=typed)
        assert status == 1
        assert "The passwords differ." in said
        assert (await log_in(market, "anna")).status_code == 401

    @pytest.mark.parametrize(
        ("password", "complaint"),
        [
            ("password123", "The password is not right: "),
            ("anna@example.com", "Must not consist of your names"),
        ],
    )
    async def test_needs_a_password_as_everyone_does(
        self, market: Market, environment: dict[str, str], password: str, complaint: str
    ) -> None:
        status, said = await run(environment, *NEW, entered=password)
        assert status == 1
        assert complaint in said
        assert password not in said
        assert (await log_in(market, "anna", password)).status_code == 401

    @pytest.mark.parametrize(
        ("taken", "complaint"),
        [
            ({"username": "Anna"}, "Another account has this username."),
            ({"email": "Anna@example.com"}, "Another account has this email address."),
        ],
    )
    async def test_takes_no_account_over(
        self, market: Market, environment: dict[str, str], taken: dict[str, str], complaint: str
    ) -> None:
        user = await make_user(market, **taken)
        assert await run(environment, *NEW, entered=PASSWORD) == (1, f"{complaint}\n")
        assert await role_of(user) == "none"

    async def test_needs_a_name_and_an_address_that_make_sense(
        self, environment: dict[str, str]
    ) -> None:
        nonsense = ("--username", "anna ark", "--email", "anna")
        status, said = await run(environment, *nonsense, entered=PASSWORD)
        assert status == 1
        assert "The username is not right" in said
        assert "The email is not right" in said
        assert PASSWORD not in said
        assert "Traceback" not in said


async def test_says_when_the_tables_are_not_there(environment: dict[str, str]) -> None:
    empty = environment["DATABASE_URL"].rpartition("/")[0] + "/postgres"
    status, said = await run(environment | {"DATABASE_URL": empty}, "--username", "anna")
    assert (status, said) == (1, "The database lacks migrations of this version.\n")


async def test_says_when_no_database_answers(environment: dict[str, str]) -> None:
    nowhere = environment | {"DATABASE_URL": "postgresql://anna:hidden@127.0.0.1:1/nowhere"}
    status, said = await run(nowhere, "--username", "anna")
    assert status == 1
    assert said.startswith("No database answers at postgresql+asyncpg://anna:***@127.0.0.1:1")
    assert "Traceback" not in said
