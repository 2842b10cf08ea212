"""Links that are mailed: whoever opens one shows that the address is theirs."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.core.errors import Invalid
from app.db.models.fields import (
    AnyText,
    Email,
    Input,
    Password,
    choice,
    id_field,
    moment_field,
    now,
)
from app.postgres.rows import Row


class LinkInvalid(Invalid):
    code = "invalid_link"
    detail = "The link is invalid or has expired. Request another one."

    def __init__(self) -> None:
        super().__init__(field="token")


class LinkPurpose(StrEnum):
    """What opening a link does."""

    VERIFY_EMAIL = "verify_email"
    CHANGE_EMAIL = "change_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 (what is done with one)


LIFETIMES = {
    LinkPurpose.VERIFY_EMAIL: timedelta(hours=24),
    LinkPurpose.CHANGE_EMAIL: timedelta(hours=24),
    LinkPurpose.RESET_PASSWORD: timedelta(minutes=30),
}


class Link(Row, table=True):
    """A link that has not been opened yet. What is mailed is its id, signed.

    One that was asked for in a session is deleted with that session, however it ends.
    """

    __tablename__ = "links"
    __table_args__ = (
        Index("ix_links_user_id", "user_id"),  # to make all links of a user void
        Index("ix_links_session_id", "session_id"),  # to delete them with their session
        Index("ix_links_expires_at", "expires_at"),  # to clear away those that were never opened
    )

    id: UUID = id_field()
    user_id: UUID = Field(foreign_key="users.id")
    session_id: UUID | None = Field(default=None, foreign_key="sessions.id", ondelete="CASCADE")
    purpose: LinkPurpose = Field(sa_type=choice(LinkPurpose, "purpose"))
    email: str
    created_at: datetime = moment_field(default_factory=now)
    expires_at: datetime = moment_field()

    def renew(self) -> None:
        """Starts its lifetime again: it is mailed only now."""
        self.expires_at = now() + LIFETIMES[self.purpose]


class EmailQuestion(Input):
    """An address that a mail is wanted at."""

    email: Email = Field(schema_extra={"examples": ["anna@example.com"]})


class LinkToken(Input):
    """What shows that a mail was received."""

    token: AnyText = Field(
        max_length=100,
        description="What stands in the link behind #token=",
        schema_extra={"examples": ["AZqgXL1QdU2gFqkz2GOzqGgjYnR3p0cPZ1uYwKpmGvE"]},
    )


class EmailVerification(LinkToken):
    """The proof that an address is one's own."""


class StopRequest(LinkToken):
    """The proof that it is the owner of an account who keeps the second factor."""


class PasswordReset(LinkToken):
    """The proof that an address is one's own, and the password that is wanted from now on."""

    password: Password = Field(schema_extra={"examples": ["a lighthouse in winter"]})


class Asked(SQLModel):
    """What is answered whoever asks, so that nobody learns who has an account."""

    detail: str = Field(schema_extra={"examples": ["If so, a link is on its way."]})
