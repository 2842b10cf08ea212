"""The pages of the benchmarks' reference are those of the service."""

import re

import pytest
from httpx import ASGITransport, AsyncClient, Cookies

from app.web import categories
from benchmarks.compare import content_of
from tests.factories.bookings import make_booking
from tests.factories.browsers import ORIGIN, Browser, browser_of, page_of
from tests.factories.cleanings import make_cleaning
from tests.factories.offers import make_offer
from tests.factories.packages import make_package
from tests.factories.questions import make_answer, make_question
from tests.factories.users import Market, make_user
from tests.server import dsn, settings_for

AGO = re.compile(r"\d+ seconds? ago")


@pytest.mark.committed
async def test_the_reference_shows_the_same_pages(
    market: Market, server: str, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(categories, "KEPT_FOR", 0)
    settings = settings_for(server, database_name)
    monkeypatch.setenv("DATABASE_URL", dsn(settings.sqlalchemy_url))
    monkeypatch.setenv("SECRET_KEY", settings.secret_key.get_secret_value())
    monkeypatch.setenv("POOL_SIZE", "2")
    from benchmarks.reference.server import get_application  # derives its keys from the secret

    member = await make_user(market)
    jobs = [
        await make_cleaning(market, description="Two ovens.", area="Old Town") for _ in range(25)
    ]
    offer = await make_offer(market, cleaner=member)
    await make_booking(market, await make_offer(market, cleaner=member))
    await make_answer(market, await make_question(market, jobs[0], member))
    await make_package(market, stock=3)
    paths = ["/jobs", "/packages", *map(page_of, (jobs[0], offer.job))]
    app = get_application()
    async with app.router.lifespan_context(app):
        for browser in (Browser(market), await browser_of(market, member)):
            async with AsyncClient(
                transport=ASGITransport(app),
                base_url=ORIGIN,
                cookies=Cookies(browser.client.cookies),
            ) as client:
                for path in paths:
                    ours, other = await browser.client.get(path), await client.get(path)
                    assert ours.status_code == other.status_code == 200
                    shown, expected = (
                        AGO.sub("just now", content_of(response, address))
                        for response, address in ((other, ORIGIN), (ours, settings.public_url))
                    )
                    assert shown == expected, path
