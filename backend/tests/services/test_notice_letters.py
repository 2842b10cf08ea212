"""The letters about changes of how people log in."""

from uuid import uuid4

import pytest

from app.core.catalogues import LANGUAGES
from app.core.mail import Mail
from app.core.security.keys import Keyring
from app.db.models.kinds import Scope
from app.db.models.notices import Notice
from app.db.models.webhooks import DisabledReason
from app.postgres.transactions import Transaction
from app.services.letters import ISOLATE, POP, Letterhead
from app.services.notice_letters import LETTERS, NOT_ACTS, NoticeSender
from app.services.notices import OTHER_BROWSER, browser_of
from app.services.webhook_deliveries import TEXTS
from tests.core.settings import development
from tests.factories.users import Market, make_user

URL = "https://cleaning.example"
HEAD = Letterhead.of(development(public_url=URL, time_zone="Europe/Berlin"))
DETAILS = {
    Notice.NEW_LOGIN: {
        "time": "2026-11-28 19:02",
        "network": "2001:db8:1::/48",
        "browser": OTHER_BROWSER,
    },
    Notice.USERNAME_CHANGED: {"username": "x" * 32},
    Notice.API_KEY_CREATED: {"prefix": "cmk_dFh3s91x", "scopes": ", ".join(Scope.all())},
    Notice.WEBHOOK_CREATED: {"host": "hooks.example:8443"},
    Notice.WEBHOOK_URL_CHANGED: {"host": "hooks.example:8443"},
    Notice.WEBHOOK_DISABLED: {
        "host": "hooks.example:8443",
        "reason": TEXTS[DisabledReason.GONE],
    },
    Notice.REMOVAL_REQUESTED: {"removal_id": str(uuid4()), "due_at": "2026-12-01 19:02"},
}


async def written(market: Market, notice: Notice, language: str | None = None) -> Mail:
    """The mail of a notice to anna."""
    user = await make_user(market, username="anna", email="anna@example.com")
    await user.patch("/users/me", {"language": language})

    async def write(transaction: Transaction) -> list[Mail]:
        sender = NoticeSender(transaction, Keyring("a secret"), HEAD)
        return await sender.write(user.id, notice, DETAILS.get(notice, {}))

    (mail,) = await market.app.state.database.run(write)
    assert isinstance(mail, Mail)
    return mail


def test_there_is_a_letter_for_each_notice() -> None:
    assert LETTERS.keys() == set(Notice)


@pytest.mark.parametrize("notice", Notice)
async def test_a_letter_says_what_its_owner_can_do(market: Market, notice: Notice) -> None:
    mail = await written(market, notice)
    assert mail.recipient == "anna@example.com"
    assert mail.body.startswith("Hello anna,\n\n")
    assert (f"\n\n{URL}/reset-password\n" in mail.body) == (notice not in NOT_ACTS)
    stops = f"\n\n{URL}/keep-second-factor#token="
    assert (stops in mail.body) == (notice is Notice.REMOVAL_REQUESTED)
    lines = [line for line in mail.body.splitlines() if not line.startswith(URL)]
    assert max(map(len, lines)) <= 78
    assert "\n\n\n" not in mail.body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", LETTERS)
def test_a_letter_is_complete_in_each_language(notice: Notice, language: str) -> None:
    writer = HEAD.writer("anna@example.com", "anna", language)
    mail = writer.mail(writer.letter(LETTERS[notice], url=URL, **DETAILS.get(notice, {})))
    assert not {"{", "}"} & set(mail.subject + mail.body)
    for value in {"x" * 32, "hooks.example:8443"} & set(DETAILS.get(notice, {}).values()):
        assert value in mail.body
        assert value in mail.html


async def test_a_letter_has_times_and_texts_in_its_language(market: Market) -> None:
    mail = await written(market, Notice.NEW_LOGIN, "de")
    assert mail.subject == "Eine neue Anmeldung bei deinem Konto"
    assert "    Zeit: 28. Nov. 2026, 20:02 (Mitteleuropäische Normalzeit)\n" in mail.body
    assert "    Browser: ein anderes Programm\n" in mail.body
    assert not {ISOLATE, POP} & set(mail.body)


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
