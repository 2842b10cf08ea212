"""Personal data of second factors."""

from sqlmodel import SQLModel

from app.db.models.fields import Moment
from app.db.models.privacy import Holding, Personal, Tier, alike


class SecondFactorExport(SQLModel):
    """That one has a second factor."""

    confirmed_at: Moment | None
    removal_due_at: Moment | None


HOLDINGS = (
    Holding(
        "second_factors",
        "user_id",
        {
            **alike(("secret", "last_step"), Personal(Tier.INTERNAL, "to check one-time codes")),
            **alike(
                ("confirmed_at", "removal_due_at"),
                Personal(Tier.PRIVATE, "to see whether one has a second factor, and until when"),
            ),
        },
        others=("user_id", "session_id", "removal_id"),
        until="it is turned off",
    ),
    Holding(
        "recovery_codes",
        "user_id",
        {"hash": Personal(Tier.INTERNAL, "to log in without the second factor")},
        others=("user_id",),
        until="it is used, or replaced",
    ),
)
