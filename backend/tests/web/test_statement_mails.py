"""Statements of reasons by mail."""

from urllib.parse import quote, unquote
from uuid import UUID

from app.db.models.decisions import REDRESS
from app.services.decisions import appeal_token
from tests.factories.browsers import Browser
from tests.factories.cleanings import make_cleaning
from tests.factories.reports import BROKEN, decide, make_report
from tests.factories.users import Market
from tests.invariants import broken
from tests.mail import deliver, text_of
from tests.staff import act, make_staff


class TestTheMailAboutABlock:
    async def test_has_the_reasons_and_a_link_that_appeals_once(self, market: Market) -> None:
        report, other = await make_report(market), await make_staff(market)
        await decide(market, report, "block")
        (mail,) = await deliver(market)
        assert mail["To"] == report.author.email
        for part in (BROKEN["facts"], REDRESS, "until it is lifted"):
            assert part in " ".join(text_of(mail).split())
        token = unquote(text_of(mail).partition("/appeal#token=")[2].split()[0])
        browser, words = Browser(market), "The law allows a deposit."
        page = await browser.open("/appeal")
        await browser.send(page, "/appeal", 422, token=f"{token}x", words=words)
        for status in (200, 409):
            page = await browser.send(page, "/appeal", status, token=token, words=words)
            page = await browser.open("/appeal")
        await decide(market, report, "none", other)
        assert (await report.author.get("/users/me")).status_code == 200

    async def test_of_a_block_that_is_upheld_has_no_link(self, market: Market) -> None:
        report = await make_report(market)
        decision = await decide(market, report, "block")
        (mail,) = await deliver(market)
        token = appeal_token(market.safeguards.keyring, UUID(decision["id"]))
        assert quote(token, safe="") in text_of(mail)
        browser = Browser(market)
        page = await browser.open("/appeal")
        await browser.send(page, "/appeal", token=token, words="No.")
        await decide(market, report, "block")
        (mail,) = await deliver(market)
        assert "stays blocked" in mail["Subject"]
        assert "#token=" not in text_of(mail)

    async def test_is_void_once_the_account_is_deleted(self, market: Market) -> None:
        report, staff = await make_report(market), await make_staff(market)
        decision = await decide(market, report, "block", staff)
        await act(staff, report.author, "unblock")
        assert (await report.author.delete("/users/me")).status_code == 204
        token = appeal_token(market.safeguards.keyring, UUID(decision["id"]))
        browser = Browser(market)
        page = await browser.open("/appeal")
        await browser.send(page, "/appeal", 404, token=token, words="I am Anna.")
        assert (await broken(market.app)).get("users_erased") is None

    async def test_of_a_first_block_on_appeal_does_not_say_that_it_stays(
        self, market: Market
    ) -> None:
        report = await make_report(market)
        decision = await decide(market, report, "none")
        path, words = f"/decisions/{decision['id']}/appeal", {"words": "It is fraud."}
        assert (await report.reporter.post(path, words)).status_code == 200
        await decide(market, report, "block")
        (mail,) = await deliver(market)
        assert mail["Subject"] == "Your account was blocked"
        assert "#token=" not in text_of(mail)


class TestTheMailToABlockedAuthor:
    async def test_has_the_reasons_of_another_measure_and_a_link_that_appeals(
        self, market: Market
    ) -> None:
        report, staff = await make_report(market), await make_staff(market)
        for restriction in ("block", "deactivate"):
            await act(staff, report.author, restriction)
        await deliver(market)
        await decide(market, report, "hide")
        (mail,) = await deliver(market)
        assert mail["To"] == report.author.email
        for part in ("About: Job", "Measure: Hidden", BROKEN["facts"], REDRESS):
            assert part in " ".join(text_of(mail).split())
        token = unquote(text_of(mail).partition("/appeal#token=")[2].split()[0])
        browser = Browser(market)
        await browser.send(await browser.open("/appeal"), "/appeal", token=token, words="No.")
        for restriction in ("unblock", "reactivate"):
            await act(staff, report.author, restriction)
        await decide(market, report, "none")
        assert await deliver(market) == []

    async def test_tells_of_the_decision_about_an_appeal(self, market: Market) -> None:
        job = await make_cleaning(market)
        report, other = [await make_report(market, job.path, job.owner) for _ in range(2)]
        decision, _ = [await decide(market, it, "block") for it in (report, other)]
        token = appeal_token(market.safeguards.keyring, UUID(decision["id"]))
        browser = Browser(market)
        await browser.send(await browser.open("/appeal"), "/appeal", token=token, words="No.")
        await deliver(market)
        await decide(market, report, "none")
        (mail,) = await deliver(market)
        assert mail["To"] == job.owner.email
        assert "Measure: No measure" in text_of(mail)
        assert "#token=" not in text_of(mail)
