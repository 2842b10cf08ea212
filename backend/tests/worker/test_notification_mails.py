"""Mails of notifications: what is mailed to whom, when, and only once."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from app.db.models.fields import now
from app.worker.process import enqueue_mails
from tests.api.test_suppressions import UNKNOWN, send_to
from tests.factories.browsers import Browser
from tests.factories.cleanings import Job, make_cleaning
from tests.factories.messages import make_message
from tests.factories.notification_mails import mail, mail_due, make_recipient, waiting
from tests.factories.notification_preferences import prefer
from tests.factories.notifications import notifications, notify
from tests.factories.offers import make_offer
from tests.factories.questions import make_question
from tests.factories.scenes import make_scene
from tests.factories.tasks import kept, make_due
from tests.factories.users import Market, block
from tests.invariants import assert_invariants
from tests.mail import mail_server, text_of
from tests.processes import PATIENCE, until_done, worker_process
from tests.stories import GROUNDS


async def make_job(market: Market, **columns: object) -> Job:
    """A job of a user to whom notifications are mailed."""
    return await make_cleaning(market, await make_recipient(market, **columns))


async def offer(market: Market, job: Job, number: int = 1) -> None:
    """Has offers made for a job, of which the owner is told."""
    for _ in range(number):
        await make_offer(market, job)
    await notify(market)


class TestCollecting:
    async def test_one_mail_lists_all_of_a_minute(self, market: Market) -> None:
        job = await make_job(market)
        for _ in range(2):
            await offer(market, job, 5)
        assert await mail(market) == []
        (message,) = await mail_due(market)
        assert message["To"] == job.owner.email
        assert message["Subject"] == "10 new notifications"
        assert text_of(message).count(f"made an offer for {job.data['name']}") == 10
        assert text_of(message).count(f"/jobs/{job.data['id']}\n") == 10
        assert await mail_due(market) == []
        await assert_invariants(market.app)

    async def test_one_alone_is_the_subject(self, market: Market) -> None:
        job = await make_job(market)
        made = await make_offer(market, job)
        await notify(market)
        (message,) = await mail_due(market)
        name = made.cleaner.username.title()
        assert message["Subject"] == f"{name} made an offer for {job.data['name']}."
        assert f"/jobs/{job.data['id']}" in text_of(message)

    async def test_what_comes_afterwards_is_mailed_with_the_next_one(self, market: Market) -> None:
        job = await make_job(market)
        await offer(market, job, 3)
        await mail_due(market)
        await offer(market, job)
        (message,) = await mail_due(market)
        assert "made an offer" in message["Subject"]

    async def test_only_the_first_are_listed(self, market: Market) -> None:
        job = await make_job(market)
        await offer(market, job, 22)
        (message,) = await mail_due(market)
        assert message["Subject"] == "22 new notifications"
        assert text_of(message).count("made an offer") == 20
        assert "And 2 more:" in text_of(message)

    async def test_in_the_language_of_the_recipient(self, market: Market) -> None:
        await offer(market, await make_job(market, language="de"), 2)
        (message,) = await mail_due(market)
        assert message["Subject"] == "2 neue Mitteilungen"
        assert message["Content-Language"] == "de"

    async def test_restrictions_by_the_operator_have_their_reasons(self, market: Market) -> None:
        scene = await make_scene(market)
        await notify(market)
        verified = "UPDATE users SET email_verified_at = now() WHERE id = $1"
        await market.app.state.database.fetch(verified, [scene.job.owner.id])
        await scene.play("staff hide_cleaning")
        await notify(market)
        (message,) = await mail_due(market)
        text = " ".join(text_of(message).split())
        assert "Rule: The terms of use must be followed. It is in force from " in text
        assert f"Reason: {GROUNDS['reason']}" in text
        assert "If you think that this is wrong, answer this mail." in text


class TestRecipients:
    async def test_who_act_themselves_get_none(self, market: Market) -> None:
        cleaner = await make_recipient(market)
        await make_offer(market, None, cleaner)
        await notify(market)
        assert await waiting(market, cleaner) == {}

    async def test_need_a_verified_address(self, market: Market) -> None:
        made = await make_offer(market)
        await notify(market)
        assert await waiting(market, made.owner) == {}

    async def test_who_are_blocked_meanwhile_get_none(self, market: Market) -> None:
        job = await make_job(market)
        await offer(market, job)
        await block(market, job.owner)
        assert await mail_due(market) == []

    async def test_whose_mailbox_refuses_mail_get_no_more(self, market: Market) -> None:
        job = await make_job(market)
        await offer(market, job)
        await market.app.state.database.fetch("UPDATE notification_mails SET due_at = now()", ())
        await market.app.state.database.run(enqueue_mails)
        await send_to(market, answer_to_recipient=UNKNOWN)
        await offer(market, job)
        assert await waiting(market, job.owner) == {}

    async def test_who_have_read_it_meanwhile_get_none(self, market: Market) -> None:
        job = await make_job(market)
        await offer(market, job, 2)
        *_, last = await notifications(job.owner)
        await job.owner.put("/notifications/read-mark", {"position": last["position"]})
        assert await mail_due(market) == []

    async def test_who_have_read_a_message_in_its_thread_get_none(self, market: Market) -> None:
        job = await make_job(market)
        made = await make_offer(market, job)
        await notify(market)
        await mail_due(market)
        message = await make_message(market, made)
        await notify(market)
        assert (await waiting(market, job.owner)).keys() == {"at_once"}
        mark = {"number": message.data["number"]}
        response = await job.owner.put(f"{message.thread}/read-mark", mark)
        assert response.status_code == 200, response.text
        assert await mail_due(market) == []


class TestPreferences:
    async def test_off_sends_none(self, market: Market) -> None:
        job = await make_job(market)
        await prefer(job.owner, mail={"offers": "off"})
        await offer(market, job)
        assert await waiting(market, job.owner) == {}

    async def test_are_looked_at_again_when_the_mail_is_made(self, market: Market) -> None:
        job = await make_job(market)
        await offer(market, job, 2)
        await make_question(market, job)
        await notify(market)
        await prefer(job.owner, mail={"offers": "off"})
        (message,) = await mail_due(market)
        assert "asked a question" in message["Subject"]

    async def test_another_mode_holds_for_later_ones(self, market: Market) -> None:
        job = await make_job(market)
        await offer(market, job)
        await prefer(job.owner, mail={"offers": "daily"})
        await offer(market, job)
        first, second = await mail_due(market)
        assert "made an offer" in first["Subject"]
        assert "made an offer" in second["Subject"]
        assert await mail_due(market) == []

    async def test_what_is_not_listed_is_mailed_though_others_were_read(
        self, market: Market
    ) -> None:
        job = await make_job(market)
        await prefer(job.owner, app={"offers": False})
        await offer(market, job)
        await make_question(market, job)
        await notify(market)
        (shown,) = await notifications(job.owner)
        await job.owner.put("/notifications/read-mark", {"position": shown["position"]})
        (message,) = await mail_due(market)
        assert "made an offer" in message["Subject"]

    async def test_daily_ones_come_at_the_hour_of_the_user(self, market: Market) -> None:
        job = await make_job(market)
        await prefer(job.owner, mail={"offers": "daily"}, time_zone="Asia/Kolkata", digest_hour=19)
        await offer(market, job)
        await make_question(market, job)
        await notify(market)
        due = await waiting(market, job.owner)
        assert due.keys() == {"at_once", "daily"}
        local = due["daily"].astimezone(ZoneInfo("Asia/Kolkata"))
        assert (local.hour, local.minute) == (19, 0)
        assert now() < due["daily"] <= now() + timedelta(days=1)
        assert len(await mail_due(market)) == 2

    async def test_mails_wait_for_the_end_of_quiet_hours(self, market: Market) -> None:
        job = await make_job(market)
        begin, end = (f"{now() + timedelta(hours=hours):%H:%M}" for hours in (-1, 1))
        await prefer(job.owner, time_zone="UTC", quiet_from=begin, quiet_until=end)
        await offer(market, job)
        due = await waiting(market, job.owner)
        assert f"{due['at_once']:%H:%M:%S}" == f"{end}:00"


class TestSending:
    async def test_names_the_link_that_unsubscribes(self, market: Market) -> None:
        job = await make_job(market)
        await offer(market, job)
        (message,) = await mail_due(market)
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        link = message["List-Unsubscribe"].removeprefix("<").removesuffix(">")
        assert link in text_of(message)
        assert (await Browser(market).client.post(link)).status_code == 200
        await offer(market, job)
        assert await waiting(market, job.owner) == {}

    @pytest.mark.committed
    async def test_is_repeated_under_the_same_id_if_the_worker_is_killed(
        self, market: Market
    ) -> None:
        app = market.app
        await offer(market, await make_job(market), 2)
        await app.state.database.fetch("UPDATE notification_mails SET due_at = now()", ())
        async with mail_server() as server:
            server.goes_on.clear()
            async with worker_process(app, server) as process:
                await asyncio.wait_for(server.asked.wait(), PATIENCE)
                process.kill()
                await process.wait()
            (task,) = await kept(app)
            await make_due(app)
            server.received.clear()
            server.goes_on.set()
            async with worker_process(app, server):
                await until_done(app)
        (message,) = server.messages
        assert message["Message-ID"].startswith(f"<{task['id']}.1.")
        assert message["Subject"] == "2 new notifications"
