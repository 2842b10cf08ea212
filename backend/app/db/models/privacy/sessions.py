"""Personal data of sessions."""

from sqlmodel import SQLModel

from app.db.models.fields import Moment
from app.db.models.privacy import Holding, Personal, Tier, alike
from app.db.models.sessions import REMEMBERED_FOR, SessionPublic


class SessionExport(SessionPublic):
    """A place where one is logged in, or a program that acts for one."""

    authenticated_at: Moment
    second_factor: bool


class KnownAddressExport(SQLModel):
    """A place from where one has logged in; which one, nobody can tell."""

    used_at: Moment


HOLDINGS = (
    Holding(
        "sessions",
        "user_id",
        alike(
            (
                *("device", "address", "second_factor", "created_at", "authenticated_at"),
                *("refreshed_at", "expires_at"),
            ),
            Personal(Tier.PRIVATE, "to see where one is logged in"),
        ),
        others=("id", "user_id"),
        until="it ends",
    ),
    Holding(
        "refresh_tokens",
        "session_id",
        alike(
            ("hash", "predecessor", "issued_at", "used_at"),
            Personal(Tier.INTERNAL, "to stay logged in, and to notice theft"),
        ),
        others=("session_id",),
        until="its session ends",
    ),
    Holding(
        "known_addresses",
        "user_id",
        {
            "address_hash": Personal(Tier.INTERNAL, "to log in while others try to"),
            "used_at": Personal(Tier.PRIVATE, "to log in while others try to"),
        },
        others=("user_id",),
        until=f"it has not been used for {REMEMBERED_FOR.days} days",
    ),
)
