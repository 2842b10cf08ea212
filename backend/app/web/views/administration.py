"""Accounts as staff sees them on pages."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from app.db.models.administration import AccountState
from app.db.models.users import UserRole
from app.db.repositories.viewers import Viewer


class Account(BaseModel):
    """An account in a list."""

    id: UUID
    username: str
    full_name: str | None
    role: UserRole
    pending_until: datetime | None
    inactive_at: datetime | None
    blocked_at: datetime | None
    deleted_at: datetime | None
    created_at: datetime

    @property
    def name(self) -> str:
        """The name that it is shown by."""
        return self.full_name or self.username

    @property
    def picture(self) -> None:
        """None: staff sees the picture of an account on its profile."""

    @property
    def states(self) -> list[AccountState]:
        """The states that it is in at once; `active` if it is in no other."""
        since = {
            AccountState.DELETED: self.deleted_at,
            AccountState.BLOCKED: self.blocked_at,
            AccountState.INACTIVE: self.inactive_at,
            AccountState.PENDING: self.pending_until,
        }
        return [state for state, moment in since.items() if moment] or [AccountState.ACTIVE]


class AccountDetail(Account):
    """An account."""

    email: str
    email_verified_at: datetime | None
    sessions: int
    api_keys: int
    second_factor_on_since: datetime | None
    second_factor_removal_due_at: datetime | None

    def is_below(self, viewer: Viewer) -> bool:
        """Whether a member of staff may act on it."""
        is_lower = viewer.role is UserRole.SUPERUSER or self.role is UserRole.USER
        return is_lower and viewer.id != self.id and self.deleted_at is None


ACCOUNTS = TypeAdapter(list[Account])
