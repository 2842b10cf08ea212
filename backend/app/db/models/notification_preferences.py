"""Preferences of notifications: what is listed, what is mailed, and when."""

from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

import pydantic
from pydantic import AfterValidator, BeforeValidator, StringConstraints, model_validator
from sqlalchemy import CheckConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.core.config import known_zones
from app.core.errors import Invalid, NotFound
from app.db.models.fields import Input, omittable, whole_number
from app.db.models.notification_kinds import Group
from app.db.models.versioned import Tagged, Versioned

TIME_OF_DAY = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
DIGEST_HOUR = 8
"""The hour of daily mails by default."""


class UnsubscribeLinkInvalid(NotFound):
    code = "unsubscribe_link_invalid"
    detail = "This link is not one of our mails."


class MailMode(StrEnum):
    """When the notifications of a group are mailed."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    OFF = "off"


MANDATORY = Group.STAFF
"""The group that is always listed and always mailed: acts of the operator on one's own things."""
UNMAILED = Group.SECURITY
"""The group that is always listed and never mailed: each of them repeats a mail of its own."""
DEFAULT_MODES = {group: MailMode.OFF if group is UNMAILED else MailMode.AT_ONCE for group in Group}


def _is_zone(name: str) -> str:
    if name not in known_zones():
        raise ValueError("must be a time zone such as Europe/Berlin")
    return name


TimeOfDay = Annotated[str, StringConstraints(pattern=TIME_OF_DAY)]
"""A local time in hours and minutes, such as 22:00."""
Hour = Annotated[int, pydantic.Field(strict=True, ge=0, le=23), BeforeValidator(whole_number)]
TimeZone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_is_zone)]


class NotificationPreferences(Versioned, table=True):
    """The preferences of a user that differ from the defaults.

    By default, all groups are listed and mailed at once, without quiet hours. Only the groups with
    another choice are stored, so that a new group begins with the defaults.
    """

    __tablename__ = "notification_preferences"
    __table_args__ = (
        CheckConstraint("NOT jsonb_path_exists(app, '$.* ? (@ != false)')", name="app"),
        CheckConstraint(
            """NOT jsonb_path_exists(mail, '$.* ? (@ != "daily" && @ != "off")')""", name="mail"
        ),
        CheckConstraint(
            f"app -> '{MANDATORY}' IS NULL AND mail ->> '{MANDATORY}' IS DISTINCT FROM 'off'",
            name="mandatory",
        ),
        CheckConstraint(
            f"app -> '{UNMAILED}' IS NULL AND mail -> '{UNMAILED}' IS NULL",
            name="unmailed",
        ),
        CheckConstraint(
            f"quiet_from ~ '{TIME_OF_DAY}' AND quiet_until ~ '{TIME_OF_DAY}'"
            " AND quiet_from <> quiet_until OR num_nonnulls(quiet_from, quiet_until) = 0",
            name="quiet",
        ),
        CheckConstraint("digest_hour BETWEEN 0 AND 23", name="digest_hour"),
    )

    user_id: UUID = Field(primary_key=True, foreign_key="users.id")
    app: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    mail: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    time_zone: str | None = None
    quiet_from: str | None = None
    quiet_until: str | None = None
    digest_hour: int = DIGEST_HOUR

    def edit(self, changes: "NotificationPreferencesUpdate") -> bool:
        """Applies changes, and returns whether there were any.

        Raises:
            Invalid: The quiet hours have one end only, or no length.
        """
        values = changes.model_dump(exclude_unset=True, exclude={"app", "mail"})
        app, mail = self.app | (changes.app or {}), self.mail | (changes.mail or {})
        values["app"] = {str(group): listed for group, listed in app.items() if not listed}
        values["mail"] = {
            str(group): mode for group, mode in mail.items() if mode != DEFAULT_MODES[Group(group)]
        }
        quiet_from = values.get("quiet_from", self.quiet_from)
        quiet_until = values.get("quiet_until", self.quiet_until)
        if (quiet_from is None) is not (quiet_until is None):
            raise Invalid("Enter the beginning and the end, or none.", field="quiet_until")
        if quiet_from is not None and quiet_from == quiet_until:
            raise Invalid("Must differ from the beginning.", field="quiet_until")
        return self.take_over(values)

    def stop_mail(self) -> bool:
        """Stops all mail that can be stopped, and returns whether that is a change."""
        stopped = (group for group in Group if group not in {MANDATORY, UNMAILED})
        off = {group.value: MailMode.OFF.value for group in stopped}
        return self.take_over({"mail": {**self.mail, **off}})


class NotificationPreferencesUpdate(Input):
    """Changes of the preferences; groups that are left out keep their choice."""

    app: dict[Group, bool] = omittable(
        description="Whether the notifications of a group are listed",
        schema_extra={"examples": [{"offers": False}]},
    )
    mail: dict[Group, MailMode] = omittable(
        description="When the notifications of a group are mailed",
        schema_extra={"examples": [{"offers": "daily"}]},
    )
    time_zone: TimeZone | None = Field(
        default=None,
        description="A time zone of the IANA database; null for that of the market",
        schema_extra={"examples": ["Europe/Berlin"]},
    )
    quiet_from: TimeOfDay | None = Field(
        default=None,
        description="From when on mails wait, in the time zone; null for no quiet hours",
        schema_extra={"examples": ["22:00"]},
    )
    quiet_until: TimeOfDay | None = Field(
        default=None,
        description="Until when mails wait; before `quiet_from`, on the next day",
        schema_extra={"examples": ["07:00"]},
    )
    digest_hour: Hour = omittable(description="The hour of daily mails, in the time zone")

    @model_validator(mode="after")
    def demand_mandatory(self) -> Self:
        """Refuses choices that a group does not have.

        Raises:
            Invalid: One that is always listed or always mailed would not be, or one that is never
                mailed would be.
        """
        app, mail = self.app or {}, self.mail or {}
        if not app.get(MANDATORY, True):
            raise Invalid("Acts of the operator are always listed.", field="app")
        if not app.get(UNMAILED, True):
            raise Invalid("Notifications of security are always listed.", field="app")
        if mail.get(MANDATORY) is MailMode.OFF:
            raise Invalid("Acts of the operator are always mailed.", field="mail")
        if mail.get(UNMAILED, MailMode.OFF) is not MailMode.OFF:
            raise Invalid("Security has mails of its own, which are always sent.", field="mail")
        return self


class NotificationPreferencesPublic(SQLModel, Tagged):
    """The preferences of the caller, with the defaults of what was never chosen."""

    app: dict[Group, bool] = Field(
        description="Whether the notifications of a group are listed",
        schema_extra={"examples": [dict.fromkeys(Group, True)]},
    )
    mail: dict[Group, MailMode] = Field(
        description="When those of a group are mailed",
        schema_extra={"examples": [DEFAULT_MODES]},
    )
    email_verified: bool = Field(description="Mails are sent to verified addresses only")
    email_refused: bool = Field(
        description="Whether the mailbox has refused mail, so that none is sent to it"
    )
    time_zone: str | None = Field(description="Null for that of the market")
    quiet_from: str | None = Field(description="From when on mails wait; daily ones don't")
    quiet_until: str | None
    digest_hour: int = Field(description="The hour of daily mails")
