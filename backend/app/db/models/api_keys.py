"""API keys: credentials of programs that act for an account."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import pydantic
from sqlalchemy import ARRAY, CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.errors import Conflict, Forbidden, NotFound
from app.db.models.fields import Input, Moment, Name, moment_field, whole_number
from app.db.models.kinds import Scope
from app.postgres.rows import Row

MOST_PER_ACCOUNT = 20


class ApiKeyNotFound(NotFound):
    code = "api_key_not_found"
    detail = "API key not found."


class TooManyApiKeys(Conflict):
    code = "too_many_api_keys"
    detail = f"You have {MOST_PER_ACCOUNT} API keys. Delete one first."


class SessionNeeded(Forbidden):
    code = "session_needed"
    detail = "API keys are not accepted here. Log in."


class InsufficientScope(Forbidden):
    code = "insufficient_scope"
    detail = "The API key lacks the required scope."

    def __init__(self, scope: Scope) -> None:
        super().__init__("The API key lacks the required scope {scope}.", values={"scope": scope})
        self.scope = scope


class ApiKey(Row, table=True):
    """A key. It is the session of a program, too, which holds as long as the key does.

    The key outlives the login that made it, unless that login turns out to be stolen.
    """

    __tablename__ = "api_keys"
    __table_args__ = (
        UniqueConstraint("hash"),
        CheckConstraint("array_to_string(scopes, ' ') ~ '^[a-z:-]+( [a-z:-]+)*$'", name="scopes"),
        CheckConstraint("cardinality(scopes) > 0", name="any_scope"),
    )

    id: UUID = Field(primary_key=True, foreign_key="sessions.id", ondelete="CASCADE")
    made_in: UUID | None = None  # the session of that login, which may have ended since
    hash: bytes
    prefix: str
    name: str
    scopes: list[str] = Field(sa_type=ARRAY(Text))
    last_used_at: datetime | None = moment_field(default=None)


class ApiKeyCreate(Input):
    """A new key, with its scopes and its lifetime."""

    name: Name = Field(
        description="The name of the program that uses it",
        schema_extra={"examples": ["Calendar on the office computer"]},
    )
    scopes: list[Scope] = Field(
        min_length=1,
        max_length=len(Scope.all()),
        schema_extra={"examples": [["read:cleanings", "write:offers"]]},
    )
    expires_in_days: Annotated[
        int, pydantic.Field(strict=True, ge=1, le=366), pydantic.BeforeValidator(whole_number)
    ] = 90

    @property
    def lifetime(self) -> timedelta:
        """The lifetime of the key."""
        return timedelta(days=self.expires_in_days)


class ApiKeyPublic(SQLModel):
    """A key as its owner sees it, without the secret."""

    id: UUID
    prefix: str = Field(
        description="The first characters of the key", schema_extra={"examples": ["cmk_dFh3s91x"]}
    )
    name: str = Field(schema_extra={"examples": ["Calendar on the office computer"]})
    scopes: list[Scope]
    created_at: Moment
    expires_at: Moment
    last_used_at: Moment | None = Field(description="To the minute; null if it was never used")


class ApiKeyCreated(ApiKeyPublic):
    """A key as its owner sees it once."""

    key: str = Field(
        description="The key itself: keep it, it is not shown again",
        schema_extra={"examples": ["cmk_dFh3s91xJ0uYk4cT7mQe2WvN8rLzB5aPg6XiKoHfUyE3hGkDa"]},
    )
