"""The secret of the installation is changed, and nobody is logged out."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from httpx import AsyncClient, Response

from tests.factories.cleanings import make_cleaning
from tests.factories.users import Market, make_user
from tests.processes import another_process

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

    async def api_key(self) -> str:
        headers = {"Authorization": f"Bearer {self.token}"}
        draft = {"name": "Calendar", "scopes": ["read:cleanings"]}
        response = await self.client.post("/users/me/api-keys", json=draft, headers=headers)
        key: str = response.json()["key"]
        return key


@pytest.fixture
async def processes(market: Market) -> AsyncIterator[list[Process]]:
    """One as it was, one while the secret is being changed, one that has forgotten the old one."""
    owner = await make_user(market)
    for _ in range(2):
        await make_cleaning(market, owner)
    bearer = market.safeguards.access_tokens.read(owner.token)
    async with AsyncExitStack() as stack:
        found = []
        for present, previous in [(OLD, ""), (NEW, OLD), (NEW, "")]:
            process = await stack.enter_async_context(
                another_process(market, secret_key=present, secret_key_previous=previous)
            )
            token = process.safeguards.access_tokens.issue(bearer)
            found.append(Process(process.client, token))
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


class TestApiKeys:
    async def test_that_are_used_meanwhile_outlive_the_old_secret(
        self, processes: list[Process]
    ) -> None:
        before, meanwhile, after = processes
        key = await before.api_key()
        assert (await meanwhile.browse(key)).status_code == 200
        assert (await after.browse(key)).status_code == 200

    async def test_that_are_not_used_meanwhile_are_lost_with_it(
        self, processes: list[Process]
    ) -> None:
        before, _, after = processes
        assert (await after.browse(await before.api_key())).status_code == 401

    async def test_are_of_the_new_secret_from_then_on(self, processes: list[Process]) -> None:
        before, meanwhile, after = processes
        key = await meanwhile.api_key()
        assert (await after.browse(key)).status_code == 200
        assert (await before.browse(key)).status_code == 401
