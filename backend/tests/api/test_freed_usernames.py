"""Usernames that were given up: nobody else may have them for a while."""

import asyncio
from hashlib import sha256

import pytest
from httpx import Response

from app.core.security.keys import Keyring
from app.db.models.freed_usernames import MOST_KEPT
from tests.factories.sessions import make_member, register
from tests.factories.users import Actor, Market, make_user


async def rename(actor: Actor, username: str) -> Response:
    return await actor.patch("/users/me", {"username": username})


def check_taken(response: Response) -> None:
    assert response.status_code == 409
    assert response.json()["code"] == "username_taken"


async def pass_days(market: Market, days: int) -> None:
    await market.app.state.database.fetch(
        "UPDATE freed_usernames SET ends_at = ends_at - make_interval(days => $1)", [days]
    )


class TestAUsernameThatWasGivenUp:
    async def test_for_another_is_kept_from_others(self, market: Market) -> None:
        anna, ben = await make_user(market, username="Anna"), await make_user(market)
        assert (await rename(anna, "anna-marie")).status_code == 200
        check_taken(await register(market, username="ANNA"))
        check_taken(await rename(ben, "anna"))

    async def test_with_its_account_is_kept_from_others(self, market: Market) -> None:
        anna = await make_member(market, username="anna")
        assert (await rename(anna, "anna-marie")).status_code == 200
        assert (await anna.delete("/users/me")).status_code == 204
        for username in ("anna", "anna-marie"):
            check_taken(await register(market, username=username))

    async def test_may_be_taken_back(self, market: Market) -> None:
        anna = await make_user(market, username="anna")
        for username in ("anna-marie", "anna", "Anna", "anna-marie"):
            assert (await rename(anna, username)).status_code == 200
        check_taken(await register(market, username="anna"))

    async def test_is_one_of_few(self, market: Market) -> None:
        anna = await make_user(market, username="anna0")
        for number in range(1, MOST_KEPT + 1):
            assert (await rename(anna, f"anna{number}")).status_code == 200
        refused = await rename(anna, "anna-marie")
        assert refused.status_code == 409
        assert refused.json()["code"] == "too_many_usernames"
        assert (await register(market, username="anna-marie")).status_code == 201
        assert (await rename(anna, "anna0")).status_code == 200
        assert (await rename(anna, "anna1")).status_code == 200
        await pass_days(market, 91)
        assert (await rename(anna, "anna-the-second")).status_code == 200

    async def test_can_be_had_when_its_time_is_over(self, market: Market) -> None:
        anna = await make_user(market, username="anna")
        await rename(anna, "anna-marie")
        await pass_days(market, 88)
        check_taken(await register(market, username="anna"))
        await pass_days(market, 3)
        assert (await register(market, username="anna")).status_code == 201

    async def test_is_known_after_the_secret_has_changed(self, market: Market) -> None:
        await rename(await make_user(market, username="anna"), "anna-marie")
        before = market.safeguards.keyring
        keyring = Keyring("x" * 32, before._secrets[0])  # noqa: SLF001 (it is told to nobody)
        market.replace_safeguards(keyring=keyring)
        check_taken(await register(market, username="anna"))

    async def test_can_not_be_read(self, market: Market) -> None:
        await rename(await make_user(market, username="anna"), "ben")
        (row,) = await market.app.state.database.fetch(
            "SELECT freed_usernames::text AS row FROM freed_usernames", ()
        )
        for shown in ("anna", b"anna".hex(), sha256(b"anna").hexdigest()):
            assert shown not in row["row"]

    @pytest.mark.committed
    async def test_is_kept_from_who_asks_for_it_meanwhile(self, market: Market) -> None:
        for number in range(5):
            anna = await make_user(market, username=f"anna{number}")
            renamed, registered = await asyncio.gather(
                rename(anna, f"other{number}"), register(market, username=f"anna{number}")
            )
            assert renamed.status_code == 200
            check_taken(registered)
