"""Administration: accounts as staff sees them, and the content of its requests."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.db.models.decisions import MarketRule
from app.db.models.fields import Email, Input, Moment, Reason, text
from app.db.models.pages import PageParameters
from app.db.models.users import UserRole


class AccountState(StrEnum):
    """The state of an account."""

    ACTIVE = "active"
    PENDING = "pending"  # its email address is still to be verified
    INACTIVE = "inactive"
    BLOCKED = "blocked"
    DELETED = "deleted"


class AccountFilters(PageParameters):
    """Filters of lists of accounts."""

    q: Annotated[str, text(120, shortest=1)] | None = Field(
        default=None,
        description="Prefix of the username or the full name, case-insensitive",
        schema_extra={"examples": ["anna"]},
    )
    role: UserRole | None = None
    state: AccountState | None = None


class AccountAddress(Input):
    """The email address of an account."""

    email: Email = Field(schema_extra={"examples": ["anna@example.com"]})


class Grounds(Input):
    """The reason for an act of staff."""

    reason: Reason = Field(
        description="Kept in the audit for good: it should contain no names",
        schema_extra={"examples": ["Asks cleaners to pay in advance."]},
    )

    @property
    def facts(self) -> dict[str, str]:
        """What the event of the act, and the audit, say about its reason."""
        return {"reason": self.reason}


class RestrictionGrounds(Grounds):
    """The statement of reasons for a restriction without a report.

    The person concerned is told it, as Article 17 of Regulation (EU) 2022/2065 (Digital Services
    Act) demands. Only a decision about a report names a law.
    """

    rule: MarketRule = Field(
        default="terms",
        description="The rule that was broken. The person concerned reads it, with the reason",
        schema_extra={"examples": ["fraud"]},
    )

    @property
    def facts(self) -> dict[str, str]:
        """What the event and the audit say, with the rule."""
        return super().facts | {"rule": self.rule}


class DecidedGrounds(Grounds):
    """The reason for an act that carries out a decision about a report."""

    report_id: UUID

    @property
    def facts(self) -> dict[str, str]:
        """What the event says, with the report: only the decision is told to the author."""
        return super().facts | {"report_id": str(self.report_id)}


class RoleGiven(Input):
    """The new role of an account."""

    role: UserRole = Field(schema_extra={"examples": ["staff"]})


class AccountPublic(SQLModel):
    """An account as staff see it in a list."""

    id: UUID
    username: str = Field(schema_extra={"examples": ["anna"]})
    full_name: str | None
    role: UserRole
    pending_until: Moment | None = Field(
        description="When it is deleted unless its email address is verified"
    )
    inactive_at: Moment | None = Field(description="When it was deactivated")
    blocked_at: Moment | None
    deleted_at: Moment | None
    created_at: Moment


class AccountDetail(AccountPublic):
    """An account as staff see it."""

    email: str = Field(schema_extra={"examples": ["anna@example.com"]})
    email_verified_at: Moment | None
    sessions: int = Field(description="The number of sessions")
    api_keys: int = Field(description="The number of API keys")
    second_factor_on_since: Moment | None = Field(description="Null if it is off")
    second_factor_removal_due_at: Moment | None = Field(
        description="When the second factor is removed; null if no removal is pending"
    )
    updated_at: Moment
