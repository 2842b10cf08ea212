"""Programs: what they can do with an API key, and until when."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import NullPool
from sqlalchemy.ext.asyncio import create_async_engine

from app.core.config import Settings
from app.core.security.api_keys import checksum
from app.postgres.database import Database
from app.postgres.hosts import Connection, Hosts
from app.postgres.pool import FairPool
from app.services import api_keys
from tests.factories.api_keys import (
    PATH,
    MadeApiKey,
    assert_ended,
    assert_good,
    expire_api_key,
    make_api_key,
)
from tests.factories.users import Actor, Market, block
from tests.processes import another_process
from tests.statements import recorded

FEED = "/feed/cleanings"
MARKING = "UPDATE api_keys"


class ReadOnlyHosts(Hosts):
    """A database that takes no writes."""

    async def connect(self) -> Connection:
        connection = await super().connect()
        await connection.execute("SET default_transaction_read_only = on")
        return connection


class TestAProgram:
    async def test_does_what_its_owner_could(self, market: Market) -> None:
        anna, ben = [(await make_api_key(market)).program for _ in range(2)]
        job = await anna.post("/cleanings", {"name": "Oven scrub", "price": "50.00"})
        path = f"/cleanings/{job.json()['id']}"
        offer = await ben.post(f"{path}/offers")
        booking = await anna.post(f"{path}/offers/{offer.json()['id']}/acceptance")
        path = f"{path}/bookings/{booking.json()['id']}"
        await anna.post(f"{path}/completion")
        await anna.post(f"{path}/evaluation", {"overall_rating": 5})
        (said,) = await ben.items(f"/profiles/{ben.username}/evaluations")
        assert said["overall_rating"] == 5

    async def test_acts_in_the_name_of_its_owner(self, market: Market) -> None:
        key = await make_api_key(market)
        job = await key.program.post("/cleanings", {"name": "Oven scrub", "price": "50.00"})
        assert job.json()["owner"]["username"] == key.owner.username
        assert len(await key.owner.items("/cleanings", owner="me")) == 1


async def delete(_: Market, key: MadeApiKey) -> None:
    await key.owner.delete(key.path)


async def delete_account(_: Market, key: MadeApiKey) -> None:
    await key.owner.delete("/users/me")


async def block_owner(market: Market, key: MadeApiKey) -> None:
    await block(market, key.owner)


END = pytest.mark.parametrize("end", [delete, delete_account, block_owner, expire_api_key])
End = Callable[[Market, MadeApiKey], Awaitable[None]]


class TestTheEnd:
    @END
    async def test_of_a_key_that_was_never_used(self, market: Market, end: End) -> None:
        key = await make_api_key(market)
        await end(market, key)
        await assert_ended(key)

    @END
    async def test_of_a_key_in_use(self, market: Market, end: End) -> None:
        key = await make_api_key(market)
        await assert_good(key)
        await end(market, key)
        await assert_ended(key)

    @END
    async def test_acts_at_once_in_every_process(self, market: Market, end: End) -> None:
        key = await make_api_key(market)
        async with another_process(market) as elsewhere:
            there = replace(key, owner=replace(key.owner, client=elsewhere.client))
            await assert_good(there)
            await end(market, key)
            await assert_ended(there)


class TestABadKey:
    @pytest.mark.parametrize(
        "mistype",
        [
            lambda key: key[:-1],
            lambda key: key + "A",
            lambda key: key.swapcase().replace("CMK_", "cmk_"),
            lambda key: key[:20] + ("A" if key[20] != "A" else "B") + key[21:],
            lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"),
            lambda _: "cmk_",
            lambda _: "cmk_" + "ö" * 49,
        ],
    )
    async def test_that_was_mistyped_is_known_without_the_database(
        self, market: Market, mistype: Callable[[str], str]
    ) -> None:
        key = mistype((await make_api_key(market)).data["key"])
        headers = {b"Authorization": f"Bearer {key}".encode("latin-1")}
        database = market.app.state.database
        market.app.state.database = None
        try:
            response = await market.client.get(FEED, headers=headers)
        finally:
            market.app.state.database = database
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"

    @pytest.mark.parametrize("made_up", ["cmk_", "cmk_" + "x" * 43])
    async def test_that_was_made_up(self, market: Market, made_up: str) -> None:
        key = await make_api_key(market)
        data = {**key.data, "key": made_up + checksum(made_up)}
        await assert_ended(replace(key, data=data))

    async def test_that_is_no_bearer_token(self, market: Market) -> None:
        key = (await make_api_key(market)).data["key"]
        for headers in ({"Authorization": key}, {"X-API-Key": key}):
            assert (await market.client.get(FEED, headers=headers)).status_code == 401
        response = await market.client.get(FEED, params={"access_token": key})
        assert response.status_code == 401


@pytest.mark.committed
class TestUsingAKey:
    async def test_has_it_looked_up_once(self, market: Market) -> None:
        program = (await make_api_key(market)).program
        assert await statements(market, program) == ["SELECT", MARKING, "SELECT"]
        assert await statements(market, program) == ["SELECT"]

    async def test_is_written_down_once_a_minute(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key = await make_api_key(market)
        await key.program.get(FEED)
        (first,) = await key.owner.items(PATH)
        assert key.data["created_at"] < first["last_used_at"]
        await key.program.get(FEED)
        assert await key.owner.items(PATH) == [first]
        monkeypatch.setattr(api_keys, "MARKED_EVERY", 0)
        assert await statements(market, key.program) == [MARKING, "SELECT"]
        (later,) = await key.owner.items(PATH)
        assert later["last_used_at"] > first["last_used_at"]

    async def test_by_many_at_once_is_written_down_once(self, market: Market) -> None:
        program = (await make_api_key(market)).program
        async with recorded(market.app) as heard:
            await asyncio.gather(*(program.get(FEED) for _ in range(8)))
        assert sum(statement.sql.startswith(MARKING) for statement in heard) == 1

    async def test_is_written_down_even_if_the_request_fails(self, market: Market) -> None:
        key = await make_api_key(market)
        assert (await key.program.get(f"/cleanings/{uuid4()}")).status_code == 404
        (shown,) = await key.owner.items(PATH)
        assert shown["last_used_at"]

    async def test_does_not_fail_where_nothing_can_be_written(self, market: Market) -> None:
        program = (await make_api_key(market)).program
        state = market.app.state
        settings = Settings(environment="development")
        hosts = ReadOnlyHosts(state.engine.url, settings)
        engine = create_async_engine(
            state.engine.url, poolclass=NullPool, async_creator=hosts.connect
        )
        database, replica = state.database, FairPool(engine, size=1, timeout=5, queue=100)
        state.database = Database(replica)
        response = await program.get(FEED)
        state.database = database
        await replica.close()
        assert response.status_code == 200

    async def test_of_which_there_are_more_than_a_process_remembers(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(api_keys, "MOST_KNOWN", 1)
        state = market.app.state
        forgetful = api_keys.KnownKeys(market.safeguards.keyring)
        known_keys, state.known_keys = state.known_keys, forgetful
        first, second = [(await make_api_key(market)).program for _ in range(2)]
        taken = [len(await statements(market, it)) for it in (first, second, first, first)]
        state.known_keys = known_keys
        assert taken == [3, 3, 3, 1]


async def statements(market: Market, program: Actor) -> list[str]:
    """What the service asks of the database to answer a program."""
    async with recorded(market.app) as heard:
        assert (await program.get(FEED)).status_code == 200
    return [MARKING if it.sql.startswith(MARKING) else it.sql.split()[0] for it in heard]
