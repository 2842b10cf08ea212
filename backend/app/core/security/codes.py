"""Codes of authenticator apps and recovery codes; each is accepted once."""

import hashlib
import re
import secrets
from datetime import datetime
from hmac import compare_digest

import pyotp

ISSUER = "Cleaning marketplace"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
"""The alphabet of recovery codes (base32), without similar characters."""
RECOVERY_CODE_SIZE = 28  # letters of 5 bits: 140 bits, too many to guess
GROUP = 4  # letters per group

OF_AN_APP = re.compile("[0-9]{6}")


def new_secret() -> str:
    """A new secret for an authenticator app: 160 random bits in base32."""
    return pyotp.random_base32()


def key_uri(secret: str, username: str) -> str:
    """The URI of a secret for authenticator apps (Key URI Format: `otpauth://totp/…`)."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def step_of(secret: str, code: str, moment: datetime) -> int | None:
    """The time step of 30 seconds of a valid code (TOTP, RFC 6238).

    A code is valid within its own step only, which limits the use of an observed code.

    Args:
        secret: The secret of the app.
        code: The code, normalised by `bare`.
        moment: The present time.

    Returns:
        None if the code is of another step or another app.
    """
    totp = pyotp.TOTP(secret)
    step = totp.timecode(moment)
    return step if compare_digest(totp.generate_otp(step), code) else None


def new_recovery_code() -> str:
    """A random code in groups of letters."""
    code = "".join(secrets.choice(LETTERS) for _ in range(RECOVERY_CODE_SIZE))
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def recovery_code_hash(code: str) -> bytes:
    """The stored hash of a recovery code, which has too many bits to need a salt or a slow hash.

    It uses no key, so that recovery codes outlive the secret of the installation.
    """
    return hashlib.sha256(bare(code).encode()).digest()


def bare(code: str) -> str:
    """A code without spaces and hyphens, in upper case."""
    return re.sub(r"[\s-]", "", code).upper()
