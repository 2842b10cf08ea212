"""Messages on pages: the inbox, and a thread."""

from app.db.models.messages import EDITABLE_FOR
from tests.factories.bookings import make_booking
from tests.factories.browsers import browser_of
from tests.factories.messages import age, make_message
from tests.factories.notifications import notify
from tests.factories.offers import MadeOffer, make_offer
from tests.factories.orders import make_order
from tests.factories.packages import make_package
from tests.factories.users import Market, make_user

LIST = "/messages"


def path_of(offer: MadeOffer) -> str:
    """The page of the thread of an offer."""
    return f"{LIST}/{offer.job.data['id']}/{offer.cleaner.id}"


class TestTheInbox:
    async def test_without_threads_says_what_comes(self, market: Market) -> None:
        page = await (await browser_of(market, await make_user(market))).open(LIST)
        assert "No messages yet" in page.text

    async def test_leads_to_the_thread_with_the_number_of_unread_messages(
        self, market: Market
    ) -> None:
        message = await make_message(market, text="<b>Hello</b>")
        browser = await browser_of(market, message.offer.owner)
        assert "Messages 1 unread" in (await browser.open("/jobs")).text
        page = await browser.open(f"{LIST}?role=customer")
        assert "1 new message" in page.text
        assert "<b>Hello</b>" in page.text
        assert path_of(message.offer) in page.links
        page = await browser.open(f"{LIST}?role=cleaner")
        assert path_of(message.offer) not in page.links


class TestAThread:
    async def test_is_reached_from_the_pages_of_the_offer_and_the_booking(
        self, market: Market
    ) -> None:
        booking = await make_booking(market)
        job = f"/jobs/{booking.data['cleaning_id']}"
        shown = f"/bookings/{booking.data['cleaning_id']}/{booking.data['id']}"
        for actor in (booking.offer.owner, booking.offer.cleaner):
            browser = await browser_of(market, actor)
            for page in (job, shown):
                assert path_of(booking.offer) in (await browser.open(page)).links

    async def test_takes_messages_of_both_sides(self, market: Market) -> None:
        offer = await make_offer(market)
        for actor, text in ((offer.cleaner, "Is there a lift?"), (offer.owner, "Yes.")):
            browser = await browser_of(market, actor)
            page = await browser.send(await browser.open(path_of(offer)), path_of(offer), text=text)
            assert "Your message is sent." in page.text
        assert page.text.index("Yes.") < page.text.index("Is there a lift?")

    async def test_says_that_staff_reads_contact_details(self, market: Market) -> None:
        message = await make_message(market, text="Call me: 0171 2345678")
        for actor, warned in ((message.sender, True), (message.offer.owner, False)):
            page = await (await browser_of(market, actor)).open(path_of(message.offer))
            assert ("so staff can read it" in page.text) == warned

    async def test_lets_its_messages_be_changed_for_a_while(self, market: Market) -> None:
        message = await make_message(market, text="Is there a lift?")
        path, form = path_of(message.offer), f"{path_of(message.offer)}/1/edit"
        browser = await browser_of(market, message.sender)
        assert form in (await browser.open(path)).links
        changed = await browser.send(await browser.open(form), form, text="Is it on floor 3?")
        assert "Your message is changed." in changed.text
        other = await browser_of(market, message.offer.owner)
        page = await other.open(path)
        assert form not in page.links
        assert f"{path}/1/versions" in page.links
        versions = (await other.open(f"{path}/1/versions")).text
        assert versions.index("Is it on floor 3?") < versions.index("Is there a lift?")
        assert "Only the sender" in (await other.open(form, 403)).text
        await age(market, EDITABLE_FOR)
        assert form not in (await browser.open(path)).links
        assert "Send another message instead." in (await browser.open(form, 409)).text

    async def test_is_marked_as_read_by_a_form(self, market: Market) -> None:
        message = await make_message(market)
        browser = await browser_of(market, message.offer.owner)
        page = await browser.open(path_of(message.offer))
        await make_message(market, message.offer)
        page = await browser.send(page, f"{path_of(message.offer)}/read-mark")
        assert "The messages are marked as read." in page.text
        assert (await message.offer.owner.get(message.thread)).json()["unread"] == 1

    async def test_that_is_closed_says_why(self, market: Market) -> None:
        message = await make_message(market)
        browser = await browser_of(market, message.sender)
        page = await browser.open(path_of(message.offer))
        await message.offer.owner.post(f"{message.offer.path}/rejection")
        refused = await browser.send(page, path_of(message.offer), 409, text="Hello")
        assert "The offer was rejected." in refused.text
        assert path_of(message.offer) not in [form.action for form in refused.forms]

    async def test_is_where_a_notification_leads(self, market: Market) -> None:
        message = await make_message(market)
        await notify(market)
        page = await (await browser_of(market, message.offer.owner)).open("/notifications")
        assert "has written to you about" in page.text
        assert path_of(message.offer) in page.links

    async def test_of_an_order_is_reached_from_its_page_and_from_a_notification(
        self, market: Market
    ) -> None:
        order = await make_order(market, await make_package(market, name="Oven scrub"), quantity=2)
        path = f"{LIST}/{order.data['id']}/{order.cleaner.id}"
        browser = await browser_of(market, order.cleaner)
        assert path in (await browser.open(order.path)).links
        page = await browser.send(await browser.open(path), path, text="Is there a lift?")
        assert order.path in page.links
        await notify(market)
        page = await (await browser_of(market, order.customer)).open("/notifications")
        assert "has written to you about 2 x Oven scrub" in page.text
        assert path in page.links
