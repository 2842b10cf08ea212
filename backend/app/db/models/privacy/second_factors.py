"""Personal data of second factors."""

from sqlmodel import SQLModel

from app.db.models.fields import Moment
from app.db.models.privacy import Holding, Personal, Tier, alike


class SecondFactorExport(SQLModel):
    """The second factor."""

    confirmed_at: Moment | None
    removal_due_at: Moment | None


HOLDINGS = (
    Holding(
        "second_factors",
        "user_id",
        {
            **alike(("secret", "last_step"), Personal(Tier.INTERNAL, "verification of codes")),
            **alike(
                ("confirmed_at", "removal_due_at"),
                Personal(Tier.PRIVATE, "state of the second factor"),
            ),
        },
        others=("user_id", "session_id", "removal_id"),
        until="it is turned off",
    ),
    Holding(
        "recovery_codes",
        "user_id",
        {"hash": Personal(Tier.INTERNAL, "login without the authenticator app")},
        others=("user_id",),
        until="it is used, or replaced",
    ),
)
