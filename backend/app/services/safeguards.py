"""What accounts are protected with: the same for every service of an installation."""

from datetime import timedelta
from typing import NamedTuple, Self

from app.core.config import Settings
from app.core.limits import Limits
from app.core.security.keys import Keyring
from app.core.security.passwords import Passwords
from app.core.security.tokens import AccessTokens
from app.db.models.sessions import Lifetimes


class Safeguards(NamedTuple):
    """All that protects accounts, of which each service uses what it needs.

    Args:
        keyring: Signs, encrypts, and hides what is only to be recognised.
        passwords: Hashes and verifies passwords.
        access_tokens: Signs and reads access tokens.
        lifetimes: How long a login lasts, and may change what logins are checked against.
        limits: How often what may be tried.
        verifies_emails: Whether an address counts only when it has been verified.
        staff_needs_second_factor: Whether staff have to log in with one.
    """

    keyring: Keyring
    passwords: Passwords
    access_tokens: AccessTokens
    lifetimes: Lifetimes
    limits: Limits
    verifies_emails: bool
    staff_needs_second_factor: bool

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Those that an installation has chosen."""
        keyring = Keyring(*settings.secret_keys)
        return cls(
            keyring=keyring,
            passwords=Passwords(),
            access_tokens=AccessTokens(keyring, timedelta(minutes=settings.access_token_minutes)),
            lifetimes=Lifetimes.of(settings),
            limits=settings.limits,
            verifies_emails=settings.verifies_emails,
            staff_needs_second_factor=settings.staff_needs_second_factor,
        )
