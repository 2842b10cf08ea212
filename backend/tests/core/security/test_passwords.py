"""Passwords: which are refused, and how they are kept."""

import asyncio

import pytest
from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from app.core.errors import Unavailable
from app.core.security.passwords import MOST_WAITING, Passwords, common_passwords, is_made_of

NFC, NFD = "sch\xf6ner leuchtturm", "scho\u0308ner leuchtturm"


class TestPasswords:
    async def test_are_salted(self) -> None:
        passwords = Passwords()
        assert await passwords.hash("a lighthouse") != await passwords.hash("a lighthouse")

    @pytest.mark.parametrize("password", ["a lighthouse", "", "🧹" * 100, "\0"])
    async def test_are_known_by_their_hash(self, password: str) -> None:
        passwords = Passwords()
        hashed = await passwords.hash(password)
        assert (await passwords.verify(password, hashed)).matches
        assert not (await passwords.verify(password + " ", hashed)).matches

    async def test_are_the_same_however_they_are_composed(self) -> None:
        passwords = Passwords()
        for kept, entered in ((NFC, NFD), (NFD, NFC)):
            hashed = await passwords.hash(kept)
            assert (await passwords.verify(entered, hashed)).matches

    async def test_that_were_kept_as_they_were_sent_are_known_and_renewed(self) -> None:
        passwords = Passwords()
        hashed = PasswordHash((Argon2Hasher(memory_cost=19456, time_cost=2, parallelism=1),)).hash(
            NFD
        )
        assert not (await passwords.verify(NFC, hashed)).matches
        matches, renewed = await passwords.verify(NFD, hashed)
        assert matches
        assert (await passwords.verify(NFC, renewed)).matches

    @pytest.mark.parametrize("hashed", [None, ""])
    async def test_of_nobody_are_never_right(self, hashed: str | None) -> None:
        assert not (await Passwords().verify("", hashed)).matches

    @pytest.mark.parametrize("hashed", [None, ""])
    async def test_of_nobody_are_verified_too(self, hashed: str | None) -> None:
        passwords = Passwords()
        passwords._nobody = "no hash at all"  # noqa: SLF001
        with pytest.raises(UnknownHashError):
            await passwords.verify("a lighthouse", hashed)

    @pytest.mark.parametrize("password", ["password", "qwertyuiop", "iloveyou"])
    def test_that_are_common(self, password: str) -> None:
        assert password in common_passwords()

    def test_that_are_common_are_thousands_among_those_of_the_right_length(self) -> None:
        assert len([word for word in common_passwords() if 8 <= len(word) <= 128]) >= 3000

    async def test_that_were_hashed_with_other_parameters_are_hashed_again(self) -> None:
        cheaper = PasswordHash((Argon2Hasher(memory_cost=8192, time_cost=1, parallelism=1),))
        verified = await Passwords().verify("a lighthouse", cheaper.hash("a lighthouse"))
        assert verified.matches
        assert verified.renewed
        assert verified.renewed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        again = await Passwords().verify("a lighthouse", verified.renewed)
        assert again.matches
        assert again.renewed is None

    async def test_by_too_many_at_once_are_not_looked_at(self) -> None:
        passwords = Passwords()
        tries = [passwords.verify("a lighthouse", None) for _ in range(MOST_WAITING * 64)]
        answers = await asyncio.gather(*tries, return_exceptions=True)
        refused = [answer for answer in answers if isinstance(answer, Unavailable)]
        assert 0 < len(refused) < len(answers)
        assert not (await passwords.verify("a lighthouse", None)).matches


class TestOwnNames:
    @pytest.mark.parametrize(
        "password",
        [
            "AnnaArk1",
            "anna.ark@example.com",
            "anna2026!",
            "ark-anna-99",
            "Examplecom",
            "example1",
            "Cleaning-2026!",
            "anna's marketplace",
        ],
    )
    def test_make_bad_passwords(self, password: str) -> None:
        assert is_made_of(password, ["anna-ark", "anna.ark@example.com", "Anna Ark"])

    @pytest.mark.parametrize("password", ["a lighthouse in winter", "anna likes lighthouses", "42"])
    def test_may_stand_in_good_ones(self, password: str) -> None:
        assert not is_made_of(password, ["anna", "anna@example.com", None])
