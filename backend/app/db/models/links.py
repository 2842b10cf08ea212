"""Mailed links: opening one proves the ownership of the address."""

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
    """The effect of opening a link."""

    VERIFY_EMAIL = "verify_email"
    CHANGE_EMAIL = "change_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 (a purpose)


LIFETIMES = {
    LinkPurpose.VERIFY_EMAIL: timedelta(hours=24),
    LinkPurpose.CHANGE_EMAIL: timedelta(hours=24),
    LinkPurpose.RESET_PASSWORD: timedelta(minutes=30),
}


class Link(Row, table=True):
    """A link that was not opened yet. The mail contains its signed id.

    A link that was requested in a session is deleted with that session.
    """

    __tablename__ = "links"
    __table_args__ = (
        Index("ix_links_user_id", "user_id"),  # to make all links of a user void
        Index("ix_links_session_id", "session_id"),  # to delete them with their session
        Index("ix_links_expires_at", "expires_at"),  # to delete those that were never opened
    )

    id: UUID = id_field()
    user_id: UUID = Field(foreign_key="users.id")
    session_id: UUID | None = Field(default=None, foreign_key="sessions.id", ondelete="CASCADE")
    purpose: LinkPurpose = Field(sa_type=choice(LinkPurpose, "purpose"))
    email: str
    created_at: datetime = moment_field(default_factory=now)
    expires_at: datetime = moment_field()

    def renew(self) -> None:
        """Restarts its lifetime, since it is mailed only now."""
        self.expires_at = now() + LIFETIMES[self.purpose]


class EmailQuestion(Input):
    """The address of a requested mail."""

    email: Email = Field(schema_extra={"examples": ["anna@example.com"]})


class LinkToken(Input):
    """The token of a mailed link."""

    token: AnyText = Field(
        max_length=100,
        description="The token in the link, behind #token=",
        schema_extra={"examples": ["AZqgXL1QdU2gFqkz2GOzqGgjYnR3p0cPZ1uYwKpmGvE"]},
    )


class EmailVerification(LinkToken):
    """The token that verifies an email address."""


class StopRequest(LinkToken):
    """The token that stops the removal of a second factor."""


class PasswordReset(LinkToken):
    """The token that resets a password, and the new password."""

    password: Password = Field(schema_extra={"examples": ["a lighthouse in winter"]})


class Asked(SQLModel):
    """The response to each request for a mail, the same with and without an account."""

    detail: str = Field(schema_extra={"examples": ["If so, a link is on its way."]})
