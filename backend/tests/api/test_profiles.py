"""Profiles: what users show of themselves, and to whom."""

from uuid import uuid4

import pytest
from httpx import AsyncClient

from tests.factories.bookings import make_booking, make_finished_booking
from tests.factories.cleanings import make_cleaning
from tests.factories.evaluations import make_evaluation
from tests.factories.offers import make_offer
from tests.factories.users import Actor, Market, block, make_user

PHONE_NUMBER = "+4915112345678"


async def make_reachable(market: Market) -> Actor:
    """Somebody with a telephone."""
    user = await make_user(market)
    response = await user.patch("/profiles/me", {"phone_number": PHONE_NUMBER})
    assert response.status_code == 200
    return user


async def contact(viewer: Actor, shown: Actor) -> tuple[str | None, str | None]:
    """What somebody is shown of how to reach somebody."""
    response = await viewer.get(f"/profiles/{shown.username}")
    assert response.status_code == 200
    profile = response.json()
    return profile["email"], profile["phone_number"]


class TestSeeingAProfile:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.get("/profiles/anna")).status_code == 401

    async def test_shows_what_is_public(self, market: Market) -> None:
        user = await make_reachable(market)
        profile = (await (await make_user(market)).get(f"/profiles/{user.username}")).json()
        assert profile.pop("updated_at")
        assert profile == {
            "id": str(user.id),
            "username": user.username,
            "full_name": user.username.title(),
            "bio": None,
            "image": None,
            "picture": None,
            "email": None,
            "phone_number": None,
            "is_public": None,
        }

    async def test_by_a_name_in_any_case(self, market: Market) -> None:
        user = await make_user(market, username="Anna-Ark")
        response = await (await make_user(market)).get("/profiles/ANNA-ark")
        assert response.json()["username"] == user.username

    async def test_by_an_id_that_stays(self, market: Market) -> None:
        user = await make_user(market)
        assert (await user.patch("/users/me", {"username": "anna-marie"})).status_code == 200
        for name in (str(user.id), str(user.id).upper()):
            response = await user.get(f"/profiles/{name}")
            assert response.json()["username"] == "anna-marie"
            for path in ("/evaluations?role=owner", "/evaluations/stats?role=owner"):
                assert (await user.get(f"/profiles/{name}{path}")).status_code == 200
        assert (await user.get(f"/profiles/{uuid4()}")).status_code == 404

    @pytest.mark.parametrize(("name", "status"), [("%61nna", 200), ("%2561nna", 422)])
    async def test_by_a_name_that_is_decoded_once(
        self, market: Market, name: str, status: int
    ) -> None:
        user = await make_user(market, username="anna")
        assert (await user.get(f"/profiles/{name}")).status_code == status

    async def test_that_does_not_exist(self, market: Market) -> None:
        response = await (await make_user(market)).get("/profiles/nobody")
        assert response.status_code == 404
        assert response.json()["code"] == "profile_not_found"

    async def test_of_a_blocked_user(self, market: Market) -> None:
        user = await make_user(market)
        await block(market, user)
        response = await (await make_user(market)).get(f"/profiles/{user.username}")
        assert response.status_code == 404

    async def test_of_a_deleted_user(self, market: Market) -> None:
        user, other = await make_user(market), await make_user(market)
        await user.delete("/users/me")
        rows = await market.app.state.database.fetch(
            "SELECT username FROM users WHERE id = $1", [user.id]
        )
        for name in (user.username, rows[0]["username"]):
            assert (await other.get(f"/profiles/{name}")).status_code == 404


class TestReachingSomebody:
    async def test_is_for_themselves(self, market: Market) -> None:
        user = await make_reachable(market)
        assert await contact(user, user) == (user.email, PHONE_NUMBER)

    async def test_is_not_for_those_who_negotiate(self, market: Market) -> None:
        owner, cleaner = await make_reachable(market), await make_reachable(market)
        await make_offer(market, await make_cleaning(market, owner), cleaner)
        assert await contact(owner, cleaner) == (None, None)
        assert await contact(cleaner, owner) == (None, None)

    async def test_is_for_the_two_sides_of_a_scheduled_booking(self, market: Market) -> None:
        owner, cleaner = await make_reachable(market), await make_reachable(market)
        offer = await make_offer(market, await make_cleaning(market, owner), cleaner)
        await make_booking(market, offer)
        assert await contact(owner, cleaner) == (cleaner.email, PHONE_NUMBER)
        assert await contact(cleaner, owner) == (owner.email, PHONE_NUMBER)

    async def test_is_not_for_a_third_person(self, market: Market) -> None:
        booking, rival = await make_booking(market), await make_user(market)
        elsewhere = await make_booking(market)
        for viewer in (rival, elsewhere.owner, elsewhere.cleaner):
            assert await contact(viewer, booking.owner) == (None, None)
            assert await contact(viewer, booking.cleaner) == (None, None)

    async def test_goes_on_for_two_weeks_after_a_completion(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        assert await contact(booking.owner, booking.cleaner) == (booking.cleaner.email, None)
        assert await contact(booking.cleaner, booking.owner) == (booking.owner.email, None)
        await market.app.state.database.fetch(
            "UPDATE bookings SET ended_at = now() - interval '14 days'", ()
        )
        assert await contact(booking.owner, booking.cleaner) == (None, None)
        assert await contact(booking.cleaner, booking.owner) == (None, None)

    @pytest.mark.parametrize("end", ["no-show", "cancellation"])
    async def test_ends_with_a_booking_that_came_to_nothing(self, market: Market, end: str) -> None:
        booking = await make_finished_booking(market, end=end)
        assert await contact(booking.owner, booking.cleaner) == (None, None)
        assert await contact(booking.cleaner, booking.owner) == (None, None)

    async def test_goes_on_while_another_booking_is_scheduled(self, market: Market) -> None:
        first = await make_booking(market)
        job = await make_cleaning(market, first.owner)
        await make_booking(market, await make_offer(market, job, first.cleaner))
        await first.owner.post(f"{first.path}/cancellation")
        assert await contact(first.cleaner, first.owner) == (first.owner.email, None)

    @pytest.mark.parametrize("finished", [False, True])
    async def test_is_possible_through_no_list(self, market: Market, *, finished: bool) -> None:
        owner, cleaner = await make_reachable(market), await make_reachable(market)
        offer = await make_offer(market, await make_cleaning(market, owner), cleaner)
        booking = await make_booking(market, offer)
        if finished:
            await owner.post(f"{booking.path}/completion")
            await make_evaluation(market, booking, owner)
            await make_evaluation(market, booking, cleaner)
        paths = [
            *("/cleanings?status=any", "/feed/cleanings", "/bookings", "/offers", booking.path),
            *(offer.path, offer.job.path, f"{offer.job.path}/offers"),
            f"/profiles/{cleaner.username}/evaluations",
            f"/profiles/{owner.username}/evaluations?role=owner",
        ]
        for viewer in (owner, cleaner, await make_user(market)):
            for path in paths:
                shown = await viewer.get(path)
                assert "@" not in shown.text
                assert PHONE_NUMBER not in shown.text


class TestEditingOnesProfile:
    async def test_needs_a_login(self, client: AsyncClient) -> None:
        assert (await client.get("/profiles/me")).status_code == 401
        assert (await client.patch("/profiles/me", json={})).status_code == 401

    @pytest.mark.parametrize(
        ("field", "given", "kept"),
        [
            ("full_name", "  Anna Ärk ", "Anna Ärk"),
            ("bio", "Windows\nare my joy. 🪟\n", "Windows\nare my joy. 🪟"),
            ("bio", "", ""),
            ("image", "https://example.com/a.jpg?b=c#d", "https://example.com/a.jpg?b=c#d"),
            ("image", "HTTP://Example.com", "http://example.com/"),
            ("image", "http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"),
            ("phone_number", PHONE_NUMBER, PHONE_NUMBER),
            ("phone_number", "+1234567", "+1234567"),
        ],
    )
    async def test_changes_a_field(self, market: Market, field: str, given: str, kept: str) -> None:
        user = await make_user(market)
        before = (await user.get("/profiles/me")).json()
        response = await user.patch("/profiles/me", {field: given})
        assert response.status_code == 200
        after = response.json()
        assert after.pop("updated_at") > before.pop("updated_at")
        assert after == before | {field: kept}

    @pytest.mark.parametrize(
        ("image", "message"),
        [
            ("https://anna:secret@example.com/a.jpg", "Must not contain a username or a password."),
            ("https://anna@example.com/a.jpg", "Must not contain a username or a password."),
            (
                "https://example.com/" + "ä" * 1900,
                "Must have at most 2000 characters after escaping.",
            ),
            ("anna.jpg", "Must be a URL such as https://example.com/anna.jpg."),
        ],
    )
    async def test_takes_only_images_that_all_may_load(
        self, market: Market, image: str, message: str
    ) -> None:
        response = await (await make_user(market)).patch("/profiles/me", {"image": image})
        assert response.status_code == 422
        assert [error["message"] for error in response.json()["errors"]] == [message]

    @pytest.mark.parametrize("field", ["full_name", "bio", "image", "phone_number"])
    async def test_empties_a_field(self, market: Market, field: str) -> None:
        user = await make_user(market)
        everything = {
            "full_name": "Anna Ark",
            "bio": "Windows",
            "image": "https://example.com/a.jpg",
            "phone_number": PHONE_NUMBER,
        }
        await user.patch("/profiles/me", everything)
        shown = (await user.patch("/profiles/me", {field: None})).json()
        assert {name: shown[name] for name in everything} == everything | {field: None}

    async def test_is_what_others_see(self, market: Market) -> None:
        user = await make_user(market)
        edited = (await user.patch("/profiles/me", {"bio": "Windows"})).json()
        assert (await user.get("/profiles/me")).json() == edited
        other = await make_user(market)
        assert (await other.get(f"/profiles/{user.username}")).json()["bio"] == "Windows"

    async def test_opens_it_to_visitors_for_all_that_only_its_owner_is_told(
        self, market: Market
    ) -> None:
        user = await make_user(market)
        assert (await user.get("/profiles/me")).json()["is_public"] is False
        response = await user.patch("/profiles/me", {"is_public": True})
        assert (response.status_code, response.json()["is_public"]) == (200, True)
        viewer = await make_user(market)
        assert (await viewer.get(f"/profiles/{user.username}")).json()["is_public"] is None
        assert (await user.patch("/profiles/me", {"is_public": None})).status_code == 422

    async def test_honours_if_match(self, market: Market) -> None:
        user = await make_user(market)
        first = (await user.get("/profiles/me")).headers["ETag"]
        response = await user.patch("/profiles/me", {"bio": "A"}, headers={"If-Match": first})
        assert response.headers["ETag"] != first
        response = await user.patch("/profiles/me", {"bio": "B"}, headers={"If-Match": first})
        assert response.status_code == 412
        assert (await user.get("/profiles/me")).json()["bio"] == "A"

    async def test_is_written_down_if_anything_changed(self, market: Market) -> None:
        user = await make_user(market)
        for bio in ("Windows", "Windows", "Floors"):
            await user.patch("/profiles/me", {"bio": bio})
        rows = await market.app.state.database.fetch(
            "SELECT kind FROM events WHERE actor_id = $1 AND subject = 'profile'", [user.id]
        )
        assert [row["kind"] for row in rows] == ["edited"] * 2
