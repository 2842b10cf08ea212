"""Personal data of known devices."""

from sqlmodel import SQLModel

from app.db.models.fields import Moment
from app.db.models.privacy import Holding, Personal, Tier
from app.db.models.sessions import REMEMBERED_FOR


class KnownDeviceExport(SQLModel):
    """A device with which one has logged in; which one, nobody can tell."""

    used_at: Moment


HOLDINGS = (
    Holding(
        "known_devices",
        "user_id",
        {
            "device_hash": Personal(Tier.INTERNAL, "to be told of logins with other devices"),
            "used_at": Personal(Tier.PRIVATE, "to be told of logins with other devices"),
        },
        others=("user_id",),
        until=f"it has not been used for {REMEMBERED_FOR.days} days",
    ),
)
