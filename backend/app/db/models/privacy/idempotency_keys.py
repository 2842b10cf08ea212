"""Personal data of idempotency keys."""

from datetime import timedelta

from sqlmodel import SQLModel

from app.db.models.fields import Moment
from app.db.models.idempotency_keys import KEPT_FOR
from app.db.models.privacy import Holding, Personal, Tier, alike


class IdempotencyKeyExport(SQLModel):
    """A request whose response is replayed if it is repeated."""

    used_at: Moment


HOLDINGS = (
    Holding(
        "idempotency_keys",
        "user_id",
        {
            **alike(
                ("hash", "answer"),
                Personal(Tier.INTERNAL, "replay of responses"),
            ),
            "used_at": Personal(Tier.PRIVATE, "replay of responses"),
        },
        others=("user_id", "expires_at"),
        until=f"{KEPT_FOR // timedelta(hours=1)} hours after the request",
    ),
)
