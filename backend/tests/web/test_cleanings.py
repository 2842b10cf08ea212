"""Jobs on pages."""

from datetime import UTC, datetime, timedelta

import pytest

from app.db.models.users import UserRole
from app.web import categories
from tests.factories.bookings import make_booking
from tests.factories.browsers import Browser, browser_of, page_of
from tests.factories.categories import make_category
from tests.factories.cleanings import make_cleaning
from tests.factories.offers import make_offer
from tests.factories.uploads import make_photo, set_photos
from tests.factories.users import PASSWORD, Market, make_user
from tests.statements import statements

TOMORROW = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")


class TestOwnJob:
    async def test_says_that_it_has_no_address(self, market: Market) -> None:
        job = await make_cleaning(market)
        page = await (await browser_of(market, job.owner)).open(page_of(job))
        assert "You have not given an address" in page.text
        assert "/mine" in page.links


class TestBrowsing:
    async def test_shows_open_jobs_to_visitors(self, market: Market) -> None:
        job = await make_cleaning(market, name="Windows", address="7 Canal Street")
        page = await Browser(market).open("/jobs")
        assert "Windows" in page.text
        assert job.path.removeprefix("/cleanings/") in " ".join(page.links)
        assert "Canal Street" not in page.response.text

    async def test_filters_and_searches(self, market: Market) -> None:
        await make_cleaning(market, name="Windows", price="50.00", area="Harbour")
        await make_cleaning(market, name="Oven", price="150.00")
        browser = Browser(market)
        for query in ("q=windows", "max_price=99.50", "area=harbour", "max_price=60&sort=price"):
            text = (await browser.open(f"/jobs?{query}")).text
            assert "Windows" in text, query
            assert "Oven" not in text.replace("Windows, oven", ""), query

    async def test_filters_by_start_and_language(self, market: Market) -> None:
        start = (datetime.now(UTC) + timedelta(days=9)).isoformat()
        await make_cleaning(market, name="Fenster", starts_at=start, language="de")
        await make_cleaning(market, name="Oven", language="en")
        browser = Browser(market)
        for query in (f"starts_after={TOMORROW}", "language=de"):
            page = await browser.open(f"/jobs?{query}")
            assert "Fenster" in page.text
            assert "Oven" not in page.text
            filters = next(form.fields for form in page.forms if form.method == "get")
            assert tuple(query.split("=")) in filters
        assert "Fenster" not in (await browser.open(f"/jobs?starts_before={TOMORROW}")).text

    async def test_keeps_filters_that_the_form_does_not_offer(self, market: Market) -> None:
        await make_cleaning(market, name="Forno", price="50.00", currency="USD", language="it")
        page = await Browser(market).open("/jobs?min_price=40&currency=USD&language=it")
        assert "Forno" in page.text
        assert "Price in USD" in page.text
        filters = next(form.fields for form in page.forms if form.method == "get")
        assert {("currency", "USD"), ("language", "it")} <= set(filters)
        page = await Browser(market).open("/jobs?currency=usd&language=klingon")
        filters = next(form.fields for form in page.forms if form.method == "get")
        assert not {"currency", "language"} & {name for name, value in filters if value}

    @pytest.mark.parametrize("path", ["/jobs", "/mine", "/packages"])
    async def test_keeps_a_category_that_is_offered_no_more(
        self, market: Market, monkeypatch: pytest.MonkeyPatch, path: str
    ) -> None:
        monkeypatch.setattr(categories, "KEPT_FOR", 0)
        staff = await make_user(market, role=UserRole.STAFF)
        await make_category(market, staff, slug="gone")
        await staff.post("/admin/categories/gone/deactivation")
        page = await (await browser_of(market, staff)).open(f"{path}?category=gone")
        form = next(form for form in page.forms if form.action == path)
        assert ("category", "gone") in form.fields

    async def test_with_a_filter_that_is_not_valid_says_so_and_shows_the_rest(
        self, market: Market
    ) -> None:
        await make_cleaning(market, name="Windows")
        page = await Browser(market).open("/jobs?min_price=cheap&sort=sideways&cleaning_type=x")
        assert page.problems["min_price"] == "Must be an amount such as 49.90."
        assert "Windows" in page.text
        filters = next(form.fields for form in page.forms if form.method == "get")
        assert ("cleaning_type", "") in filters

    async def test_with_a_price_of_any_length_says_so(self, market: Market) -> None:
        for price in ("1," * 30 + "1", "9" * 5000):
            page = await Browser(market).open(f"/jobs?min_price={price}")
            assert page.problems["min_price"] == "Must be an amount such as 49.90.", price

    async def test_leads_from_page_to_page(self, market: Market) -> None:
        owner = await make_user(market)
        for number in range(25):
            await make_cleaning(market, owner, name=f"Job number {number:02}")
        browser = Browser(market)
        page = await browser.open("/jobs")
        (more,) = (link for link in page.links if "cursor=" in link)
        other = await browser.open(more)
        shown = [f"Job number {it:02}" in page.text for it in range(25)]
        rest = [f"Job number {it:02}" in other.text for it in range(25)]
        assert [not it for it in shown] == rest

    async def test_of_nothing_says_why(self, market: Market) -> None:
        browser = Browser(market)
        assert "No open jobs yet" in (await browser.open("/jobs")).text
        assert "No open job matches" in (await browser.open("/jobs?q=windows")).text
        assert "too common" in (await browser.open("/jobs?q=the")).text


class TestPosting:
    async def test_takes_a_price_and_a_time_as_people_write_them(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        form = await browser.open("/jobs/new")
        page = await browser.send(
            form, "/jobs/new", name="Windows", price="1,045.50", starts_at=TOMORROW, duration="90"
        )
        assert "Your job is online." in page.text
        (job,) = await user.items("/cleanings", owner="me")
        assert (job["price"], job["duration"]) == ("1045.50", 90)
        assert job["starts_at"].startswith(TOMORROW)

    async def test_shows_what_is_wrong_beside_the_fields(self, market: Market) -> None:
        browser = await browser_of(market, await make_user(market))
        form = await browser.open("/jobs/new")
        page = await browser.send(
            form, "/jobs/new", 422, name=" ", price="much", starts_at="2020-01-01T10:00"
        )
        assert page.problems.keys() >= {"name", "price"}
        page = await browser.send(page, "/jobs/new", 422, name="Windows", price="45")
        assert page.problems == {"starts_at": "The start must lie in the future."}
        assert "One thing needs another look" in page.text
        assert ("name", "Windows") in page.form("/jobs/new").fields


class TestEditing:
    async def test_begins_with_the_present_values(self, market: Market) -> None:
        job = await make_cleaning(market, name="Windows", price="45.50", description="Two rooms.")
        browser = await browser_of(market, job.owner)
        path = page_of(job)
        form = await browser.open(f"{path}/edit")
        fields = dict(form.form(f"{path}/edit").fields)
        assert (fields["name"], fields["price"]) == ("Windows", "45.50")
        page = await browser.send(form, f"{path}/edit", name="All windows")
        assert "Your changes are saved." in page.text
        shown = (await job.owner.get(job.path)).json()
        assert (shown["name"], shown["price"]) == ("All windows", "45.50")
        assert shown["description"] == "Two rooms."

    async def test_keeps_the_exact_start_until_another_is_entered(self, market: Market) -> None:
        start = "2030-05-17T09:00:30.500000+00:00"
        job = await make_cleaning(market, starts_at=start)
        browser = await browser_of(market, job.owner)
        path = f"{page_of(job)}/edit"
        page = await browser.send(await browser.open(path), path, 422, price="x")
        await browser.send(page, path, price="50")
        shown = (await job.owner.get(job.path)).json()
        assert (datetime.fromisoformat(shown["starts_at"]), shown["revision"]) == (
            datetime.fromisoformat(start),
            1,
        )
        await browser.send(await browser.open(path), path, starts_at="2030-05-17T09:01")
        shown = (await job.owner.get(job.path)).json()
        assert shown["starts_at"] == "2030-05-17T09:01:00+00:00"

    async def test_keeps_a_category_that_is_offered_no_more(self, market: Market) -> None:
        staff = await make_user(market, role=UserRole.STAFF)
        await make_category(market, staff, slug="gone")
        job = await make_cleaning(market, category="gone")
        response = await staff.post("/admin/categories/gone/deactivation")
        assert response.status_code == 200, response.text
        browser = await browser_of(market, job.owner)
        path = f"{page_of(job)}/edit"
        await browser.send(await browser.open(path), path, name="All windows")
        assert (await job.owner.get(job.path)).json()["category"] == "gone"

    async def test_is_for_the_owner_only(self, market: Market) -> None:
        job = await make_cleaning(market)
        browser = await browser_of(market, await make_user(market))
        page = await browser.open(f"{page_of(job)}/edit", 403)
        assert "Only the owner of the job may do this." in page.text


class TestClosing:
    async def test_asks_first(self, market: Market) -> None:
        offer = await make_offer(market)
        job = offer.job
        browser = await browser_of(market, job.owner)
        path = page_of(job)
        page = await browser.open(f"{path}/cancellation")
        page = await browser.send(page, f"{path}/cancellation", reason="We are moving.")
        assert "The job is closed." in page.text
        assert (await job.owner.get(job.path)).json()["status"] == "cancelled"


class TestOwnJobs:
    async def test_need_a_login_and_lead_back(self, market: Market) -> None:
        user, browser = await make_user(market), Browser(market)
        page = await browser.open("/mine?status=open")
        assert page.path == "/login?next=%2Fmine%3Fstatus%3Dopen"
        page = await browser.send(page, "/login", username=user.username, password=PASSWORD)
        assert page.path == "/mine?status=open"

    async def test_of_a_new_person_are_none_yet(self, market: Market) -> None:
        await make_cleaning(market, name="Windows of others")
        page = await (await browser_of(market, await make_user(market))).open("/mine")
        assert "Jobs that you post are listed here" in page.text
        assert "Windows of others" not in page.text

    async def test_with_waiting_offers_come_first(self, market: Market) -> None:
        owner = await make_user(market)
        waiting = await make_cleaning(market, owner, name="Windows")
        booked = await make_cleaning(market, owner, name="Oven")
        await make_cleaning(market, owner, name="Stairs")
        await make_booking(market, await make_offer(market, booked))
        for _ in range(2):
            await make_offer(market, waiting)
        browser = await browser_of(market, owner)
        text = (await browser.open("/mine")).text
        assert "2 offers wait for you" in text
        assert text.count("for you") == 1
        places = [text.index(name) for name in ("Windows", "Stairs", "Oven")]
        assert places == sorted(places)
        text = (await browser.open("/mine?sort=newest")).text
        places = [text.index(name) for name in ("Stairs", "Oven", "Windows")]
        assert places == sorted(places)

    async def test_are_found_by_state_and_words(self, market: Market) -> None:
        owner = await make_user(market)
        await make_cleaning(market, owner, name="Windows")
        oven = await make_cleaning(market, owner, name="Oven")
        await owner.post(f"{oven.path}/cancellation")
        browser = await browser_of(market, owner)
        for query in ("status=open", "q=windows", "status=sideways&q=windows"):
            text = (await browser.open(f"/mine?{query}")).text
            assert "Windows" in text, query
            assert "Oven" not in text, query
        assert "Oven" in (await browser.open("/mine?status=cancelled")).text
        assert "No job matches" in (await browser.open("/mine?q=attic")).text

    @pytest.mark.committed
    async def test_take_no_more_statements_than_the_list_and_the_viewer(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(categories, "KEPT_FOR", 3600)
        job = await make_cleaning(market)
        browser = await browser_of(market, job.owner)
        await browser.open("/mine")
        assert await statements(market.app, browser.client.get("/mine")) == 2


class TestHistory:
    async def test_is_linked_once_there_is_any(self, market: Market) -> None:
        job = await make_cleaning(market)
        browser, history = await browser_of(market, job.owner), f"{page_of(job)}/history"
        await set_photos(job.owner, job.path, (await make_photo(market, job.owner))["id"])
        assert history not in (await browser.open(page_of(job))).links
        await job.owner.patch(job.path, {"price": "60.00"})
        assert history in (await browser.open(page_of(job))).links
        assert history not in (await Browser(market).open(page_of(job))).links

    async def test_needs_a_login(self, market: Market) -> None:
        job = await make_cleaning(market)
        page = await Browser(market).open(f"{page_of(job)}/history")
        assert page.path.startswith("/login")

    async def test_shows_what_each_change_has_changed(self, market: Market) -> None:
        job = await make_cleaning(market, name="Windows", price="50.00")
        browser = await browser_of(market, job.owner)
        assert "No changes yet" in (await browser.open(f"{page_of(job)}/history")).text
        await job.owner.patch(job.path, {"price": "60.00"})
        await job.owner.patch(job.path, {"price": "60.00", "name": "All windows"})
        text = (await browser.open(f"{page_of(job)}/history")).text
        newest, oldest = text.split("Version 2 was changed by")[1].split("Version 1")
        assert "Title Windows All windows" in newest
        assert "Price" not in newest
        assert "Price €50 €60" in oldest
        assert "Title" not in oldest

    async def test_keeps_the_address_from_others(self, market: Market) -> None:
        job = await make_cleaning(market, address="7 Canal Street")
        await job.owner.patch(job.path, {"address": "8 Canal Street"})
        for user in (job.owner, await make_user(market)):
            browser = await browser_of(market, user)
            page = await browser.open(f"{page_of(job)}/history")
            assert ("Canal Street" in page.response.text) == (user is job.owner)

    async def test_of_a_job_that_is_deleted_is_not_found(self, market: Market) -> None:
        job = await make_cleaning(market)
        await job.owner.delete(job.path)
        browser = await browser_of(market, job.owner)
        await browser.open(f"{page_of(job)}/history", 404)
