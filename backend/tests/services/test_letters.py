"""The letters that the service writes to people."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.core.mail import Mail
from app.services import letters

LINK = "https://cleaning.example/somewhere#token=abc"
HOURS = timedelta(hours=2)

LETTERS: dict[str, Callable[[str, str], Mail]] = {
    "verify_email": lambda to, name: letters.verify_email(to, name, LINK, HOURS),
    "confirm_new_email": lambda to, name: letters.confirm_new_email(to, name, LINK, HOURS),
    "email_changed": letters.email_changed,
    "already_registered": lambda to, name: letters.already_registered(to, name, LINK),
    "reset_password": lambda to, name: letters.reset_password(to, name, LINK, HOURS),
    "password_changed": lambda to, name: letters.password_changed(to, name, LINK),
}
TIMED = {"verify_email", "confirm_new_email", "reset_password"}
WITHOUT_LINK = {"email_changed"}
ADVICE = ("If this was not you, ", "If you did not ", "If you have not registered, ")
"""The advice for owners who did not cause the mail."""


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_says_what_somebody_has_to_know(name: str) -> None:
    mail = LETTERS[name]("anna@example.com", "anna")
    assert mail.recipient == "anna@example.com"
    assert mail.body.startswith("Hello anna,\n\n")
    assert any(f"\n\n{advice}" in mail.body for advice in ADVICE)
    assert (f"\n\n{LINK}\n" in mail.body) == (name not in WITHOUT_LINK)
    assert ("after 2 hours" in mail.body) == (name in TIMED)


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_can_be_read_in_any_mail_program(name: str) -> None:
    mail = LETTERS[name]("anna@example.com", "anna")
    assert (mail.subject + mail.body).isascii()
    assert max(len(line) for line in mail.body.splitlines()) <= 78
    assert mail.body.endswith("\n")
    assert "\n\n\n" not in mail.body


class TestLinks:
    @pytest.mark.parametrize(
        "url", ["https://cleaning.example/app", "https://cleaning.example/app/"]
    )
    def test_keep_tokens_from_servers_and_their_logs(self, url: str) -> None:
        assert letters.verification_link(url, "a.b-c_1") == (
            "https://cleaning.example/app/verify-email#token=a.b-c_1"
        )
        assert letters.reset_link(url, "a/b+c=") == (
            "https://cleaning.example/app/reset-password#token=a%2Fb%2Bc%3D"
        )

    def test_may_lead_to_where_a_token_is_asked_for(self) -> None:
        assert letters.reset_link("http://127.0.0.1:8000") == "http://127.0.0.1:8000/reset-password"


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(days=7), "7 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(minutes=60), "1 hour"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(minutes=1), "1 minute"),
    ],
)
def test_time_is_told_in_words(time: timedelta, words: str) -> None:
    assert letters.in_words(time) == words
