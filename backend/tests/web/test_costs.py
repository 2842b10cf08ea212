"""The costs of pages: statements, and bytes on the way to a browser."""

from collections.abc import Mapping, Sequence
from secrets import token_urlsafe

import pytest
from starlette.routing import compile_path

from app.services.notification_preferences import unsubscribe_token
from app.web import categories
from app.web.pages import ROUTES
from app.web.routing import Access
from tests.factories.bookings import make_finished_booking
from tests.factories.browsers import Browser, PageShown, browser_of
from tests.factories.cleanings import make_cleaning
from tests.factories.messages import make_message
from tests.factories.offers import make_offer
from tests.factories.orders import make_order
from tests.factories.packages import make_package
from tests.factories.questions import make_answer, make_question
from tests.factories.reports import decide, make_report
from tests.factories.saved_searches import save_search
from tests.factories.users import Market, make_user
from tests.factories.webhooks import make_webhook
from tests.statements import statements

JOB, BOOKING = "/cleanings/{cleaning_id}", "/cleanings/{cleaning_id}/bookings/{booking_id}"
PACKAGE, ORDER, PROFILE = "/packages/{package_id}", "/orders/{order_id}", "/profiles/{username}"
OFFER, WEBHOOK = f"{JOB}/offers/{{offer_id}}", "/webhooks/{webhook_id}"

THREAD = f"{JOB}/threads/{{cleaner_id}}"


def of_questions(page: str, topic: str) -> dict[str, list[str]]:
    """The calls for the pages of the questions about a thing.

    Args:
        page: Its page.
        topic: Its path in the API.
    """
    shown, question = f"{page}/questions/{{question_id}}", f"{topic}/questions/{{question_id}}"
    answer = f"{question}/answers/{{answer_id}}"
    return {
        f"{page}/questions": [topic, f"{topic}/questions"],
        f"{shown}/edit": [question],
        f"{shown}/deletion": [question],
        f"{shown}/answers": [question],
        f"{shown}/versions": [f"{question}/versions"],
        f"{shown}/answers/{{answer_id}}/edit": [answer, question],
        f"{shown}/answers/{{answer_id}}/deletion": [answer],
        f"{shown}/answers/{{answer_id}}/versions": [f"{answer}/versions"],
    }


CALLS: Mapping[str, Sequence[str]] = {
    "/": ["/cleanings"],
    "/jobs": ["/cleanings"],
    "/mine": ["/cleanings?owner=me&status=any"],
    "/jobs/{cleaning_id}": [JOB, f"{JOB}/questions", f"{JOB}/offers"],
    "/jobs/{cleaning_id}/edit": [JOB],
    "/jobs/{cleaning_id}/photos": [JOB, f"{JOB}/photos", "/uploads"],
    "/jobs/{cleaning_id}/cancellation": [JOB],
    "/jobs/{cleaning_id}/history": [JOB, f"{JOB}/revisions"],
    "/offers": ["/offers"],
    "/jobs/{cleaning_id}/offers": [JOB, f"{JOB}/offers"],
    "/jobs/{cleaning_id}/offers/{offer_id}/acceptance": [JOB, OFFER],
    "/jobs/{cleaning_id}/offers/{offer_id}/edit": [JOB, OFFER],
    "/jobs/{cleaning_id}/offers/{offer_id}/renewal": [JOB, OFFER],
    "/bookings": ["/bookings"],
    "/earnings": ["/bookings"],
    "/bookings/{cleaning_id}/{booking_id}": [BOOKING, PROFILE],
    "/bookings/{cleaning_id}/{booking_id}/cancellation": [BOOKING],
    "/bookings/{cleaning_id}/{booking_id}/no-show": [BOOKING],
    "/bookings/{cleaning_id}/{booking_id}/evaluation": [BOOKING],
    "/packages": ["/packages"],
    "/packages/mine": ["/packages?cleaner=me"],
    "/packages/{package_id}": [PACKAGE, f"{PACKAGE}/questions"],
    "/packages/{package_id}/edit": [PACKAGE],
    "/packages/{package_id}/photos": [PACKAGE, f"{PACKAGE}/photos", "/uploads"],
    "/packages/{package_id}/archival": [PACKAGE],
    "/packages/{package_id}/stock": [PACKAGE],
    "/packages/{package_id}/history": [PACKAGE, f"{PACKAGE}/revisions"],
    "/orders/new": [PACKAGE, "/packages"],
    "/orders": ["/orders"],
    "/orders/{order_id}": [ORDER],
    "/orders/{order_id}/acceptance": [ORDER],
    "/orders/{order_id}/declination": [ORDER],
    "/orders/{order_id}/cancellation": [ORDER],
    "/notifications": ["/notifications"],
    "/messages": ["/threads"],
    "/messages/{cleaning_id}/{cleaner_id}": [THREAD, f"{THREAD}/messages"],
    "/messages/{cleaning_id}/{cleaner_id}/photos": [THREAD],
    "/messages/{cleaning_id}/{cleaner_id}/{number}/edit": [f"{THREAD}/messages/{{number}}"],
    "/messages/{cleaning_id}/{cleaner_id}/{number}/versions": [
        f"{THREAD}/messages/{{number}}/versions"
    ],
    "/account/reports": ["/reports"],
    "/decisions": ["/decisions"],
    "/decisions/{decision_id}": ["/decisions/{decision_id}"],
    "/saved-searches": ["/saved-searches"],
    "/saved-searches/{search_id}/edit": ["/saved-searches/{search_id}"],
    "/notifications/preferences": ["/notifications/preferences"],
    "/people/{username}": [PROFILE, f"{PROFILE}/evaluations", f"{PROFILE}/evaluations/stats"],
    "/people/{username}/block": [PROFILE],
    "/account/blocks": ["/users/me/blocks"],
    "/account/profile": ["/profiles/me"],
    "/account/picture": ["/profiles/me", "/uploads"],
    "/account/sessions": ["/users/me/sessions"],
    "/account/keys": ["/users/me/api-keys"],
    "/account/webhooks": ["/webhooks"],
    "/account/webhooks/{webhook_id}": [WEBHOOK, f"{WEBHOOK}/deliveries"],
    "/account/webhooks/{webhook_id}/edit": [WEBHOOK],
    "/account/security": ["/users/me", "/users/me/second-factor"],
    "/account/security/email": ["/users/me"],
    **of_questions("/jobs/{cleaning_id}", JOB),
    **of_questions("/packages/{package_id}", PACKAGE),
}
"""The calls of the API that read what a page shows. Pages that are not named here read nothing."""
QUERIES = {
    "/orders/new": "?package={package_id}",
    "/report": "?about=/jobs/{cleaning_id}",
}
"""The queries of pages that need one."""
LEFT_OUT = {"/imprint", "/terms", "/signup"}
"""Pages that this market has not, or that lead people elsewhere who are logged in."""
LARGEST_VISIT = 40_000  # bytes


class Scene:
    """Two people and what they have made: a customer, and a cleaner who sells packages."""

    def __init__(self, market: Market) -> None:
        self.market = market

    async def play(self) -> None:
        """Has them make one of each thing."""
        market = self.market
        self.owner, self.cleaner = await make_user(market), await make_user(market)
        offers = [
            await make_offer(market, await make_cleaning(market, self.owner), self.cleaner)
            for _ in range(2)
        ]
        await make_message(market, offers[1])
        booking = await make_finished_booking(market, offers[0])
        package = await make_package(market, self.cleaner)
        order = await make_order(market, package, customer=self.owner)
        asked = await make_question(market, offers[1].job, self.cleaner)
        asked_seller = await make_question(market, package, self.owner)
        report = await make_report(market, offers[1].job.path, self.owner)
        self.ids = {
            "cleaning_id": offers[1].job.data["id"],
            "offer_id": offers[1].data["id"],
            "cleaner_id": str(self.cleaner.id),
            "number": "1",
            "package_id": package.data["id"],
            "order_id": order.data["id"],
            "username": self.cleaner.username,
            "webhook_id": (await make_webhook(market, self.owner)).data["id"],
            "question_id": asked.data["id"],
            "answer_id": (await make_answer(market, asked)).data["id"],
            "search_id": (await save_search(market, self.owner)).data["id"],
            "reference": report.data["id"],
            "decision_id": (await decide(market, report, "warn"))["id"],
            "token": unsubscribe_token(market.safeguards.keyring, self.owner.id),
        }
        self.ids_of_booking = {
            "cleaning_id": booking.data["cleaning_id"],
            "booking_id": booking.data["id"],
        }
        self.ids_of_package = {
            "question_id": asked_seller.data["id"],
            "answer_id": (await make_answer(market, asked_seller)).data["id"],
        }

    def ids_for(self, page: str) -> dict[str, str]:
        """The ids in the path of a page."""
        if "{booking_id}" in page:
            return self.ids | self.ids_of_booking
        return self.ids | (self.ids_of_package if "{package_id}" in page else {})


class TestEachPage:
    @pytest.mark.committed
    async def test_takes_no_more_statements_than_the_calls_of_the_api_and_the_viewer(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(categories, "KEPT_FOR", 3600)
        scene = Scene(market)
        await scene.play()
        people = [
            (actor, await browser_of(market, actor)) for actor in (scene.owner, scene.cleaner)
        ]
        pages = {
            compile_path(route.path)[1]
            for route in ROUTES
            if route.method == "GET" and route.access not in (Access.STAFF, Access.SUPERUSERS)
        }
        assert CALLS.keys() <= pages
        for page in sorted(pages - LEFT_OUT):
            ids = scene.ids_for(page)
            address = page.format(**ids) + QUERIES.get(page, "").format(**ids)
            # What is read once per process is read by then.
            shown_to = [it for it in people if (await it[1].client.get(address)).is_success]
            actor, browser = shown_to[0]
            paths = [path.format(**ids) for path in CALLS.get(page, ())]
            calls = [await statements(market.app, actor.get(path)) for path in paths]
            taken = await statements(market.app, browser.client.get(address))
            assert taken <= sum(calls) + 1, page

    @pytest.mark.committed
    async def test_takes_one_statement_less_for_a_visitor(
        self, market: Market, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(categories, "KEPT_FOR", 3600)
        scene = Scene(market)
        await scene.play()
        client = Browser(market).client
        for page, most in (("/", 1), ("/jobs", 1), ("/jobs/{cleaning_id}", 2), ("/packages", 1)):
            address = page.format(**scene.ids)
            await client.get(address)
            assert await statements(market.app, client.get(address)) == most, page


class TestAFirstVisit:
    async def test_of_the_list_of_jobs_loads_less_than_40_kilobytes(self, market: Market) -> None:
        owner = await make_user(market)
        for number in range(20):
            name, description = f"Windows of house No. {number}", token_urlsafe(150)
            await make_cleaning(market, owner, name=name, description=description, area="Old Town")
        client = Browser(market, **{"Accept-Encoding": "gzip"}).client
        response = await client.get("/jobs")
        page = PageShown(response)
        assert page.text.count("Windows of house") == 20
        loaded = {"/jobs": response}
        for address in [*page.files, "/service-worker.js", "/offline"]:
            loaded[address] = await client.get(address)
            assert loaded[address].status_code == 200, address
        sizes = {
            address: it.num_bytes_downloaded + sum(len(b"".join(line)) for line in it.headers.raw)
            for address, it in loaded.items()
        }
        assert sum(sizes.values()) < LARGEST_VISIT, sizes
