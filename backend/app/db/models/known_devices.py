"""Devices of earlier logins: a login with another one is reported by mail."""

import re
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from app.db.models.fields import moment_field, now
from app.postgres.rows import Row

VERSIONS = re.compile(r"[0-9][0-9._]*")


class KnownDevice(Row, table=True):
    """A kind of device of an earlier login."""

    __tablename__ = "known_devices"
    __table_args__ = (
        Index("ix_known_devices_used_at", "used_at"),  # to delete those out of use
    )

    user_id: UUID = Field(primary_key=True, foreign_key="users.id")
    device_hash: bytes = Field(primary_key=True)
    used_at: datetime = moment_field(default_factory=now)


def kind_of(device: str | None) -> str:
    """The name of a program without versions, so that an update makes no new device.

    Args:
        device: The User-Agent of the program; None if it sends none.
    """
    return VERSIONS.sub("", device or "")
