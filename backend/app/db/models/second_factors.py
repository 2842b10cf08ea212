"""Second factors: what somebody has to show beside their password, if they want it so."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints
from sqlmodel import Field, SQLModel

from app.core.errors import Conflict, Forbidden, NotFound, Unauthenticated
from app.db.models.fields import Input, Moment, moment_field, now
from app.db.models.rows import Row

RECOVERY_CODES = 10
"""How many recovery codes are made at once."""


class Factor(StrEnum):
    """What somebody has shown of who they are."""

    PASSWORD = "password"  # noqa: S105 (nothing but the password)
    TOTP = "totp"  # the password, and a code of an authenticator app
    RECOVERY_CODE = "recovery_code"  # the password, and one of these


class SecondFactorNeeded(Unauthenticated):
    code = "second_factor_needed"
    detail = "Send a code of your authenticator app, or a recovery code, as otp."


class InvalidSecondFactor(Unauthenticated):
    code = "invalid_second_factor"
    detail = (
        "The code is wrong, too old, or was used before. Those of an app live for 30 seconds: "
        "enter the one that it shows now."
    )
    lasting = True


class StaffNeedsSecondFactor(Forbidden):
    code = "staff_needs_second_factor"
    detail = "Turn a second factor on, then log in with it."


class SecondFactorNotFound(NotFound):
    code = "second_factor_not_found"
    detail = "You have no second factor."


class SecondFactorOn(Conflict):
    code = "second_factor_on"
    detail = "You have a second factor already. Turn it off first."


class SecondFactor(Row, table=True):
    """The authenticator app of a user: its secret, and what of its codes is used up.

    It is on, that is asked for, since it was confirmed: then the app is known to have the secret.
    """

    __tablename__ = "second_factors"

    user_id: UUID = Field(primary_key=True, foreign_key="users.id")
    secret: bytes  # encrypted
    last_step: int = 0
    confirmed_at: datetime | None = moment_field(default=None)

    @property
    def is_on(self) -> bool:
        """Whether it is asked for."""
        return self.confirmed_at is not None

    def replace(self, secret: bytes) -> None:
        """Forgets an app that was never confirmed.

        Raises:
            SecondFactorOn: It was.
        """
        if self.is_on:
            raise SecondFactorOn
        self.secret, self.last_step = secret, 0

    def turn_on(self) -> None:
        """Has it asked for from now on.

        Raises:
            SecondFactorOn: It is already.
        """
        if self.is_on:
            raise SecondFactorOn
        self.confirmed_at = now()

    def use(self, step: int) -> bool:
        """Uses up the code of a step of time, and those of all steps before.

        Returns:
            Whether it was not used up yet.
        """
        if step <= self.last_step:
            return False
        self.last_step = step
        return True


class RecoveryCode(Row, table=True):
    """What can be shown once in place of a code of the app, should that be lost."""

    __tablename__ = "recovery_codes"

    user_id: UUID = Field(
        primary_key=True, foreign_key="second_factors.user_id", ondelete="CASCADE"
    )
    hash: bytes = Field(primary_key=True)


class SecondFactorConfirmation(Input):
    """The proof that the app has the secret."""

    code: Annotated[str, StringConstraints(pattern="^[0-9]{6}$")] = Field(
        description="What the app shows", schema_extra={"examples": ["492039"]}
    )


class SecondFactorSecret(SQLModel):
    """What an authenticator app needs, shown this once."""

    secret: str = Field(
        description="In base32, to be typed",
        schema_extra={"examples": ["5T7WBA3QDS3WPESMZCXNCBPP7ATE25UZ"]},
    )
    uri: str = Field(
        description="The same as a link for the app, or to be shown as a QR code",
        schema_extra={
            "examples": [
                "otpauth://totp/Market:anna?secret=5T7WBA3QDS3WPESMZCXNCBPP7ATE25UZ&issuer=Market"
            ]
        },
    )


class RecoveryCodesPublic(SQLModel):
    """Recovery codes, shown this once."""

    recovery_codes: list[str] = Field(
        schema_extra={"examples": [["4RZQ-XE2H-7LKD-WM3C-TQ5V-N6JB-P4UA"]]}
    )


class SecondFactorPublic(SQLModel):
    """Whether somebody has a second factor."""

    on_since: Moment | None = Field(description="Null if it is off")
    recovery_codes_left: int = Field(schema_extra={"examples": [10]})
