"""Personal data of suppressions."""

from sqlmodel import SQLModel

from app.db.models.fields import Moment
from app.db.models.privacy import Holding, Personal, Tier
from app.db.models.suppressions import SUPPRESSED_FOR


class SuppressionExport(SQLModel):
    """When the mailbox of the account has refused mail."""

    created_at: Moment


HOLDINGS = (
    Holding(
        "suppressions",
        "user_id",
        {"created_at": Personal(Tier.PRIVATE, "no further mail to a mailbox that refuses it")},
        others=("user_id",),
        until=f"the address is confirmed again or replaced, or after {SUPPRESSED_FOR.days} days",
    ),
)
