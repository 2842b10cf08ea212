"""Second factors: authenticator apps and recovery codes."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.core.errors import Conflict, Forbidden, NotFound, Unauthenticated
from app.db.models.fields import (
    EnteredPassword,
    Input,
    Moment,
    moment_field,
    new_id,
    now,
)
from app.postgres.rows import Row

SIX_DIGITS = "^[0-9]{6}$"
RECOVERY_CODES = 10
"""How many recovery codes are made at once."""

REMOVAL_DELAY = timedelta(hours=72)
"""How long the owner of an account can stop the removal of the second factor by staff."""


class Factor(StrEnum):
    """The factor of an authentication."""

    PASSWORD = "password"  # noqa: S105 (nothing but the password)
    TOTP = "totp"  # the password, and a code of an authenticator app
    RECOVERY_CODE = "recovery_code"  # the password, and one of these


class SecondFactorNeeded(Unauthenticated):
    code = "second_factor_needed"
    detail = "Send a code of your authenticator app or a recovery code as `otp`."
    lasting = True


class InvalidSecondFactor(Unauthenticated):
    code = "invalid_second_factor"
    detail = (
        "The code is wrong, has expired or was used before. Codes of an app are valid for 30 "
        "seconds: enter the present one."
    )
    lasting = True


class StaffNeedsSecondFactor(Forbidden):
    code = "staff_needs_second_factor"
    detail = "Turn on a second factor, and log in with it."


class SecondFactorNotFound(NotFound):
    code = "second_factor_not_found"
    detail = "Second factor not found, or prepared by another session."


class SecondFactorOn(Conflict):
    code = "second_factor_on"
    detail = "You already have a second factor. Turn it off first."


class SecondFactor(Row, table=True):
    """The authenticator app of a user: its secret, and the last step of time with a used code.

    It is on, which means required, once it was confirmed by a code. Before that, it belongs to the
    session that prepared it, and is deleted with that session.
    """

    __tablename__ = "second_factors"
    __table_args__ = (
        CheckConstraint("session_id IS NULL OR confirmed_at IS NULL", name="prepared"),
        CheckConstraint(
            "(removal_id IS NULL) = (removal_due_at IS NULL) "
            "AND (removal_id IS NULL OR confirmed_at IS NOT NULL)",
            name="removal",
        ),
        Index(  # to delete those that were only prepared with their session
            "ix_second_factors_session_id",
            "session_id",
            postgresql_where=text("session_id IS NOT NULL"),
        ),
        Index(  # the removals that are due
            "ix_second_factors_removal_due_at",
            "removal_due_at",
            postgresql_where=text("removal_due_at IS NOT NULL"),
        ),
    )

    user_id: UUID = Field(primary_key=True, foreign_key="users.id")
    session_id: UUID | None = Field(default=None, foreign_key="sessions.id", ondelete="CASCADE")
    secret: bytes  # encrypted
    last_step: int = 0
    confirmed_at: datetime | None = moment_field(default=None)
    removal_id: UUID | None = None
    removal_due_at: datetime | None = moment_field(default=None)

    @property
    def is_on(self) -> bool:
        """Whether it is required for logins."""
        return self.confirmed_at is not None

    @property
    def is_due(self) -> bool:
        """Whether its removal is due."""
        return self.removal_due_at is not None and self.removal_due_at <= now()

    def replace(self, secret: bytes, session_id: UUID) -> None:
        """Replaces an app that was never confirmed.

        Args:
            secret: The encrypted secret of the new app.
            session_id: The session that prepares it.

        Raises:
            SecondFactorOn: The app was confirmed.
        """
        if self.is_on:
            raise SecondFactorOn
        self.secret, self.last_step, self.session_id = secret, 0, session_id

    def turn_on(self, session_id: UUID) -> None:
        """Turns it on: logins require it.

        Args:
            session_id: The session that confirms it.

        Raises:
            SecondFactorOn: It is on.
            SecondFactorNotFound: Another session has prepared it.
        """
        if self.is_on:
            raise SecondFactorOn
        if self.session_id != session_id:
            raise SecondFactorNotFound
        self.confirmed_at, self.session_id = now(), None

    def request_removal(self) -> bool:
        """Schedules its removal, unless one is pending.

        Returns:
            Whether it was scheduled now.

        Raises:
            SecondFactorNotFound: It is not on.
        """
        if not self.is_on:
            raise SecondFactorNotFound
        if self.removal_id is not None:
            return False
        self.removal_id, self.removal_due_at = new_id(), now() + REMOVAL_DELAY
        return True

    def keep(self) -> bool:
        """Cancels its removal.

        Returns:
            Whether one was pending.
        """
        was_pending = self.removal_id is not None
        self.removal_id = self.removal_due_at = None
        return was_pending

    def use(self, step: int) -> bool:
        """Uses up the code of a step of time, and those of all earlier steps.

        Returns:
            Whether the code was unused.
        """
        if step <= self.last_step:
            return False
        self.last_step = step
        return True


class RecoveryCode(Row, table=True):
    """A single-use replacement for a code of the app."""

    __tablename__ = "recovery_codes"

    user_id: UUID = Field(
        primary_key=True, foreign_key="second_factors.user_id", ondelete="CASCADE"
    )
    hash: bytes = Field(primary_key=True)


class SecondFactorRequest(Input):
    """The current password, for the preparation of a second factor."""

    current_password: EnteredPassword = Field(schema_extra={"examples": ["a lighthouse in winter"]})


class SecondFactorConfirmation(Input):
    """A code that proves that the app has the secret."""

    code: Annotated[str, StringConstraints(pattern=SIX_DIGITS)] = Field(
        description="The code that the app shows", schema_extra={"examples": ["492039"]}
    )


class SecondFactorSecret(SQLModel):
    """The secret of an authenticator app, shown only once."""

    secret: str = Field(
        description="The secret in base32, for typing",
        schema_extra={"examples": ["5T7WBA3QDS3WPESMZCXNCBPP7ATE25UZ"]},
    )
    uri: str = Field(
        description="The secret as a link for the app, or for a QR code",
        schema_extra={
            "examples": [
                "otpauth://totp/Market:anna?secret=5T7WBA3QDS3WPESMZCXNCBPP7ATE25UZ&issuer=Market"
            ]
        },
    )


class RecoveryCodesPublic(SQLModel):
    """Recovery codes, shown only once."""

    recovery_codes: list[str] = Field(
        schema_extra={"examples": [["4RZQ-XE2H-7LKD-WM3C-TQ5V-N6JB-P4UA"]]}
    )


class SecondFactorPublic(SQLModel):
    """The second factor of an account."""

    on_since: Moment | None = Field(description="Null if it is off")
    recovery_codes_left: int = Field(schema_extra={"examples": [10]})
    removal_due_at: Moment | None = Field(
        description="When staff removes it; null if no removal is pending. "
        "The link in the mail about it stops the removal."
    )
