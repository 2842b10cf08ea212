"""The keys by which names and addresses are compared."""

import pytest

from app.core.names import LONGEST, email_key, login_key, mailbox_key, text_key
from app.core.reserved import is_reserved


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ANNA", "anna"),
        ("  Old   Town\n", "old town"),
        ("Zoë", "ZOE\N{COMBINING DIAERESIS}"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER A}nna", "anna"),
        ("Straße", "STRASSE"),
        ("\N{KELVIN SIGN}arla", "karla"),
        ("Zoe\N{ZERO WIDTH JOINER}\N{COMBINING DIAERESIS}", "zoë"),
        ("an\N{ZERO WIDTH SPACE}na\N{RIGHT-TO-LEFT OVERRIDE}", "anna"),
        ("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}da", "i\N{COMBINING DOT ABOVE}da"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert text_key(one) == text_key(other) == text_key(text_key(one))


@pytest.mark.parametrize(("one", "other"), [("anna", "anno"), ("İda", "ida"), ("\u0131da", "ida")])
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert text_key(one) != text_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna@Example.COM ", "anna@example.com"),
        ("anna@BÜCHER.example", "anna@xn--bcher-kva.example"),
        ("anna@bu\N{COMBINING DIAERESIS}cher.example", "anna@bücher.example"),
        ("anna@bücher\N{IDEOGRAPHIC FULL STOP}example", "anna@bücher.example"),
    ],
)
def test_spellings_of_one_address_have_one_key(one: str, other: str) -> None:
    assert email_key(one) == email_key(other)
    assert login_key(one) == login_key(other)


def test_domains_that_dns_tells_apart_have_different_keys() -> None:
    assert email_key("anna@straße.example") != email_key("anna@strasse.example")


def test_mailboxes_are_known_without_subaddresses() -> None:
    assert mailbox_key("Anna+spam@example.com") == mailbox_key("anna+ham@example.com")
    assert mailbox_key("+anna@example.com") != mailbox_key("+ben@example.com")


@pytest.mark.parametrize("name", ["\u0301" * 10**6, "a" * 10**6, "@" * 10**6, "\ufdfa" * 10**6])
def test_keys_of_what_is_no_name_are_short(name: str) -> None:
    assert len(login_key(name)) <= 20 * LONGEST


@pytest.mark.parametrize(
    "username",
    [
        *("admin", "Adm1n", "a-d-m-i-n", "admin_", "support_team", "staff99", "m0derat0r"),
        *("5upport", "adrnin", "noreply", "no-reply", "root", "deleted-0a1b"),
        *("admins", "the-admin", "official-support", "support_anna", "my-adm1ns"),
    ],
)
def test_names_of_the_service_are_reserved(username: str) -> None:
    assert is_reserved(username)


@pytest.mark.parametrize(
    "username", ["anna", "hal1", "user12", "stafford", "rooter", "minadmi", "my-team"]
)
def test_other_names_are_not(username: str) -> None:
    assert not is_reserved(username)
