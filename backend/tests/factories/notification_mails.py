"""Mails of notifications, and the time when they are due."""

from datetime import datetime
from email.message import EmailMessage
from typing import Any

from app.db.models.fields import now
from app.worker.process import enqueue_mails
from tests.factories.users import Actor, Market, make_user
from tests.mail import deliver


async def make_recipient(market: Market, **columns: Any) -> Actor:
    """A user with a verified address, to which notifications are mailed."""
    return await make_user(market, email_verified_at=now(), **columns)


async def waiting(market: Market, actor: Actor) -> dict[str, datetime]:
    """When the mails of a user are due, by their mode."""
    rows = await market.app.state.database.fetch(
        "SELECT mode, due_at FROM notification_mails WHERE user_id = $1", [actor.id]
    )
    return {row["mode"]: row["due_at"] for row in rows}


async def mail_due(market: Market) -> list[EmailMessage]:
    """Has the time pass that all mails of notifications wait for, and returns what is sent."""
    await market.app.state.database.fetch("UPDATE notification_mails SET due_at = now()", ())
    return await mail(market)


async def mail(market: Market) -> list[EmailMessage]:
    """Does what the worker does about mails that are due, and returns what is sent."""
    while await market.app.state.database.run(enqueue_mails):
        pass
    return await deliver(market)
