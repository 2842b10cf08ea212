"""Notifications of what happened to the security of an account."""

from collections.abc import Awaitable, Callable

import pytest

from app.core.config import Settings
from app.db.models.notification_kinds import NotificationKind
from app.worker.mailers import SmtpMailer
from app.worker.process import enqueue_mails
from dev.receivers import receiver, status
from tests.factories.api_keys import make_api_key
from tests.factories.links import NEW_PASSWORD, mailed_token, verify, verifying
from tests.factories.notification_mails import make_recipient, waiting
from tests.factories.notifications import notifications, notify
from tests.factories.removals import make_pending, path, stop
from tests.factories.second_factors import make_careful_member
from tests.factories.sessions import log_in, make_login, make_member, refresh
from tests.factories.tasks import runner_for
from tests.factories.users import PASSWORD, Actor, Market, change_email
from tests.factories.webhooks import (
    hook,
    make_webhook,
    permit_loopback,
    post_jobs,
    sending,
    until_received,
)
from tests.invariants import assert_invariants
from tests.mail import mail_server


async def log_in_elsewhere(market: Market) -> Actor:
    member = await make_member(market)
    for device in ("Telephone/1.0", "Laptop/2.0"):
        await log_in(market, member.username, **{"User-Agent": device})
    return member


async def use_a_token_twice(market: Market) -> Actor:
    member = await make_member(market)
    _, first = await make_login(market, member)
    second = (await refresh(market, first)).json()["refresh_token"]
    await refresh(market, second)
    assert (await refresh(market, first)).status_code == 401
    return member


async def change_the_username(market: Market) -> Actor:
    member = await make_member(market)
    assert (await member.patch("/users/me", {"username": "new-name"})).status_code == 200
    return member


async def change_the_password(market: Market) -> Actor:
    member = await make_member(market)
    passwords = {"password": NEW_PASSWORD, "current_password": PASSWORD}
    assert (await member.patch("/users/me", passwords)).status_code == 200
    return member


async def ask_for_another_address(market: Market) -> Actor:
    member = await make_member(market)
    with verifying(market):
        await change_email(member, "new@example.com")
    return member


async def confirm_another_address(market: Market) -> Actor:
    member = await ask_for_another_address(market)
    assert (await verify(market, await mailed_token(market))).status_code == 204
    return member


async def make_a_key(market: Market) -> Actor:
    return (await make_api_key(market)).owner


async def make_a_webhook(market: Market) -> Actor:
    return (await make_webhook(market)).owner


async def change_the_url_of_a_webhook(market: Market) -> Actor:
    webhook = await make_webhook(market)
    await webhook.owner.patch(webhook.path, {"url": "https://other.example"})
    return webhook.owner


async def add_a_factor(market: Market) -> Actor:
    member, _, _ = await make_careful_member(market)
    return member


async def remove_the_factor(market: Market) -> Actor:
    member = await add_a_factor(market)
    await member.delete("/users/me/second-factor")
    return member


async def renew_the_codes(market: Market) -> Actor:
    member = await add_a_factor(market)
    await member.post("/users/me/second-factor/recovery-codes")
    return member


async def use_a_code(market: Market) -> Actor:
    member, _, codes = await make_careful_member(market)
    assert (await log_in(market, member.username, otp=codes[0])).status_code == 200
    return member


async def ask_staff_for_the_removal(market: Market) -> Actor:
    member, _, _, _ = await make_pending(market)
    return member


async def have_staff_cancel_it(market: Market) -> Actor:
    member, staff, _, _ = await make_pending(market)
    assert (await staff.delete(path(member))).status_code == 200
    return member


async def stop_the_removal(market: Market) -> Actor:
    member, _, _, token = await make_pending(market)
    assert (await stop(market, token)).status_code == 204
    return member


async def have_a_webhook_fail(market: Market) -> Actor:
    permit_loopback(market)
    async with receiver() as server, sending(market):
        server.answer = status(410)
        webhook = await hook(market, server)
        await post_jobs(market, webhook.owner)
        await until_received(server, 1)
    return webhook.owner


ACTS: dict[NotificationKind, Callable[[Market], Awaitable[Actor]]] = {
    NotificationKind.NEW_LOGIN: log_in_elsewhere,
    NotificationKind.SESSION_STOLEN: use_a_token_twice,
    NotificationKind.USERNAME_CHANGED: change_the_username,
    NotificationKind.PASSWORD_CHANGED: change_the_password,
    NotificationKind.EMAIL_CHANGE_REQUESTED: ask_for_another_address,
    NotificationKind.EMAIL_CHANGED: confirm_another_address,
    NotificationKind.API_KEY_CREATED: make_a_key,
    NotificationKind.WEBHOOK_CREATED: make_a_webhook,
    NotificationKind.WEBHOOK_URL_CHANGED: change_the_url_of_a_webhook,
    NotificationKind.WEBHOOK_DISABLED: have_a_webhook_fail,
    NotificationKind.SECOND_FACTOR_ADDED: add_a_factor,
    NotificationKind.SECOND_FACTOR_REMOVED: remove_the_factor,
    NotificationKind.RECOVERY_CODES_RENEWED: renew_the_codes,
    NotificationKind.RECOVERY_CODE_USED: use_a_code,
    NotificationKind.REMOVAL_REQUESTED: ask_staff_for_the_removal,
    NotificationKind.REMOVAL_CANCELLED: have_staff_cancel_it,
    NotificationKind.REMOVAL_STOPPED: stop_the_removal,
}
"""What happens to an account, of which its user is told."""
COMMITTED = {NotificationKind.WEBHOOK_DISABLED}


@pytest.mark.parametrize(
    "kind",
    [pytest.param(it, marks=[pytest.mark.committed] * (it in COMMITTED)) for it in ACTS],
)
async def test_the_user_is_told_of_each(market: Market, kind: NotificationKind) -> None:
    user = await ACTS[kind](market)
    await notify(market)
    told = (await notifications(user))[-1]
    assert (told["kind"], told["group"], told["actor"]) == (kind, "security", None)


async def test_the_mail_of_its_own_is_the_only_one(market: Market) -> None:
    user = await make_recipient(market)
    await make_api_key(market, user)
    await notify(market)
    assert await waiting(market, user) == {}
    await market.app.state.database.run(enqueue_mails)
    async with mail_server() as server:
        settings = Settings(environment="development", **server.settings())
        tasks = runner_for(market.app, SmtpMailer(settings), settings)
        while task := await tasks.take():
            await tasks.run(task)
    assert [it["Subject"] for it in server.messages] == ["A new API key for your account"]
    await assert_invariants(market.app)
