"""Bookings on pages."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.factories.bookings import MadeBooking, make_booking, make_finished_booking
from tests.factories.browsers import Browser, booking_page, browser_of
from tests.factories.categories import category_slug
from tests.factories.checklists import bring_item
from tests.factories.cleanings import date_back, make_cleaning
from tests.factories.offers import make_offer
from tests.factories.users import Actor, Market, block, make_user
from tests.statements import statements

TOMORROW = (datetime.now(UTC) + timedelta(days=1)).isoformat()
IN_A_WEEK = (datetime.now(UTC) + timedelta(days=7)).isoformat()


async def book(
    market: Market, owner: Actor | None = None, cleaner: Actor | None = None, **terms: object
) -> MadeBooking:
    """A booking of a job with given terms."""
    job = await make_cleaning(market, owner, **terms)
    return await make_booking(market, await make_offer(market, job, cleaner))


async def book_with_checklist(market: Market) -> MadeBooking:
    """A booking with two items on its checklist, which has started."""
    category = await category_slug(market)
    await bring_item(market, category)
    await bring_item(market, category, "windows", text="Clean the windows", position=2)
    booking = await book(market, category=category)
    await date_back(market, booking.job)
    return booking


class TestTheAgenda:
    async def test_needs_a_login(self, market: Market) -> None:
        for path in ("/bookings", "/earnings"):
            assert (await Browser(market).open(path)).path.startswith("/login"), path

    async def test_of_a_new_person_is_empty(self, market: Market) -> None:
        await make_booking(market)
        browser = await browser_of(market, await make_user(market))
        assert "No coming bookings" in (await browser.open("/bookings")).text
        page = await browser.open("/bookings?role=cleaner")
        assert "When a customer accepts your offer" in page.text
        assert "Nothing to review" in (await browser.open("/bookings?part=to_review")).text
        assert "No past bookings" in (await browser.open("/bookings?part=past")).text

    async def test_puts_bookings_in_the_order_of_their_start(self, market: Market) -> None:
        owner = await make_user(market)
        await book(market, owner, name="Undated")
        await book(market, owner, name="Later", starts_at=IN_A_WEEK)
        await book(market, owner, name="Sooner", starts_at=TOMORROW)
        forgotten = await book(market, owner, name="Forgotten", starts_at=TOMORROW)
        await date_back(market, forgotten.job, days=2)
        today = await book(market, owner, name="Present", starts_at=TOMORROW)
        await date_back(market, today.job, seconds=0)
        text = (await (await browser_of(market, owner)).open("/bookings")).text
        order = (
            *("Not ended yet", "Forgotten", "Today", "Present"),
            *("Coming", "Sooner", "Later", "Without a date", "Undated"),
        )
        text = text[text.index("Not ended yet") :]
        places = [text.index(it) for it in order]
        assert places == sorted(places)

    async def test_counts_what_waits_for_a_review(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        browser = await browser_of(market, booking.job.owner)
        assert "To review 1 Past" in (await browser.open("/bookings")).text
        assert "To review 1 Past" in (await browser.open("/bookings?part=past")).text
        path = f"{booking_page(booking)}/evaluation"
        await browser.send(await browser.open(path), path, overall_rating="5")
        assert "To review Past" in (await browser.open("/bookings")).text
        other = await browser_of(market, booking.offer.cleaner)
        assert "To review 1 Past" in (await other.open("/bookings?role=owner")).text

    async def test_tells_the_sides_of_a_person_apart(self, market: Market) -> None:
        person = await make_user(market)
        await book(market, owner=person, name="Windows")
        await book(market, cleaner=person, name="Oven")
        browser = await browser_of(market, person)
        for query, shown in (("", "both"), ("role=owner", "Windows"), ("role=cleaner", "Oven")):
            text = (await browser.open(f"/bookings?{query}")).text
            assert ("Windows" in text) == (shown in ("both", "Windows")), query
            assert ("Oven" in text) == (shown in ("both", "Oven")), query

    async def test_asks_each_side_for_a_review_until_it_is_given(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        await make_booking(market, await make_offer(market, cleaner=booking.cleaner))
        path = f"{booking_page(booking)}/evaluation"
        for author in (booking.owner, booking.cleaner):
            browser = await browser_of(market, author)
            page = await browser.open("/bookings?part=to_review")
            assert path in page.links
            await author.post(f"{booking.path}/evaluation", {"overall_rating": 5})
            assert "Nothing to review" in (await browser.open("/bookings?part=to_review")).text
            assert booking_page(booking) in (await browser.open("/bookings?part=past")).links

    async def test_asks_for_no_review_of_a_deleted_account(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        assert (await booking.cleaner.delete("/users/me")).status_code == 204
        browser = await browser_of(market, booking.owner)
        assert "Nothing to review" in (await browser.open("/bookings?part=to_review")).text

    @pytest.mark.parametrize("query", ["part=sideways", "role=neither", "limit=0"])
    async def test_with_a_filter_that_is_not_valid_shows_the_rest(
        self, market: Market, query: str
    ) -> None:
        booking = await make_booking(market)
        page = await (await browser_of(market, booking.owner)).open(f"/bookings?{query}")
        assert booking_page(booking) in page.links

    async def test_of_past_bookings_leads_from_page_to_page(self, market: Market) -> None:
        owner = await make_user(market)
        made = []
        for _ in range(3):
            job = await make_cleaning(market, owner)
            made.append(await make_finished_booking(market, await make_offer(market, job)))
        browser, found = await browser_of(market, owner), []
        page = await browser.open("/bookings?part=past&limit=2")
        found += [it for it in page.links if it.count("/") == 3]
        (more,) = (it for it in page.links if "cursor=" in it)
        page = await browser.open(more)
        found += [it for it in page.links if it.count("/") == 3]
        assert found == [booking_page(it) for it in reversed(made)]

    @pytest.mark.committed
    async def test_takes_one_statement_beside_that_of_the_viewer(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        browser = await browser_of(market, booking.offer.cleaner)
        for path in ("/bookings", "/bookings?part=to_review", "/bookings?part=past", "/earnings"):
            await browser.open(path)
            assert await statements(market.app, browser.client.get(path)) == 2, path


class TestABooking:
    async def test_is_for_its_two_sides_only(self, market: Market) -> None:
        booking = await make_booking(market)
        path = booking_page(booking)
        assert (await Browser(market).open(path)).path.startswith("/login")
        browser = await browser_of(market, await make_user(market))
        for suffix in ("", "/cancellation", "/no-show", "/evaluation"):
            await browser.open(path + suffix, 404)
        for suffix in ("cancellation", "no-show", "completion", "completion-report", "evaluation"):
            fields = {"overall_rating": "5"} if suffix == "evaluation" else {}
            response = await browser.post(f"{path}/{suffix}", **fields)
            assert response.status_code == 404, suffix

    async def test_says_when_where_and_how_to_reach_each_other(self, market: Market) -> None:
        booking = await book(
            market, name="Windows", price="50", address="7 Canal Street", starts_at=TOMORROW
        )
        await booking.cleaner.patch("/profiles/me", {"phone_number": "+4915112345678"})
        for actor, other in (
            (booking.owner, booking.cleaner),
            (booking.cleaner, booking.owner),
        ):
            page = await (await browser_of(market, actor)).open(booking_page(booking))
            assert {"Windows", "7 Canal Street", "€50", other.email} <= set(
                re.findall(r"Windows|7 Canal Street|€50|\S+@example.com", page.text)
            )
            assert f"mailto:{other.email}" in page.links
            assert ("tel:+4915112345678" in page.links) == (actor is booking.owner)
            assert "Until then, each of you can cancel." in page.text

    async def test_leads_to_a_mail_to_the_other_side_only(self, market: Market) -> None:
        email = "anna?bcc=eve@example.com"
        booking = await book(market, cleaner=await make_user(market, email=email))
        browser = await browser_of(market, booking.owner)
        for path in (booking_page(booking), f"/people/{booking.cleaner.username}"):
            page = await browser.open(path)
            assert email in page.text
            assert "mailto:anna%3Fbcc%3Deve@example.com" in page.links, path

    async def test_hides_the_contact_as_the_api_does(self, market: Market) -> None:
        booking = await make_finished_booking(market)
        browser = await browser_of(market, booking.owner)
        assert booking.cleaner.email in (await browser.open(booking_page(booking))).text
        await market.app.state.database.fetch(
            "UPDATE bookings SET ended_at = ended_at - interval '15 days' WHERE id = $1",
            (booking.data["id"],),
        )
        page = await browser.open(booking_page(booking))
        assert booking.cleaner.email not in page.response.text

    async def test_of_a_blocked_side_is_shown_without_its_contact(self, market: Market) -> None:
        booking = await make_booking(market)
        await block(market, booking.cleaner)
        page = await (await browser_of(market, booking.owner)).open(booking_page(booking))
        assert booking.cleaner.email not in page.response.text

    async def test_keeps_the_address_from_a_cleaner_whose_booking_was_cancelled(
        self, market: Market
    ) -> None:
        booking = await book(market, address="7 Canal Street", starts_at=TOMORROW)
        await booking.owner.post(f"{booking.path}/cancellation", {"reason": "We are moving."})
        page = await (await browser_of(market, booking.offer.cleaner)).open(booking_page(booking))
        assert "We are moving." in page.text
        assert "Canal Street" not in page.response.text


class TestTheChecklist:
    async def test_is_ticked_off_by_the_cleaner_and_seen_by_the_owner(self, market: Market) -> None:
        booking = await book_with_checklist(market)
        path = booking_page(booking)
        browser = await browser_of(market, booking.offer.cleaner)
        page = await browser.send(await browser.open(path), f"{path}/checklist/2")
        assert "1 of 2 done" in page.text
        assert page.response.text.count('aria-pressed="true"') == 1
        owner = await (await browser_of(market, booking.owner)).open(path)
        assert "1 of 2 done" in owner.text
        assert not [form for form in owner.forms if "/checklist/" in form.action]
        page = await browser.send(page, f"{path}/checklist/2")
        assert "0 of 2 done" in page.text

    async def test_waits_for_the_start(self, market: Market) -> None:
        category = await category_slug(market)
        await bring_item(market, category)
        booking = await book(market, category=category, starts_at=TOMORROW)
        browser = await browser_of(market, booking.offer.cleaner)
        page = await browser.open(booking_page(booking))
        assert "You can tick it off from the start on." in page.text
        response = await browser.post(f"{booking_page(booking)}/checklist/1", done="true")
        assert response.status_code == 409
        assert "Come back after the start." in response.text

    async def test_is_refused_to_the_owner_and_for_unknown_items(self, market: Market) -> None:
        booking = await book_with_checklist(market)
        path = f"{booking_page(booking)}/checklist"
        owner = await browser_of(market, booking.owner)
        assert (await owner.post(f"{path}/1", done="true")).status_code == 403
        cleaner = await browser_of(market, booking.offer.cleaner)
        assert (await cleaner.post(f"{path}/9", done="true")).status_code == 404
        assert (await cleaner.post(f"{path}/1", done="perhaps")).status_code == 422


class TestTheEnd:
    async def test_follows_the_report_of_the_cleaner(self, market: Market) -> None:
        booking = await make_booking(market)
        path = booking_page(booking)
        cleaner = await browser_of(market, booking.offer.cleaner)
        page = await cleaner.send(await cleaner.open(path), f"{path}/completion-report")
        assert "You have reported the work done." in page.text
        assert "Without an answer, it is completed by itself on" in page.text
        assert (await cleaner.post(f"{path}/completion-report")).status_code == 409
        owner = await browser_of(market, booking.owner)
        assert "please answer" in (await owner.open("/bookings")).text
        page = await owner.send(await owner.open(path), f"{path}/completion")
        assert page.path == f"{path}/evaluation"
        assert "The work is done. Say how it was." in page.text
        assert (await booking.owner.get(booking.path)).json()["status"] == "completed"

    async def test_is_that_of_one_side_only(self, market: Market) -> None:
        booking = await make_booking(market)
        path = booking_page(booking)
        cleaner = await browser_of(market, booking.offer.cleaner)
        owner = await browser_of(market, booking.owner)
        assert (await cleaner.post(f"{path}/completion")).status_code == 403
        assert (await cleaner.post(f"{path}/no-show")).status_code == 403
        assert (await owner.post(f"{path}/completion-report")).status_code == 403

    async def test_before_the_start_is_a_cancellation_with_a_reason(self, market: Market) -> None:
        booking = await book(market, starts_at=TOMORROW)
        path = booking_page(booking)
        browser = await browser_of(market, booking.offer.cleaner)
        page = await browser.open(path)
        assert f"{path}/cancellation" in page.links
        question = await browser.open(f"{path}/cancellation")
        page = await browser.send(question, f"{path}/cancellation", reason="I am ill.")
        assert "The booking is cancelled." in page.text
        assert "You have cancelled it." in page.text
        page = await (await browser_of(market, booking.owner)).open(path)
        assert "I am ill." in page.text
        page = await browser.send(question, f"{path}/cancellation", 409, once="x", reason="Again")
        assert "Look at the present state of the booking." in page.text

    async def test_after_the_start_may_be_a_no_show(self, market: Market) -> None:
        booking = await book(market, starts_at=TOMORROW)
        path = booking_page(booking)
        browser = await browser_of(market, booking.owner)
        page = await browser.send(await browser.open(f"{path}/no-show"), f"{path}/no-show", 409)
        assert "The booking has not started." in page.text
        await date_back(market, booking.job)
        page = await browser.open(path)
        assert "it is cancelled by itself on" in page.text
        assert not [it for it in page.links if it.endswith("/cancellation")]
        page = await browser.send(await browser.open(f"{path}/no-show"), f"{path}/no-show")
        assert "The booking has ended as a no-show." in page.text
        assert f"{path}/evaluation" in page.links
