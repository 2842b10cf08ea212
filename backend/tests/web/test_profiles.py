"""Profiles on pages: who sees them, and how their owners change them."""

import pytest

from tests.factories.bookings import make_booking, make_finished_booking
from tests.factories.browsers import Browser, browser_of
from tests.factories.cleanings import make_cleaning
from tests.factories.evaluations import make_evaluation
from tests.factories.offers import make_offer
from tests.factories.users import Market, block, make_user
from tests.statements import statements

OWN = "/account/profile"


class TestAPerson:
    async def test_is_seen_by_those_who_are_logged_in(self, market: Market) -> None:
        user = await make_user(market)
        await user.patch("/profiles/me", {"bio": "Windows are my joy."})
        page = await Browser(market).open(f"/people/{user.username}")
        assert page.path == f"/login?next=%2Fpeople%2F{user.username}"
        browser = await browser_of(market, await make_user(market))
        page = await browser.open(f"/people/{user.username.upper()}")
        assert "Windows are my joy." in page.text
        assert user.username.title() in page.text
        assert user.email not in page.text

    async def test_is_seen_by_visitors_if_its_owner_permits_it(self, market: Market) -> None:
        user = await make_user(market)
        changes = {"bio": "Windows are my joy.", "phone_number": "+4915112345678"}
        await user.patch("/profiles/me", {**changes, "is_public": True})
        page = await Browser(market).open(f"/people/{user.username}")
        assert page.path == f"/people/{user.username}"
        assert "Windows are my joy." in page.text
        assert user.email not in page.response.text
        assert "+4915112345678" not in page.response.text
        await user.patch("/profiles/me", {"is_public": False})
        assert (await Browser(market).open(f"/people/{user.username}")).path.startswith("/login")

    @pytest.mark.parametrize("name", ["nobody-here", "a%20b", "x", "%00", "x" * 36, "x" * 200])
    async def test_that_does_not_exist(self, market: Market, name: str) -> None:
        browser = await browser_of(market, await make_user(market))
        assert "User not found." in (await browser.open(f"/people/{name}", 404)).text
        assert (await Browser(market).open(f"/people/{name}")).path.startswith("/login")

    async def test_that_is_blocked_does_not_exist(self, market: Market) -> None:
        user = await make_user(market)
        await user.patch("/profiles/me", {"is_public": True})
        await block(market, user)
        assert (await Browser(market).open(f"/people/{user.username}")).path.startswith("/login")

    async def test_has_its_reviews_in_both_roles(self, market: Market) -> None:
        evaluation = await make_evaluation(market, comment="All windows shine.", efficiency=4)
        cleaner, owner = (evaluation[side]["username"] for side in ("subject", "author"))
        browser = await browser_of(market, await make_user(market))
        page = await browser.open(f"/people/{cleaner}")
        assert "All windows shine." in page.text
        assert "As a cleaner (1)" in page.text
        assert "Efficiency 4" in page.text
        assert f"/people/{owner}" in page.links
        page = await browser.open(f"/people/{cleaner}?role=owner")
        assert "All windows shine." not in page.text
        assert "No reviews yet" in page.text

    @pytest.mark.committed
    async def test_takes_four_statements_however_many_reviews_there_are(
        self, market: Market
    ) -> None:
        """The viewer, the profile, the reviews and the ratings."""
        user, numbers = await make_user(market), set[int]()
        browser = await browser_of(market, await make_user(market))
        for _ in range(3):
            booking = await make_finished_booking(market, await make_offer(market, cleaner=user))
            await make_evaluation(market, booking)
            path = f"/people/{user.username}"
            await browser.open(path)
            numbers.add(await statements(market.app, browser.client.get(path)))
        assert numbers == {4}

    async def test_shows_visitors_no_more_of_the_authors_of_reviews_than_they_permit(
        self, market: Market
    ) -> None:
        evaluation = await make_evaluation(market, comment="All windows shine.")
        cleaner, owner = evaluation["subject"], evaluation["author"]
        await market.app.state.database.fetch(
            "UPDATE profiles SET is_public = true WHERE user_id = $1", [cleaner["id"]]
        )
        page = await Browser(market).open(f"/people/{cleaner['username']}")
        assert "All windows shine." in page.text
        assert owner["username"] in page.text
        assert owner["full_name"] not in page.text

    async def test_is_shown_to_the_other_side_of_a_booking_with_contacts(
        self, market: Market
    ) -> None:
        booking = await make_booking(market)
        browser = await browser_of(market, booking.owner)
        page = await browser.open(f"/people/{booking.cleaner.username}")
        assert f"mailto:{booking.cleaner.email}" in page.links

    async def test_is_a_name_without_a_profile_to_visitors_of_its_jobs(
        self, market: Market
    ) -> None:
        job = await make_cleaning(market, name="Windows")
        path = f"/jobs/{job.data['id']}"
        for address in ("/", "/jobs", path):
            text = (await Browser(market).open(address)).response.text
            assert "Windows" in text
            assert job.owner.username in text
            assert job.owner.username.title() not in text
        await job.owner.patch("/profiles/me", {"is_public": True})
        assert job.owner.username.title() in (await Browser(market).open(path)).text


class TestEditing:
    async def test_needs_a_login(self, market: Market) -> None:
        assert (await Browser(market).open(OWN)).path == "/login?next=%2Faccount%2Fprofile"

    async def test_changes_what_was_entered_and_leaves_the_rest(self, market: Market) -> None:
        user = await make_user(market)
        image = "https://example.com/anna.jpg"
        await user.patch("/profiles/me", {"image": image})
        browser = await browser_of(market, user)
        page = await browser.open(OWN)
        assert image not in page.response.text
        page = await browser.send(
            page, OWN, full_name="", bio="I bring a ladder.", is_public=["false", "true"]
        )
        assert "Your profile is saved." in page.text
        profile = (await user.get("/profiles/me")).json()
        assert (profile["full_name"], profile["bio"]) == (None, "I bring a ladder.")
        assert (profile["is_public"], profile["image"]) == (True, image)
        assert ("is_public", "true") in page.form(OWN).fields
        page = await browser.send(page, OWN, is_public="false")
        assert (await user.get("/profiles/me")).json()["is_public"] is False

    async def test_says_what_is_wrong_and_keeps_what_was_entered(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market))
        page = await browser.open(OWN)
        page = await browser.send(page, OWN, 422, phone_number="12345", bio="I bring a ladder.")
        assert set(page.problems) == {"phone_number"}
        assert ("bio", "I bring a ladder.") in page.form(OWN).fields
