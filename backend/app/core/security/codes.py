"""Codes that show that somebody has what they should have: each is good once."""

import hashlib
import re
import secrets
from datetime import datetime
from hmac import compare_digest

import pyotp

ISSUER = "Cleaning marketplace"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
"""What recovery codes are made of (base32): nothing that is taken for something else."""
RECOVERY_CODE_SIZE = 28  # letters of 5 bits: 140 are too many to be guessed
GROUP = 4  # letters that are written together

OF_AN_APP = re.compile("[0-9]{6}")


def new_secret() -> str:
    """Returns 160 random bits in base32, for an authenticator app to make codes of."""
    return pyotp.random_base32()


def key_uri(secret: str, username: str) -> str:
    """What an authenticator app reads, as a QR code mostly (Key URI Format: `otpauth://totp/…`)."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def step_of(secret: str, code: str, moment: datetime) -> int | None:
    """The step of 30 seconds that the code of an app is used in (TOTP, RFC 6238).

    A code is good within its own step only, so that nobody who has seen it can use it for longer.

    Args:
        secret: The secret that the app has.
        code: The code, as `bare` makes it.
        moment: When it is used.

    Returns:
        None if it is a code of another step, or of another app.
    """
    totp = pyotp.TOTP(secret)
    step = totp.timecode(moment)
    return step if compare_digest(totp.generate_otp(step), code) else None


def new_recovery_code() -> str:
    """Returns a random code in groups of letters, to be written down."""
    code = "".join(secrets.choice(LETTERS) for _ in range(RECOVERY_CODE_SIZE))
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def recovery_code_hash(code: str) -> bytes:
    """What is kept of a recovery code: like refresh tokens, it needs neither salt nor slowness.

    Nor does it need a key, so that it outlives the secret of the installation.
    """
    return hashlib.sha256(bare(code).encode()).digest()


def bare(code: str) -> str:
    """A code without what people may write differently."""
    return re.sub(r"[\s-]", "", code).upper()
