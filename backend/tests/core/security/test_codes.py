"""One-time codes: when those of an app are good, and what recovery codes are made of."""

from base64 import b32decode, b32encode
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
import pytest

from app.core.security.codes import (
    bare,
    key_uri,
    new_recovery_code,
    new_secret,
    recovery_code_hash,
    step_of,
)

SECRET = b32encode(b"12345678901234567890").decode()
"""The secret of the examples in RFC 6238, appendix B."""

BEGINNING = datetime(2026, 11, 21, 12, 0, 30, tzinfo=UTC)
"""When a step begins."""


class TestCodesOfAnApp:
    @pytest.mark.parametrize(
        ("seconds", "code"),
        [
            (59, "287082"),
            (1111111109, "081804"),
            (1111111111, "050471"),
            (1234567890, "005924"),
            (2000000000, "279037"),
            (20000000000, "353130"),
        ],
    )
    def test_are_those_of_the_rfc(self, seconds: int, code: str) -> None:
        moment = datetime.fromtimestamp(seconds, UTC)
        assert step_of(SECRET, code, moment) == seconds // 30

    @pytest.mark.parametrize(
        ("seconds", "good"),
        [(-30, False), (-0.001, False), (0, True), (29.999, True), (30, False), (60, False)],
    )
    def test_are_good_for_their_own_step_only(self, seconds: float, *, good: bool) -> None:
        code = pyotp.TOTP(SECRET).at(BEGINNING)
        step = step_of(SECRET, code, BEGINNING + timedelta(seconds=seconds))
        assert step == (BEGINNING.timestamp() // 30 if good else None)

    def test_are_of_one_secret(self) -> None:
        code = pyotp.TOTP(SECRET).at(BEGINNING)
        assert step_of(new_secret(), code, BEGINNING) is None

    def test_come_of_secrets_that_nobody_guesses(self) -> None:
        secrets = {new_secret() for _ in range(100)}
        assert len(secrets) == 100
        assert {len(b32decode(secret)) for secret in secrets} == {20}

    def test_are_set_up_by_a_link(self) -> None:
        link = urlsplit(key_uri(SECRET, "Anna_Ark-1"))
        assert (link.scheme, link.netloc) == ("otpauth", "totp")
        assert unquote(link.path) == "/Cleaning marketplace:Anna_Ark-1"
        assert parse_qs(link.query) == {"secret": [SECRET], "issuer": ["Cleaning marketplace"]}


class TestRecoveryCodes:
    def test_have_too_many_bits_to_be_guessed(self) -> None:
        codes = {bare(new_recovery_code()) for _ in range(100)}
        assert len(codes) == 100
        assert {len(code) for code in codes} == {28}
        assert len(set("".join(codes))) == 32  # so each letter has 5 bits, and a code has 140

    @pytest.mark.parametrize(
        "written",
        [
            "4RZQXE2H7LKDWM3CTQ5VN6JB",
            "4rzq-xe2h-7lkd-wm3c-tq5v-n6jb",
            " 4RZQ XE2H 7LKD WM3CTQ5VN6JB",
        ],
    )
    def test_may_be_written_differently(self, written: str) -> None:
        assert recovery_code_hash(written) == recovery_code_hash("4RZQ-XE2H-7LKD-WM3C-TQ5V-N6JB")

    def test_have_hashes_of_their_own(self) -> None:
        hashes = {recovery_code_hash(new_recovery_code()) for _ in range(100)}
        assert len(hashes) == 100
        assert {len(code_hash) for code_hash in hashes} == {32}
