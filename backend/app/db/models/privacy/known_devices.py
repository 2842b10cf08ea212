"""Personal data of known devices."""

from sqlmodel import SQLModel

from app.db.models.fields import Moment
from app.db.models.privacy import Holding, Personal, Tier
from app.db.models.sessions import REMEMBERED_FOR


class KnownDeviceExport(SQLModel):
    """A device of an earlier login, as a keyed hash."""

    used_at: Moment


HOLDINGS = (
    Holding(
        "known_devices",
        "user_id",
        {
            "device_hash": Personal(Tier.INTERNAL, "notices of logins with new devices"),
            "used_at": Personal(Tier.PRIVATE, "notices of logins with new devices"),
        },
        others=("user_id",),
        until=f"unused for {REMEMBERED_FOR.days} days",
    ),
)
