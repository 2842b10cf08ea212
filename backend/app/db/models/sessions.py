"""Sessions: where users are logged in."""

from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.errors import Invalid, Unauthenticated
from app.db.models.fields import AnyText, id_field, moment_field, now
from app.db.models.rows import Row


class InvalidCredentials(Unauthenticated):
    code = "invalid_credentials"
    detail = "The username or password is wrong, or the refresh token is no longer good."


class Session(Row, table=True):
    """One login of one user, from its password to its end."""

    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("refresh_token_hash"),
        Index("ix_sessions_user_id", "user_id"),  # to end all the sessions of a user
    )

    id: UUID = id_field()
    user_id: UUID = Field(foreign_key="users.id")
    refresh_token_hash: bytes
    created_at: datetime = moment_field(default_factory=now)
    refreshed_at: datetime = moment_field(default_factory=now)
    expires_at: datetime = moment_field()


class TokenRequest(SQLModel):
    """The form that OAuth 2.0 asks a token with (RFC 6749, 4.3.2 and 6).

    As the RFC wants, parameters that are not known are passed over.
    """

    grant_type: Literal["password", "refresh_token"] = "password"
    username: AnyText = Field(
        default="",
        description="The username, or the email address",
        schema_extra={"examples": ["anna"]},
    )
    password: AnyText = Field(default="", schema_extra={"examples": ["a lighthouse in winter"]})
    refresh_token: AnyText = ""

    @model_validator(mode="after")
    def demand_what_the_grant_needs(self) -> Self:
        """Refuses a form without the fields of its grant."""
        needed = ["refresh_token"]
        if self.grant_type == "password":
            needed = ["username", "password"]
        for name in needed:
            if not getattr(self, name):
                raise Invalid(f"grant_type={self.grant_type} needs it.", field=name)
        return self


class TokenPublic(SQLModel):
    """What a login gives (RFC 6749, 5.1)."""

    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 (the name of a kind of token)
    expires_in: int = Field(
        description="For how many seconds the access token is good",
        schema_extra={"examples": [900]},
    )
