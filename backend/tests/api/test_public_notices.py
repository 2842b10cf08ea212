"""Notices: reports by persons without an account, with a receipt and a decision by mail."""

from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest

from app.core.config import Settings
from app.db.models.fields import now
from app.db.models.public_notices import MOST_NEW_NOTICES
from app.db.repositories.housekeeping import HousekeepingRepository
from app.worker.mailers import SmtpMailer
from tests.api.test_reports import (
    answer,
    evaluation,
    job,
    message,
    offer,
    package,
    package_answer,
    package_question,
    photo,
    profile,
    question,
)
from tests.factories.browsers import Browser
from tests.factories.cleanings import make_cleaning
from tests.factories.messages import make_message_with_photos
from tests.factories.public_notices import NOTICE, give_notice, make_notice
from tests.factories.reports import BROKEN, KEPT, decide
from tests.factories.tasks import runner_for
from tests.factories.users import Market, market_from
from tests.invariants import assert_invariants
from tests.mail import deliver, mail_server, text_of
from tests.staff import make_staff

SEEN = (job, question, answer, package, package_question, package_answer, photo)
PUBLIC_URL = "http://127.0.0.1:8000"


def words_of(mail: EmailMessage) -> str:
    return " ".join(text_of(mail).split())


async def hide(market: Market, path: str) -> None:
    staff, grounds = await make_staff(market), {"reason": "Not a cleaning job."}
    assert (await staff.post(f"/admin{path}/hiding", grounds)).is_success


class TestGivingNotice:
    @pytest.mark.parametrize("thing", SEEN)
    async def test_copies_what_visitors_see_for_staff(self, market: Market, thing: Any) -> None:
        path, author, _, said = await thing(market)
        response = await give_notice(market, said if thing is photo else path)
        assert response.status_code == 201, response.text
        staff = await make_staff(market)
        (found,) = await staff.items("/admin/reports", reference=response.json()["reference"])
        shown = (await staff.get(f"/admin/reports/{found['id']}")).json()
        assert said in shown["content"].values()
        assert (shown["author"]["id"], shown["reporter"]) == (str(author.id), None)
        assert shown["notifier"] == {"name": NOTICE["full_name"], "email": NOTICE["email"]}

    @pytest.mark.parametrize("thing", [profile, evaluation])
    async def test_of_a_profile_or_an_evaluation_needs_an_open_profile(
        self, market: Market, thing: Any
    ) -> None:
        path, author, reader, _ = await thing(market)
        shown = author if thing is profile else reader
        for is_public, status in ((False, 422), (True, 201)):
            await shown.patch("/profiles/me", {"is_public": is_public})
            assert (await give_notice(market, path)).status_code == status

    @pytest.mark.parametrize("thing", [offer, message])
    async def test_of_what_only_users_see(self, market: Market, thing: Any) -> None:
        path, *_ = await thing(market)
        for named in (path, f"/cleanings/{UUID(int=7)}"):
            response = await give_notice(market, named)
            assert (response.status_code, response.json()["code"]) == (422, "location_not_found")

    async def test_of_a_photo_of_a_message(self, market: Market) -> None:
        made = await make_message_with_photos(market)
        await made.sender.patch("/profiles/me", {"is_public": True})
        (shown,) = made.data["photos"]
        file = shown["url"].rpartition("/")[2]
        for location in (f"/uploads/{shown['id']}", shown["url"], f"/photos/{file}.webp"):
            response = await give_notice(market, location)
            assert (response.status_code, response.json()["code"]) == (422, "location_not_found")

    @pytest.mark.parametrize("thing", [job, question, photo])
    async def test_of_what_staff_has_hidden(self, market: Market, thing: Any) -> None:
        path, *_ = await thing(market)
        await hide(market, path)
        assert (await give_notice(market, path)).json()["code"] == "location_not_found"

    async def test_by_the_address_of_a_page(self, market: Market) -> None:
        made = await make_cleaning(market)
        await made.owner.patch("/profiles/me", {"is_public": True})
        page = f"/jobs/{made.data['id']}"
        references = {
            (await give_notice(market, address)).json()["reference"]
            for address in (page, f"{PUBLIC_URL}{page}/?a=b#c", f"/api/v1{made.path}")
        }
        assert len(references) == 1
        named = await give_notice(market, f"{PUBLIC_URL}/people/{made.owner.username}?role=owner")
        assert named.status_code == 201
        for address in (
            f"https://example.org{page}",
            f"{PUBLIC_URL}.example.org{page}",
            f"//example.org{page}",
            "https://[",
            "/people/nobody-of-this-name",
            "/imprint",
        ):
            response = await give_notice(market, address)
            assert (response.status_code, response.json()["code"]) == (422, "location_not_found")

    @pytest.mark.parametrize("field", ["words", "full_name", "email", "good_faith"])
    async def test_needs(self, market: Market, field: str) -> None:
        body = {**NOTICE, "location": (await make_cleaning(market)).path}
        del body[field]
        assert (await market.client.post("/notices", json=body)).status_code == 422

    async def test_of_harm_to_minors_needs_no_name(self, market: Market) -> None:
        anonymous: dict[str, Any] = {"kind": "minors", "full_name": None, "email": None}
        path = (await make_cleaning(market)).path
        for refused in (
            {"kind": "unsafe"},
            {"email": NOTICE["email"]},
            {"full_name": NOTICE["full_name"]},
        ):
            assert (await give_notice(market, path, **anonymous | refused)).status_code == 422
        first, second = [await make_notice(market, **anonymous) for _ in range(2)]
        assert first.reference != second.reference
        assert (await first.reporter.get(first.for_staff)).json()["notifier"] is None
        await decide(market, first, "hide")
        assert await deliver(market) == []
        await assert_invariants(market.app)

    async def test_in_bad_faith(self, market: Market) -> None:
        response = await give_notice(market, "/jobs", good_faith=False)
        assert response.status_code == 422


class TestTheReceipt:
    async def test_is_mailed_in_the_language_of_the_notifier(self, market: Market) -> None:
        made = await make_notice(market, language="de")
        async with mail_server() as server:
            settings = Settings(environment="development", **server.settings())
            tasks = runner_for(market.app, SmtpMailer(settings), settings)
            while task := await tasks.take():
                await tasks.run(task)
        (mail,) = server.messages
        assert (mail["To"], mail["Content-Language"]) == (NOTICE["email"], "de")
        assert made.reference in text_of(mail)
        for entered in (NOTICE["full_name"], NOTICE["words"]):
            assert entered not in words_of(mail)

    async def test_is_the_same_for_the_same_notice(self, market: Market) -> None:
        made = await make_notice(market)
        path = made.data["path"]
        again = await give_notice(market, path, email="Nora+2@Example.com", words="Once more.")
        assert (again.status_code, again.json()["reference"]) == (201, made.reference)
        other = await give_notice(market, path, email="other@example.com")
        assert other.json()["reference"] != made.reference
        assert len(await made.reporter.items("/admin/reports")) == 2
        events = await market.app.state.database.fetch(
            "SELECT actor_id FROM events WHERE subject = 'report' AND kind = 'created'", ()
        )
        assert [row["actor_id"] for row in events] == [None, None]

    async def test_has_nothing_that_the_author_reads_in_the_decision(self, market: Market) -> None:
        made = await make_notice(market)
        await decide(market, made, "warn")
        shown = (await made.author.get("/decisions")).text
        assert BROKEN["facts"] in shown
        for secret in (made.reference, NOTICE["full_name"], NOTICE["email"]):
            assert secret not in shown


class TestLimits:
    async def test_of_an_email_address(self, market: Market) -> None:
        market.set_limit("notices_per_email", 1)
        statuses = [
            (await give_notice(market, (await make_cleaning(market)).path)).status_code
            for _ in range(4)
        ]
        assert statuses == [201, 201, 429, 429]  # each network has two attempts

    async def test_of_a_network(self, market: Market) -> None:
        market.set_limit("mails_per_address", 1)
        path = (await make_cleaning(market)).path
        places = [market_from(market, f"2001:db8:1:2::{number}") for number in (7, 8)]
        statuses = [
            (await give_notice(it, path, email=f"nora{number}@example.com")).status_code
            for number, it in enumerate((*places, market))
        ]
        assert statuses == [201, 429, 201]

    async def test_of_undecided_notices_about_a_thing(self, market: Market) -> None:
        made = await make_notice(market)
        path = made.data["path"]
        for number in range(MOST_NEW_NOTICES - 1):
            email = f"nora{number}@example.com"
            assert (await give_notice(market, path, email=email)).status_code == 201
        for email in ("late@example.com", NOTICE["email"]):
            response = await give_notice(market, path, email=email)
            assert (response.status_code, response.json()["code"]) == (409, "enough_notices")
        await decide(market, made, "none")
        assert (await give_notice(market, path, email="late@example.com")).status_code == 201
        (decided,) = await made.reporter.items("/admin/reports", reference=made.reference)
        assert decided["status"] == "decided"


class TestTheDecision:
    async def test_is_mailed_with_its_reasons(self, market: Market) -> None:
        made = await make_notice(market)
        await decide(market, made, "hide")
        _, mail = await deliver(market)
        assert mail["To"] == NOTICE["email"]
        for said in (made.reference, "Hidden", "Rule:", BROKEN["facts"]):
            assert said in words_of(mail)
        assert "#token=" not in text_of(mail)

    async def test_to_do_nothing_can_be_appealed_against_by_a_link(self, market: Market) -> None:
        made, other = await make_notice(market), await make_staff(market)
        await decide(market, made, "none")
        _, mail = await deliver(market)
        assert KEPT["facts"] in words_of(mail)
        assert "Rule:" not in words_of(mail)
        token = unquote(text_of(mail).partition("/appeal#token=")[2].split()[0])
        browser = Browser(market)
        page = await browser.open("/appeal")
        await browser.send(page, "/appeal", token=token, words="The wages are too low.")
        (waiting,) = await other.items("/admin/reports", reference=made.reference)
        assert waiting["appealed"]
        await decide(market, made, "hide", other)
        (mail,) = await deliver(market)
        assert "Hidden" in words_of(mail)
        assert "#token=" not in text_of(mail)


class TestExpiry:
    async def test_erases_the_notifier_90_days_after_the_decision(self, market: Market) -> None:
        made = await make_notice(market)
        await decide(market, made, "none")
        database = market.app.state.database
        await database.fetch("UPDATE reports SET decided_at = $1", [now() - timedelta(days=90)])
        await database.fetch(
            "INSERT INTO appeals (decision_id, words, made_at) SELECT id, 'No.', now() "
            "FROM decisions",
            (),
        )
        async with database.write() as transaction:
            assert await HousekeepingRepository(transaction).delete_expired() == 2
        shown = (await made.reporter.get(made.for_staff)).json()
        assert (shown["notifier"], shown["words"], shown["content"]) == (None, None, None)
        ((left,),) = await database.fetch("SELECT count(words) FROM appeals", ())
        assert left == 0
