"""Personal data of sessions."""

from sqlmodel import SQLModel

from app.db.models.fields import Moment
from app.db.models.privacy import Holding, Personal, Tier, alike
from app.db.models.sessions import REMEMBERED_FOR, SessionPublic


class SessionExport(SessionPublic):
    """A session of the user or of a program with an API key."""

    authenticated_at: Moment
    second_factor: bool


class KnownAddressExport(SQLModel):
    """An address of an earlier login, as a keyed hash."""

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
            Personal(Tier.PRIVATE, "list of own sessions"),
        )
        | {"cookie_hash": Personal(Tier.INTERNAL, "login to the pages")},
        others=("id", "user_id"),
        until="it ends",
    ),
    Holding(
        "refresh_tokens",
        "session_id",
        alike(
            ("hash", "predecessor", "issued_at", "used_at"),
            Personal(Tier.INTERNAL, "refresh of the session, detection of theft"),
        ),
        others=("session_id",),
        until="its session ends",
    ),
    Holding(
        "known_addresses",
        "user_id",
        {
            "address_hash": Personal(Tier.INTERNAL, "login during an attack on the account"),
            "used_at": Personal(Tier.PRIVATE, "login during an attack on the account"),
        },
        others=("user_id",),
        until=f"unused for {REMEMBERED_FOR.days} days",
    ),
)
