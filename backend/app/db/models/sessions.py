"""Sessions: where users are logged in."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.core.clients import Client
from app.core.config import Settings
from app.core.errors import Forbidden, Invalid, NotFound, Unauthenticated
from app.db.models.fields import (
    AnyText,
    EnteredPassword,
    Input,
    Moment,
    OneTimeCode,
    id_field,
    moment_field,
    now,
)
from app.postgres.rows import Row

NEVER = datetime.fromtimestamp(0, UTC)

REPEATABLE_FOR = timedelta(seconds=10)
"""For how long a client that got no answer may send a refresh token once more."""


REMEMBERED_FOR = timedelta(days=400)
"""How long an address is remembered after its last login."""


class InvalidCredentials(Unauthenticated):
    code = "invalid_credentials"
    detail = "Wrong username or password, or invalid refresh token."
    lasting = True


class EmailNotVerified(Forbidden):
    code = "email_not_verified"
    detail = "Verify your email address first: open the mailed link, or request another one."
    lasting = True


class StepUpNeeded(Forbidden):
    code = "step_up_needed"
    detail = (
        "This needs a recent login. Call POST /api/v1/auth/step-up, and use the token that it "
        "returns."
    )


class SessionNotFound(NotFound):
    code = "session_not_found"
    detail = "Session not found."


class Lifetimes(NamedTuple):
    """The lifetimes of sessions.

    Args:
        idle: The time after the last refresh.
        longest: The time after the login, regardless of refreshes.
        recent: The time after the login in which the session may change credentials.
    """

    idle: timedelta
    longest: timedelta
    recent: timedelta

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The lifetimes of the settings."""
        return cls(
            idle=timedelta(days=settings.refresh_token_days),
            longest=timedelta(days=settings.session_days),
            recent=timedelta(minutes=settings.step_up_minutes),
        )

    @property
    def recent_since(self) -> datetime:
        """The earliest time of a recent login."""
        return now() - self.recent


class Session(Row, table=True):
    """A session of a user from login to logout, or of a program with an API key.

    The time and the factor of its authentication never change: a step-up starts a new session. A
    session of the pages has a cookie in place of access and refresh tokens.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        Index("ix_sessions_user_id", "user_id"),  # to list and to end the sessions of a user
        Index("ix_sessions_expires_at", "expires_at"),  # to delete those that have ended
        # To find the session of a cookie.
        Index(
            "uq_sessions_cookie_hash",
            "cookie_hash",
            unique=True,
            postgresql_where=text("cookie_hash IS NOT NULL"),
        ),
    )

    id: UUID = id_field()
    user_id: UUID = Field(foreign_key="users.id")
    cookie_hash: bytes | None = None
    device: str | None = None
    address: str | None = None
    created_at: datetime = moment_field()
    authenticated_at: datetime = moment_field()
    second_factor: bool
    refreshed_at: datetime = moment_field()
    expires_at: datetime = moment_field()

    @classmethod
    def of(
        cls, user_id: UUID, client: Client, lifetimes: Lifetimes, *, second_factor: bool = False
    ) -> Self:
        """Returns a new session after an authentication.

        Args:
            user_id: The account.
            client: The origin of the request.
            lifetimes: Its lifetimes.
            second_factor: Whether a second factor was verified.
        """
        moment = now()
        return cls(
            user_id=user_id,
            device=client.device,
            address=client.ip,
            created_at=moment,
            authenticated_at=moment,
            second_factor=second_factor,
            refreshed_at=moment,
            expires_at=moment + min(lifetimes.idle, lifetimes.longest),
        )

    @classmethod
    def of_program(cls, user_id: UUID, lifetime: timedelta) -> Self:
        """Returns a new session of a program, which has no authentication but its key."""
        moment = now()
        return cls(
            user_id=user_id,
            created_at=moment,
            authenticated_at=NEVER,
            second_factor=False,
            refreshed_at=moment,
            expires_at=moment + lifetime,
        )

    def refresh(self, client: Client, lifetimes: Lifetimes) -> None:
        """Extends the session, and records the client."""
        self.device, self.address = client.device, client.ip
        self.refreshed_at = now()
        self.expires_at = min(
            self.refreshed_at + lifetimes.idle, self.created_at + lifetimes.longest
        )


class KnownAddress(Row, table=True):
    """An address of an earlier login, from where strangers can't lock the user out."""

    __tablename__ = "known_addresses"
    __table_args__ = (
        Index("ix_known_addresses_used_at", "used_at"),  # to delete those out of use
    )

    user_id: UUID = Field(primary_key=True, foreign_key="users.id")
    address_hash: bytes = Field(primary_key=True)
    used_at: datetime = moment_field(default_factory=now)


class RefreshToken(Row, table=True):
    """A refresh token, which can be used once.

    Used tokens are kept as long as their session: the reuse of one shows that it, or its
    successor, was stolen.
    """

    __tablename__ = "refresh_tokens"
    __table_args__ = (
        Index("ix_refresh_tokens_session_id", "session_id"),  # to delete them with their session
        Index(  # of the successors of a token, one is used
            "uq_refresh_tokens_predecessor",
            "predecessor",
            unique=True,
            postgresql_where=text("used_at IS NOT NULL"),
        ),
    )

    hash: bytes = Field(primary_key=True)
    session_id: UUID = Field(foreign_key="sessions.id", ondelete="CASCADE")
    predecessor: bytes | None = None
    issued_at: datetime = moment_field(default_factory=now)
    used_at: datetime | None = moment_field(default=None)

    def is_good(
        self, session: Session, relatives: Sequence["RefreshToken"], client: Client
    ) -> bool:
        """Whether this client may use the token now.

        A used token may be repeated by a client that seems to have missed the response: by the
        same client, within some seconds, and only while no successor was used. Of several
        successors, only the first that is used is valid: the use of a second one shows that two
        clients have tokens, of which one is stolen.

        Args:
            session: The session that it belongs to, in the state of its last refresh.
            relatives: Its successors, and the other successors of its predecessor.
            client: The client that uses it.
        """
        if self.used_at is None:
            return not any(it.used_at for it in relatives if it.predecessor != self.hash)
        return (
            now() - self.used_at <= REPEATABLE_FOR
            and client.is_like(session.address, session.device)
            and not any(it.used_at for it in relatives if it.predecessor == self.hash)
        )


def otp_field() -> Any:
    """The field of a code of the second factor, beside a password."""
    return Field(
        default="",
        description="The code of an authenticator app, or a recovery code, if that is turned on",
        schema_extra={"examples": ["492039"]},
    )


class TokenRequest(SQLModel):
    """The form of a token request of OAuth 2.0 (RFC 6749, 4.3.2 and 6).

    As the RFC requires, unknown parameters are ignored.
    """

    grant_type: Literal["password", "refresh_token"] = "password"
    username: AnyText = Field(
        default="",
        description="The username, or the email address",
        schema_extra={"examples": ["anna"]},
    )
    password: EnteredPassword = Field(
        default="", schema_extra={"examples": ["a lighthouse in winter"]}
    )
    otp: OneTimeCode = otp_field()
    refresh_token: AnyText = ""

    @model_validator(mode="after")
    def demand_what_the_grant_needs(self) -> Self:
        """Refuses a form without the fields of its grant."""
        needed = ["refresh_token"]
        if self.grant_type == "password":
            needed = ["username", "password"]
        for name in needed:
            if not getattr(self, name):
                raise Invalid("Required with grant_type={it}.", field=name, it=self.grant_type)
        return self


class StepUp(Input):
    """The credentials of a step-up."""

    password: EnteredPassword = Field(schema_extra={"examples": ["a lighthouse in winter"]})
    otp: OneTimeCode = otp_field()


class TokenPublic(SQLModel):
    """The response to a login (RFC 6749, 5.1)."""

    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 (the name of a kind of token)
    expires_in: int = Field(
        description="For how many seconds the access token is good",
        schema_extra={"examples": [900]},
    )


class SessionPublic(SQLModel):
    """Where its owner is logged in."""

    id: UUID
    device: str | None = Field(
        description="The User-Agent of the client",
        schema_extra={"examples": ["Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0"]},
    )
    address: str | None = Field(
        description="Where it was last refreshed from", schema_extra={"examples": ["203.0.113.7"]}
    )
    created_at: Moment
    last_used_at: Moment = Field(description="When it was last refreshed")
    expires_at: Moment
    current: bool = Field(description="Whether it is the one that asks")
