"""Administration: what those who look after the market see of accounts, and say about them."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.db.models.fields import Email, Input, Moment, Reason, text
from app.db.models.pages import PageParameters
from app.db.models.users import UserRole


class AccountState(StrEnum):
    """What an account can be used for."""

    ACTIVE = "active"
    PENDING = "pending"  # its email address is still to be verified
    INACTIVE = "inactive"
    BLOCKED = "blocked"
    DELETED = "deleted"


class AccountFilters(PageParameters):
    """Which accounts are wanted."""

    q: Annotated[str, text(120, shortest=1)] | None = Field(
        default=None,
        description="How the username or the full name begins, in any case",
        schema_extra={"examples": ["anna"]},
    )
    role: UserRole | None = None
    state: AccountState | None = None


class AccountAddress(Input):
    """Whose account is looked for."""

    email: Email = Field(schema_extra={"examples": ["anna@example.com"]})


class Grounds(Input):
    """Why staff does something."""

    reason: Reason = Field(
        description="Kept in the audit for good: it had better name nobody",
        schema_extra={"examples": ["Asks cleaners to pay in advance."]},
    )


class RoleGiven(Input):
    """What somebody may do from now on."""

    role: UserRole = Field(schema_extra={"examples": ["staff"]})


class AccountPublic(SQLModel):
    """An account as staff see it in a list."""

    id: UUID
    username: str = Field(schema_extra={"examples": ["anna"]})
    full_name: str | None
    role: UserRole
    pending_until: Moment | None = Field(
        description="When it goes unless its email address is verified"
    )
    inactive_at: Moment | None = Field(description="Since when it rests")
    blocked_at: Moment | None
    deleted_at: Moment | None
    created_at: Moment


class AccountDetail(AccountPublic):
    """An account as staff see it."""

    email: str = Field(schema_extra={"examples": ["anna@example.com"]})
    email_verified_at: Moment | None
    sessions: int = Field(description="In how many places it is logged in")
    api_keys: int = Field(description="How many programs can act with it")
    second_factor_on_since: Moment | None = Field(description="Null if it is off")
    second_factor_removal_due_at: Moment | None = Field(
        description="When the second factor is removed; null if no removal is pending"
    )
    updated_at: Moment
