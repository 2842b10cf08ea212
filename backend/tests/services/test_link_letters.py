"""The mails about links and credentials."""

import pytest

from app.core.catalogues import LANGUAGES
from app.db.models.links import LinkPurpose
from app.services import link_letters
from app.services.letters import Letterhead, Texts
from app.services.link_letters import link_mail, reset_link, verification_link
from tests.core.settings import development

HEAD = Letterhead.of(development())
LETTERS = {name: value for name, value in vars(link_letters).items() if isinstance(value, Texts)}
LINK = "https://cleaning.example/somewhere#token=abc"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_complete_in_each_language(name: str, language: str) -> None:
    writer, texts = HEAD.writer("anna@example.com", "anna", language), LETTERS[name]
    mail = link_mail(writer, texts, LINK, LinkPurpose.RESET_PASSWORD)
    assert "anna" in mail.body
    assert not {"{", "}"} & set(mail.subject + mail.body)
    assert (f"\n\n{LINK}\n" in mail.body) == bool(texts.action)
    assert max(map(len, mail.body.splitlines())) <= 78
    assert "\n\n\n" not in mail.body


def test_a_link_says_how_long_it_works() -> None:
    writer = HEAD.writer("anna@example.com", "anna", "en")
    mail = link_mail(writer, link_letters.RESET_PASSWORD, LINK, LinkPurpose.RESET_PASSWORD)
    assert "expires in 30 minutes." in mail.body


class TestLinks:
    def test_keep_tokens_from_servers_and_their_logs(self) -> None:
        assert verification_link("https://cleaning.example/app", "a.b-c_1") == (
            "https://cleaning.example/app/verify-email#token=a.b-c_1"
        )
        assert reset_link("https://cleaning.example/app", "a/b+c=") == (
            "https://cleaning.example/app/reset-password#token=a%2Fb%2Bc%3D"
        )

    def test_may_lead_to_the_page_that_requests_one(self) -> None:
        assert reset_link("http://127.0.0.1:8000") == "http://127.0.0.1:8000/reset-password"
