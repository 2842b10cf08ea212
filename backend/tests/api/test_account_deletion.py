"""Accounts that are deleted: nothing is left of who it was, everything of what others did."""

import pytest
from httpx import AsyncClient

from app.db.models.profiles import Profile
from app.db.models.users import User
from tests.factories.bookings import make_booking, make_finished_booking
from tests.factories.cleanings import make_cleaning
from tests.factories.evaluations import make_evaluation
from tests.factories.offers import make_offer
from tests.factories.sessions import log_in, make_login, make_member, refresh, register
from tests.factories.users import Actor, Market, make_user
from tests.rows import get


async def delete(user: Actor) -> None:
    response = await user.delete("/users/me")
    assert response.status_code == 204


class TestDeletingOnesAccount:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.delete("/users/me")).status_code == 401

    async def test_leaves_nothing_of_who_it_was(self, market: Market) -> None:
        user = await make_user(market)
        profile = {
            "full_name": "Anna Ark",
            "bio": "Windows",
            "image": "https://example.com/anna.jpg",
            "phone_number": "+4915112345678",
        }
        await user.patch("/profiles/me", profile)
        await delete(user)
        async with market.app.state.database.write() as transaction:
            row = await get(transaction, User, user.id)
            assert row.deleted_at is not None
            assert row.password_hash == ""
            assert user.username not in row.username
            assert user.email not in row.email
            kept = await get(transaction, Profile, user.id)
            assert kept.model_dump(include=set(profile)) == dict.fromkeys(profile)

    async def test_ends_every_session(self, market: Market) -> None:
        member = await make_member(market)
        other, refresh_token = await make_login(market, member)
        await delete(member)
        for actor in (member, other):
            assert (await actor.get("/users/me")).status_code == 401
            assert (await actor.post("/cleanings", {"name": "x", "price": 1})).status_code == 401
            assert (await actor.delete("/users/me")).status_code == 401
        assert (await refresh(market, refresh_token)).status_code == 401
        assert (await log_in(market, member.username)).status_code == 401
        rows = await market.app.state.database.fetch(
            "SELECT FROM sessions WHERE user_id = $1", [member.id]
        )
        assert rows == []

    async def test_frees_its_address(self, market: Market) -> None:
        user = await make_user(market)
        await delete(user)
        response = await register(market, email=user.email.upper())
        assert response.status_code == 201
        assert response.json()["id"] != str(user.id)

    async def test_though_another_has_an_address_that_looks_like_its_next(
        self, market: Market
    ) -> None:
        user = await make_user(market)
        taken = f"{user.id.hex}@deleted.invalid"
        assert (await register(market, email=taken)).status_code == 201
        await delete(user)

    async def test_twice_of_two_accounts(self, market: Market) -> None:
        for _ in range(2):
            await delete(await make_user(market))

    async def test_cancels_its_open_jobs(self, market: Market) -> None:
        job = await make_cleaning(market)
        offer = await make_offer(market, job)
        await delete(job.owner)
        found = (await offer.cleaner.get(job.path)).json()
        assert found["status"] == "cancelled"
        assert found["my_offer"]["status"] == "superseded"

    async def test_leaves_others_jobs_open(self, market: Market) -> None:
        offer = await make_offer(market)
        await delete(offer.cleaner)
        assert (await offer.owner.get(offer.job.path)).json()["status"] == "open"

    async def test_withdraws_its_offers(self, market: Market) -> None:
        offer = await make_offer(market)
        await delete(offer.cleaner)
        found = await offer.owner.get(offer.path)
        assert found.json()["status"] == "withdrawn"
        assert found.headers["ETag"] != offer.etag

    async def test_leaves_offers_that_were_decided(self, market: Market) -> None:
        offer = await make_offer(market)
        await offer.owner.post(f"{offer.path}/rejection")
        await delete(offer.cleaner)
        assert (await offer.owner.get(offer.path)).json()["status"] == "rejected"

    async def test_leaves_what_it_said_of_others(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        evaluation = await make_evaluation(market, booking, headline="Spotless")
        await delete(booking.owner)
        (found,) = await booking.cleaner.items(f"/profiles/{booking.cleaner.username}/evaluations")
        assert found["headline"] == "Spotless"
        assert found["author"]["username"] != booking.owner.username
        assert found["author"]["full_name"] is None
        assert evaluation["author"]["username"] == booking.owner.username

    @pytest.mark.parametrize("side", ["owner", "cleaner"])
    async def test_while_a_booking_is_live(self, market: Market, side: str) -> None:
        booking = await make_booking(market)
        user: Actor = getattr(booking, side)
        other = await make_cleaning(market, user)
        response = await user.delete("/users/me")
        assert response.status_code == 409
        assert response.json()["code"] == "live_booking"
        assert (await user.get(other.path)).json()["status"] == "open"

    @pytest.mark.parametrize("side", ["owner", "cleaner"])
    @pytest.mark.parametrize("end", ["completion", "cancellation", "no-show"])
    async def test_after_a_booking_has_ended(self, market: Market, side: str, end: str) -> None:
        booking = await make_finished_booking(market, end=end)
        await delete(getattr(booking, side))

    async def test_is_written_down(self, market: Market) -> None:
        offer = await make_offer(market)
        job = await make_cleaning(market, offer.cleaner)
        await delete(offer.cleaner)
        rows = await market.app.state.database.fetch(
            "SELECT subject, subject_id::text, kind FROM events WHERE actor_id = $1 ORDER BY id",
            [offer.cleaner.id],
        )
        assert {tuple(row) for row in rows[-3:]} == {
            ("cleaning", job.data["id"], "cancelled"),
            ("offer", offer.data["id"], "withdrawn"),
            ("user", str(offer.cleaner.id), "deleted"),
        }
