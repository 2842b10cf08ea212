"""Throttles: who tries too often has to wait, and nobody else."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from hashlib import sha256

import pytest
from httpx import Response

from app.api.server import get_application
from app.core.errors import TooManyRequests
from app.core.limits import Limit
from app.db.repositories.throttles import CROWD, FEW, Attempt, ThrottleRepository
from tests.clients import client_of
from tests.factories.sessions import log_in, make_member, register
from tests.factories.users import PASSWORD, Market, market_from
from tests.server import settings_for

LIMIT, WINDOW = 5, 300
HOME, CAFE, ABROAD = "203.0.113.7", "198.51.100.20", "2001:db8:1:2::7"


async def guess(market: Market, name: str, times: int = LIMIT) -> None:
    """Guesses passwords, all of them wrong."""
    for _ in range(times):
        assert (await log_in(market, name, "not the lighthouse")).status_code == 401


def check_refused(response: Response, name: str) -> None:
    assert response.status_code == 429
    assert response.json()["code"] == "too_many_requests"
    seconds = int(response.headers["Retry-After"])
    assert 0 < seconds <= WINDOW
    assert response.headers["RateLimit-Policy"] == f'"{name}";q={LIMIT};w={WINDOW}'
    assert response.headers["RateLimit"] == f'"{name}";r=0;t={seconds}'


class TestGuessingThePasswordOfOneAccount:
    @pytest.fixture(autouse=True)
    def low(self, market: Market) -> None:
        market.set_limit("logins_per_account", LIMIT, WINDOW)

    async def test_is_refused_after_a_while(self, market: Market) -> None:
        member = await make_member(market)
        await guess(market, member.username)
        check_refused(await log_in(market, member.username), "logins_per_account")
        check_refused(await log_in(market, member.username.upper()), "logins_per_account")

    async def test_is_refused_whether_it_exists_or_not(self, market: Market) -> None:
        await guess(market, "nobody")
        check_refused(await log_in(market, "nobody"), "logins_per_account")

    async def test_leaves_a_few_tries_to_each_other_network(self, market: Market) -> None:
        member = await make_member(market)
        await guess(market_from(market, ABROAD), member.username)
        cafe = market_from(market, CAFE)
        await guess(cafe, member.username, FEW)
        check_refused(await log_in(cafe, member.username), "logins_per_account")
        another = market_from(market, HOME)
        assert (await log_in(another, member.username)).status_code == 200

    async def test_is_refused_from_wherever_it_comes_in_the_end(self, market: Market) -> None:
        member = await make_member(market)
        for number in range(CROWD * LIMIT):
            await guess(market_from(market, f"10.0.{number}.1"), member.username, 1)
        response = await log_in(market_from(market, CAFE), member.username)
        check_refused(response, "logins_per_account")

    async def test_that_is_refused_takes_nothing_from_others(self, market: Market) -> None:
        member, abroad = await make_member(market), market_from(market, ABROAD)
        await guess(abroad, member.username)
        for _ in range(CROWD * LIMIT):
            assert (await log_in(abroad, member.username)).status_code == 429
        response = await log_in(market_from(market, CAFE), member.username)
        assert response.status_code == 200

    @pytest.mark.parametrize("name", ["ÅNNA@example.com", "A\u030anna@example.com"])
    async def test_is_counted_by_every_spelling_of_the_name(
        self, market: Market, name: str
    ) -> None:
        await guess(market, "ånna@example.com")
        check_refused(await log_in(market, name), "logins_per_account")

    async def test_does_not_keep_out_its_owner_at_home(self, market: Market) -> None:
        member, home = await make_member(market), market_from(market, HOME)
        assert (await log_in(home, member.username)).status_code == 200
        await guess(market_from(market, ABROAD), member.username)
        assert (await log_in(home, member.username)).status_code == 200

    @pytest.mark.parametrize("made_up", ["{} at {}/32", "{} at {}", "{} from {}"])
    async def test_under_made_up_names_does_not_keep_out_its_owner_at_home(
        self, market: Market, made_up: str
    ) -> None:
        member, home = await make_member(market), market_from(market, HOME)
        assert (await log_in(home, member.username)).status_code == 200
        await guess(market_from(market, ABROAD), made_up.format(member.username, HOME))
        assert (await log_in(home, member.username)).status_code == 200

    async def test_under_its_id_does_not_keep_its_owner_from_a_new_password(
        self, market: Market
    ) -> None:
        member = await make_member(market)
        await guess(market_from(market, ABROAD), str(member.id))
        changes = {"password": "another lighthouse", "current_password": PASSWORD}
        assert (await member.patch("/users/me", changes)).status_code == 200

    async def test_does_not_keep_out_others(self, market: Market) -> None:
        member, other = await make_member(market), await make_member(market)
        await guess(market, member.username)
        assert (await log_in(market, other.username)).status_code == 200

    async def test_may_be_tried_again_in_the_next_window(self, market: Market) -> None:
        member = await make_member(market)
        await guess(market, member.username)
        await market.app.state.database.fetch(
            "UPDATE throttles SET resets_at = resets_at - interval '300 seconds'", ()
        )
        await guess(market, member.username)
        check_refused(await log_in(market, member.username), "logins_per_account")


class TestAttemptsThatAreGivenBack:
    async def test_make_no_room_in_the_next_window(self, market: Market) -> None:
        """Attempts that are under way at the end of a window must not add to the next one."""
        attempt = [Attempt(Limit("logins_per_account", 1, WINDOW), ("name", "anna"))]
        database, keyring = market.app.state.database, market.safeguards.keyring
        earlier = ThrottleRepository(database, keyring)
        await earlier.take([Attempt(Limit("logins_per_account", 1, 1), ("name", "anna"))])
        await database.fetch(
            "UPDATE throttles SET resets_at = resets_at - interval '300 seconds'", ()
        )
        later = ThrottleRepository(database, keyring)
        await later.take(attempt)
        await earlier.give_back(attempt)
        with pytest.raises(TooManyRequests):
            await later.take(attempt)
        await later.give_back(attempt)
        await later.take(attempt)


class TestLoggingInOften:
    async def test_is_not_refused(self, market: Market) -> None:
        for name in ("logins_per_account", "logins_per_address", "logins_in_all"):
            market.set_limit(name, LIMIT, WINDOW)
        member = await make_member(market)
        for _ in range(LIMIT + 1):
            assert (await log_in(market, member.username)).status_code == 200
        await guess(market, member.username)


class TestGuessingThePasswordsOfMany:
    @pytest.mark.parametrize("address", [HOME, ABROAD])
    async def test_is_refused_after_a_while(self, market: Market, address: str) -> None:
        market.set_limit("logins_per_address", LIMIT, WINDOW)
        visitor = market_from(market, address)
        for number in range(LIMIT):
            await guess(visitor, f"somebody{number}", 1)
        check_refused(await log_in(visitor, "another"), "logins_per_address")
        assert (await log_in(market_from(market, CAFE), "another")).status_code == 401

    async def test_is_refused_to_all_addresses_of_a_site(self, market: Market) -> None:
        market.set_limit("logins_per_address", LIMIT, WINDOW)
        for number in range(LIMIT):
            await guess(market_from(market, f"2001:db8:1:2::{number}"), f"somebody{number}", 1)
        response = await log_in(market_from(market, "2001:db8:1:2:ffff::1"), "another")
        check_refused(response, "logins_per_address")
        neighbour = market_from(market, "2001:db8:1:3::1")
        assert (await log_in(neighbour, "another")).status_code == 401

    async def test_is_slowed_down_however_many_networks_there_are(self, market: Market) -> None:
        market.set_limit("logins_in_all", LIMIT, WINDOW)
        member, home = await make_member(market), market_from(market, HOME)
        await log_in(home, member.username)
        for number in range(3 * LIMIT):
            await guess(market_from(market, f"10.0.{number}.1"), f"somebody{number}", 1)
        cafe = market_from(market, CAFE)
        await guess(cafe, "another", FEW)
        check_refused(await log_in(cafe, "another"), "logins_in_all")
        assert (await log_in(home, member.username)).status_code == 200

    @pytest.mark.parametrize(
        ("block", "sites", "neighbour"),
        [("2001:db8:1:{:x}::1", 4, "2001:db8:1:100::1"), ("2001:db8:1:{:x}00::1", 16, CAFE)],
    )
    async def test_is_refused_to_a_block_of_many_sites(
        self, market: Market, block: str, sites: int, neighbour: str
    ) -> None:
        market.set_limit("logins_per_address", LIMIT, WINDOW)
        for number in range(sites * LIMIT):
            visitor = market_from(market, block.format(number))
            await guess(visitor, f"somebody{number}", 1)
        response = await log_in(market_from(market, block.format(200)), "another")
        assert response.status_code == 429
        assert f"q={sites * LIMIT};" in response.headers["RateLimit-Policy"]
        assert (await log_in(market_from(market, neighbour), "another")).status_code == 401

    async def test_from_there_does_not_keep_out_who_has_logged_in_there(
        self, market: Market
    ) -> None:
        market.set_limit("logins_per_address", LIMIT, WINDOW)
        member, home = await make_member(market), market_from(market, HOME)
        await log_in(home, member.username)
        for number in range(LIMIT):
            await guess(home, f"somebody{number}", 1)
        assert (await log_in(home, member.username)).status_code == 200

    async def test_counts_addresses_of_ipv4_apart_in_whatever_way_they_are_written(
        self, market: Market
    ) -> None:
        market.set_limit("logins_per_address", LIMIT, WINDOW)
        await guess(market_from(market, f"::ffff:{HOME}"), "somebody")
        check_refused(await log_in(market_from(market, HOME), "another"), "logins_per_address")
        cafe = market_from(market, f"::ffff:{CAFE}")
        assert (await log_in(cafe, "another")).status_code == 401

    async def test_counts_those_with_no_address_together(self, market: Market) -> None:
        market.set_limit("logins_per_address", LIMIT, WINDOW)
        socket = market_from(market, "")
        await guess(socket, "somebody")
        check_refused(await log_in(socket, "another"), "logins_per_address")


@pytest.mark.committed
class TestManyProcesses:
    @pytest.fixture
    async def other(self, server: str, database_name: str) -> AsyncIterator[Market]:
        """The service in another process, as far as it shares nothing but the database."""
        app = get_application(settings_for(server, database_name))
        async with app.router.lifespan_context(app), client_of(app) as client:
            yield Market(app, client)

    async def test_count_together(self, market: Market, other: Market) -> None:
        both = [market_from(one, CAFE) for one in (market, other)]
        for one in both:  # in one network: each other one has a few more
            one.set_limit("logins_per_account", LIMIT, WINDOW)
        guesses = [
            log_in(both[number % 2], "somebody", "not the lighthouse")
            for number in range(4 * LIMIT)
        ]
        answers = Counter(answer.status_code for answer in await asyncio.gather(*guesses))
        assert answers == {401: LIMIT, 429: 3 * LIMIT}


async def test_nothing_tells_whose_tries_they_were(market: Market) -> None:
    await guess(market_from(market, HOME), "somebody", 1)
    await register(market)
    rows = await market.app.state.database.fetch("SELECT throttles::text AS row FROM throttles", ())
    assert rows
    shown = " ".join(row["row"] for row in rows)
    for name in ("somebody", HOME):
        for form in (name, name.encode().hex(), sha256(name.encode()).hexdigest()):
            assert form not in shown
