"""The protection of accounts: settings and keys that all services share."""

from datetime import timedelta
from typing import NamedTuple, Self

from app.core.config import Settings
from app.core.limits import Limits
from app.core.outbound import OutboundRules
from app.core.security.keys import Keyring
from app.core.security.passwords import Passwords
from app.core.security.tokens import AccessTokens
from app.db.models.sessions import Lifetimes


class Safeguards(NamedTuple):
    """The settings and keys that protect accounts.

    Args:
        keyring: Signs, encrypts and computes keyed hashes.
        passwords: Hashes and verifies passwords.
        access_tokens: Signs and reads access tokens.
        lifetimes: The lifetimes of sessions, and of the right to change credentials.
        limits: The rate limits.
        verifies_emails: Whether email addresses must be verified.
        staff_needs_second_factor: Whether staff must log in with a second factor.
        phone_region: The country whose telephone numbers are recognised in public texts.
        outbound: The servers that requests are sent to.
        public_url: The base URL of the market; empty if it is not known.
    """

    keyring: Keyring
    passwords: Passwords
    access_tokens: AccessTokens
    lifetimes: Lifetimes
    limits: Limits
    verifies_emails: bool
    staff_needs_second_factor: bool
    phone_region: str
    outbound: OutboundRules
    public_url: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The safeguards of the settings."""
        keyring = Keyring(*settings.secret_keys)
        return cls(
            keyring=keyring,
            passwords=Passwords(),
            access_tokens=AccessTokens(keyring, timedelta(minutes=settings.access_token_minutes)),
            lifetimes=Lifetimes.of(settings),
            limits=settings.limits,
            verifies_emails=settings.verifies_emails,
            staff_needs_second_factor=settings.staff_needs_second_factor,
            phone_region=settings.phone_region,
            outbound=OutboundRules.by(settings),
            public_url=settings.public_url.rstrip("/"),
        )
