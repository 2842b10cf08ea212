"""Accounts whose address counts only when it is verified, and the mails that come of it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from httpx import Response

from tests.factories.sessions import register
from tests.factories.users import Market
from tests.mail import deliver, text_of


@contextmanager
def verifying(market: Market) -> Iterator[None]:
    """Has addresses be verified for the time of a block."""
    before = market.safeguards.verifies_emails
    market.replace_safeguards(verifies_emails=True)
    yield
    market.replace_safeguards(verifies_emails=before)


def token_in(mail: EmailMessage) -> str:
    """What stands in the link of a mail."""
    found = re.search(r"#token=(\S+)", text_of(mail))
    assert found
    return found[1]


async def mailed_token(market: Market) -> str:
    """What stands in the link of the one mail with a link that is due."""
    (mail,) = [mail for mail in await deliver(market) if "#token=" in text_of(mail)]
    return token_in(mail)


async def verify(market: Market, token: str) -> Response:
    """Opens a link that verifies an address."""
    return await market.client.post("/auth/email-verification/confirmation", json={"token": token})


async def make_verified(market: Market, **draft: Any) -> None:
    """A new account whose address is verified."""
    assert (await register(market, **draft)).status_code == 201
    assert (await verify(market, await mailed_token(market))).status_code == 204


NEW_PASSWORD = "another lighthouse"


async def ask_for_reset(market: Market, email: str) -> Response:
    return await market.client.post("/auth/password-reset", json={"email": email})


async def reset(market: Market, token: str, password: str = NEW_PASSWORD) -> Response:
    body = {"token": token, "password": password}
    return await market.client.post("/auth/password-reset/confirmation", json=body)


async def ask_for_verification(market: Market, email: str) -> Response:
    return await market.client.post("/auth/email-verification", json={"email": email})


async def expire_links(market: Market) -> None:
    await market.app.state.database.fetch(
        "UPDATE links SET expires_at = now() - interval '1 second'", ()
    )


def check_void(response: Response) -> None:
    assert response.status_code == 422
    assert response.json()["code"] == "invalid_link"
