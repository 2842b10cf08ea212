"""The secret of the installation is changed, and nobody is logged out."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from httpx import AsyncClient, Response

from app.api.server import get_application
from app.core.config import Settings
from tests.clients import client_of
from tests.factories.cleanings import make_cleaning
from tests.factories.users import Market, make_user

OLD, NEW = "the first secret of this service", "the next secret of this service!"


@dataclass(frozen=True)
class Process:
    """A process of the service with secrets of its own, and somebody who may use it."""

    client: AsyncClient
    token: str

    async def browse(self, token: str | None = None, cursor: str | None = None) -> Response:
        """Reads a list of which there is more."""
        headers = {"Authorization": f"Bearer {token or self.token}"}
        params = {"limit": "1"} | ({"cursor": cursor} if cursor else {})
        return await self.client.get("/cleanings", headers=headers, params=params)

    async def cursor(self) -> str:
        cursor: str = (await self.browse()).json()["next_cursor"]
        return cursor


@pytest.fixture
async def processes(market: Market) -> AsyncIterator[list[Process]]:
    """One as it was, one while the secret is being changed, one that has forgotten the old one."""
    owner = await make_user(market)
    for _ in range(2):
        await make_cleaning(market, owner)
    bearer = market.app.state.access_tokens.read(owner.token)
    async with AsyncExitStack() as stack:
        found = []
        for present, previous in [(OLD, ""), (NEW, OLD), (NEW, "")]:
            app = get_application(
                Settings(
                    environment="development", secret_key=present, secret_key_previous=previous
                )
            )
            app.state.database = market.app.state.database
            client = await stack.enter_async_context(client_of(app))
            found.append(Process(client, app.state.access_tokens.issue(bearer)))
        yield found


class TestAccessTokens:
    async def test_of_the_old_secret_are_good_until_it_is_forgotten(
        self, processes: list[Process]
    ) -> None:
        before, meanwhile, after = processes
        assert (await meanwhile.browse(before.token)).status_code == 200
        assert (await after.browse(before.token)).status_code == 401

    async def test_are_of_the_new_secret_from_then_on(self, processes: list[Process]) -> None:
        before, meanwhile, after = processes
        assert (await after.browse(meanwhile.token)).status_code == 200
        assert (await before.browse(meanwhile.token)).status_code == 401


class TestCursors:
    async def test_of_the_old_secret_are_good_until_it_is_forgotten(
        self, processes: list[Process]
    ) -> None:
        before, meanwhile, after = processes
        cursor = await before.cursor()
        assert (await meanwhile.browse(cursor=cursor)).status_code == 200
        assert (await after.browse(cursor=cursor)).status_code == 422

    async def test_are_of_the_new_secret_from_then_on(self, processes: list[Process]) -> None:
        before, meanwhile, after = processes
        cursor = await meanwhile.cursor()
        assert (await after.browse(cursor=cursor)).status_code == 200
        assert (await before.browse(cursor=cursor)).status_code == 422
