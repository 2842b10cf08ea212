"""Jobs on pages."""

from datetime import UTC, datetime, timedelta

from tests.factories.browsers import Browser, browser_of
from tests.factories.cleanings import make_cleaning
from tests.factories.offers import make_offer
from tests.factories.users import Market, make_user

TOMORROW = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")


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

    async def test_with_a_filter_that_is_not_valid_says_so_and_shows_the_rest(
        self, market: Market
    ) -> None:
        await make_cleaning(market, name="Windows")
        page = await Browser(market).open("/jobs?min_price=cheap&sort=sideways")
        assert page.problems["min_price"] == "Must be an amount such as 49.90."
        assert "Windows" in page.text

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
        path = f"/jobs/{job.path.removeprefix('/cleanings/')}"
        form = await browser.open(f"{path}/edit")
        fields = dict(form.form(f"{path}/edit").fields)
        assert (fields["name"], fields["price"]) == ("Windows", "45.5")
        page = await browser.send(form, f"{path}/edit", name="All windows")
        assert "Your changes are saved." in page.text
        shown = (await job.owner.get(job.path)).json()
        assert (shown["name"], shown["price"]) == ("All windows", "45.50")
        assert shown["description"] == "Two rooms."

    async def test_is_for_the_owner_only(self, market: Market) -> None:
        job = await make_cleaning(market)
        browser = await browser_of(market, await make_user(market))
        page = await browser.open(f"/jobs/{job.path.removeprefix('/cleanings/')}/edit", 403)
        assert "Only the owner of the job may do this." in page.text


class TestClosing:
    async def test_asks_first(self, market: Market) -> None:
        offer = await make_offer(market)
        job = offer.job
        browser = await browser_of(market, job.owner)
        path = f"/jobs/{job.path.removeprefix('/cleanings/')}"
        page = await browser.open(f"{path}/cancellation")
        page = await browser.send(page, f"{path}/cancellation", reason="We are moving.")
        assert "The job is closed." in page.text
        assert (await job.owner.get(job.path)).json()["status"] == "cancelled"
