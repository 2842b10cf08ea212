"""The letters about changes of how people log in."""

from uuid import uuid4

import pytest

from app.core.mail import Mail
from app.core.security.keys import Keyring
from app.db.models.kinds import Scope
from app.db.models.notices import Notice
from app.db.models.webhooks import DisabledReason
from app.postgres.transactions import Transaction
from app.services.notices import LETTERS, NOT_ACTS, NoticeSender, browser_of
from app.services.webhook_deliveries import TEXTS
from tests.factories.users import Market, make_user

URL = "https://cleaning.example"
DETAILS = {
    Notice.NEW_LOGIN: {
        "time": "2026-11-28 19:02",
        "network": "2001:db8:1::/48",
        "browser": "another program",
    },
    Notice.USERNAME_CHANGED: {"username": "x" * 32},
    Notice.API_KEY_CREATED: {"prefix": "cmk_dFh3s91x", "scopes": "\n    ".join(Scope.all())},
    Notice.WEBHOOK_CREATED: {"host": "hooks.example:8443"},
    Notice.WEBHOOK_DISABLED: {
        "host": "hooks.example:8443",
        "reason": TEXTS[DisabledReason.GONE],
    },
    Notice.REMOVAL_REQUESTED: {"removal_id": str(uuid4()), "due_at": "2026-12-01 19:02"},
}


async def written(market: Market, notice: Notice) -> Mail:
    """The letter of a notice to somebody called anna."""
    user = await make_user(market, username="anna", email="anna@example.com")

    async def write(transaction: Transaction) -> list[Mail]:
        sender = NoticeSender(transaction, Keyring("a secret"), URL)
        return await sender.write(user.id, notice, DETAILS.get(notice, {}))

    (mail,) = await market.app.state.database.run(write)
    assert isinstance(mail, Mail)
    return mail


def test_there_is_a_letter_for_each_notice() -> None:
    assert LETTERS.keys() == set(Notice)


@pytest.mark.parametrize("notice", Notice)
class TestALetter:
    async def test_says_what_its_owner_can_do(self, market: Market, notice: Notice) -> None:
        mail = await written(market, notice)
        assert mail.recipient == "anna@example.com"
        assert mail.body.startswith("Hello anna,\n\n")
        assert (f"\n\n{URL}/reset-password\n" in mail.body) == (notice not in NOT_ACTS)
        stops = f"\n\n{URL}/keep-second-factor#token="
        assert (stops in mail.body) == (notice is Notice.REMOVAL_REQUESTED)

    async def test_can_be_read_in_any_mail_program(self, market: Market, notice: Notice) -> None:
        mail = await written(market, notice)
        assert (mail.subject + mail.body).isascii()
        lines = [line for line in mail.body.splitlines() if not line.startswith(URL)]
        assert max(map(len, lines)) <= 78
        assert "\n\n\n" not in mail.body


@pytest.mark.parametrize(
    ("device", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox"),
        ("Mozilla/5.0 (Macintosh) AppleWebKit/605 Version/18.0 Safari/605.1", "Safari"),
        ("Mozilla/5.0 (X11) AppleWebKit/537.36 Chrome/142.0 Safari/537.36", "Chrome"),
        ("Mozilla/5.0 (X11) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge"),
        ("Your account is locked: call 555-0100", "another program"),
        (None, "another program"),
    ],
)
def test_a_device_is_named_in_words_of_our_own(device: str | None, name: str) -> None:
    assert browser_of(device) == name
