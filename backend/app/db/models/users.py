"""Accounts of users."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.names import email_key, text_key
from app.core.reserved import ERASED
from app.core.security.passwords import is_made_of
from app.db.models.fields import (
    Email,
    EnteredPassword,
    FullName,
    Input,
    Moment,
    Password,
    Username,
    choice,
    id_field,
    key_field,
    moment_field,
    now,
    omittable,
)
from app.db.models.searched import LANGUAGE_CODE, ChosenLanguage
from app.db.models.versioned import Tagged, Versioned


class EmailTaken(Conflict):
    code = "email_taken"
    detail = "Another account has this email address."


class WrongPassword(Forbidden):
    code = "wrong_password"
    detail = "The current password is wrong."
    lasting = True  # the audit keeps that it was tried


class AccountInUse(Conflict):
    code = "live_booking"
    detail = (
        "The account has a scheduled booking. Cancel it before its start, or wait until it is "
        "completed, marked as a no-show or cancelled automatically."
    )


class UserNotFound(NotFound):
    code = "user_not_found"
    detail = "Account not found."
    lasting = True  # the audit keeps that staff looked for it


class StaffOnly(Forbidden):
    code = "staff_only"
    detail = "Only staff may do this."


class SuperuserOnly(Forbidden):
    code = "superuser_only"
    detail = "Only superusers may do this."


class RankTooLow(Forbidden):
    code = "rank_too_low"
    detail = "Staff may act on users, superusers on all accounts but their own."


class UserBase(SQLModel):
    """The fields of an account that are both stored and shown to its owner."""

    email: Email = Field(max_length=254, schema_extra={"examples": ["anna@example.com"]})
    username: Username = Field(max_length=32, schema_extra={"examples": ["anna"]})


PENDING_FOR = timedelta(days=7)
"""How long an account can be pending before it is deleted."""


class UserRole(StrEnum):
    """The role of an account."""

    USER = "user"
    STAFF = "staff"  # looks after the others
    SUPERUSER = "superuser"  # looks after the staff

    def demand_staff(self) -> None:
        """Refuses roles other than staff and superuser.

        Raises:
            StaffOnly: The role is another.
        """
        if self not in {UserRole.STAFF, UserRole.SUPERUSER}:
            raise StaffOnly


class User(UserBase, Versioned, table=True):
    """An account. A deleted one stays as an anonymous row, which other rows reference.

    A pending account, whose email address is unverified, occupies its username but not the
    address: the first account that verifies an address has it. Pending accounts are deleted after
    `PENDING_FOR`.
    """

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("username ~ '^[A-Za-z0-9_-]{3,32}$'", name="username"),
        CheckConstraint(f"language ~ '{LANGUAGE_CODE}'", name="language"),
        # Of ASCII, the database knows the keys, too.
        CheckConstraint('username_key = lower(username COLLATE "C")', name="username_key"),
        CheckConstraint(
            'email_key = lower(email COLLATE "C") OR octet_length(email) > char_length(email)',
            name="email_key",
        ),
        Index(
            "uq_users_email_key",
            "email_key",
            unique=True,
            postgresql_where=text("pending_until IS NULL"),
        ),
        Index("ix_users_email_key", "email_key"),  # to log in, pending or not
        Index("uq_users_username_key", "username_key", unique=True),  # also by how it begins
        Index(  # accounts other than active users
            "ix_users_notable",
            "id",
            postgresql_where=text(
                "role <> 'user' OR pending_until IS NOT NULL OR inactive_at IS NOT NULL "
                "OR blocked_at IS NOT NULL OR deleted_at IS NOT NULL"
            ),
        ),
        Index(  # those that were not verified in time
            "ix_users_pending_until",
            "pending_until",
            postgresql_where=text("pending_until IS NOT NULL"),
        ),
    )

    id: UUID = id_field()
    username_key: str = key_field(default="")
    email_key: str = key_field(default="")
    password_hash: str
    role: UserRole = Field(default=UserRole.USER, sa_type=choice(UserRole, "role"))
    language: str | None = Field(default=None, max_length=2)
    email_verified_at: datetime | None = moment_field(default=None)
    pending_until: datetime | None = moment_field(default=None)
    inactive_at: datetime | None = moment_field(default=None)
    blocked_at: datetime | None = moment_field(default=None)
    deleted_at: datetime | None = moment_field(default=None)

    def keyed(self) -> dict[str, Any]:
        """The comparison keys of the username and the email address, which are unique."""
        return {"username_key": text_key(self.username), "email_key": email_key(self.email)}

    def await_verification(self) -> None:
        """Makes the account pending: its email address must be verified before a login."""
        self.pending_until = now() + PENDING_FOR

    def verify(self, email: str) -> None:
        """Sets a verified email address."""
        self.email_verified_at = now()
        self.pending_until = None
        self.email = email
        self.touch()

    def demand_rank_over(self, other: "User") -> None:
        """Refuses acts on accounts of the same or a higher rank, and on their things.

        Raises:
            RankTooLow: The other account does not have a lower rank.
        """
        is_above = self.role is UserRole.SUPERUSER or (
            self.role is UserRole.STAFF and other.role is UserRole.USER
        )
        if other.id == self.id or not is_above:
            raise RankTooLow

    def give_role(self, role: UserRole, to: "User") -> None:
        """Sets the role of another account.

        Raises:
            SuperuserOnly: The account is no superuser.
            RankTooLow: The other account is the same one, so that a superuser remains.
        """
        if self.role is not UserRole.SUPERUSER:
            raise SuperuserOnly
        self.demand_rank_over(to)
        to.take_over({"role": role})

    def block(self) -> bool:
        """Blocks it: it can't be used, its jobs are hidden, its offers can't be accepted.

        Returns:
            Whether it was not blocked.
        """
        return self.take_over({"blocked_at": self.blocked_at or now()})

    def unblock(self) -> bool:
        """Unblocks it, and returns whether it was blocked."""
        return self.take_over({"blocked_at": None})

    def deactivate(self) -> bool:
        """Deactivates it, but leaves its jobs visible, and returns whether it was active."""
        return self.take_over({"inactive_at": self.inactive_at or now()})

    def reactivate(self) -> bool:
        """Reactivates it, and returns whether it was inactive."""
        return self.take_over({"inactive_at": None})

    def anonymise(self) -> None:
        """Erases its personal data. It can't be used again, and its names become free."""
        placeholder = f"{ERASED}{secrets.token_hex(12)}"  # random, so never taken before
        self.email = f"{placeholder}@deleted.invalid"
        self.username = placeholder
        self.password_hash = ""
        self.role = UserRole.USER
        self.language = None
        self.email_verified_at = self.pending_until = None
        self.deleted_at = now()
        self.touch()


def demand_no_names(password: str, *names: str | None) -> None:
    """Refuses a password that is easily guessed from the names of its owner.

    Args:
        password: The password.
        names: The names and addresses of its owner.

    Raises:
        Invalid: It consists of the names.
    """
    if is_made_of(password, names):
        raise Invalid(
            "Must not consist of your names, your email address or the name of the service.",
            field="password",
        )


class UserCreate(Input, UserBase):
    """A registration."""

    password: Password = Field(schema_extra={"examples": ["a lighthouse in winter"]})
    full_name: FullName | None = Field(default=None, schema_extra={"examples": ["Anna Ark"]})
    language: ChosenLanguage = None


class UserUpdate(Input):
    """Changes of an account; a new password or address needs the current password."""

    model_config = Input.model_config | {
        "json_schema_extra": {"dependentRequired": {"password": ["current_password"]}}
    }

    email: Email = omittable(description="A new one needs current_password beside it")
    username: Username = omittable(schema_extra={"examples": ["anna"]})
    password: Password = omittable()
    current_password: EnteredPassword = omittable(min_length=1)
    language: ChosenLanguage = None

    @model_validator(mode="after")
    def demand_both_passwords(self) -> Self:
        """Refuses a new password without the current one."""
        if self.password:
            self.demand_current_password()
        return self

    def demand_current_password(self) -> None:
        """Refuses changes without the current password.

        Raises:
            Invalid: The current password is missing.
        """
        if not self.current_password:
            raise Invalid(
                "Required to change the password or the email address.", field="current_password"
            )


class UserPublic(UserBase, Tagged):
    """An account as its owner sees it."""

    id: UUID
    full_name: str | None
    language: str | None = Field(description="The language of pages and mails, if one is chosen")
    email_verified: bool
    email_refused: bool = Field(description="Whether its mailbox has refused mail")
    pending_email: Email | None = Field(
        description="A new address that waits for its confirmation",
        schema_extra={"examples": ["anna.ark@example.com"]},
    )
    created_at: Moment
    updated_at: Moment
