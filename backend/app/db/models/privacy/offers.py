"""Personal data of offers."""

from uuid import UUID

from app.db.models.fields import Moment
from app.db.models.offers import OfferBase
from app.db.models.privacy import RECORD_KEPT, Holding, Personal, Tier, alike
from app.db.models.states.offers import OfferStatus


class OfferExport(OfferBase):
    """An offer of the user."""

    id: UUID
    cleaning_id: UUID
    currency: str
    status: OfferStatus
    terms_revision: int
    created_at: Moment
    updated_at: Moment
    hidden_at: Moment | None


HOLDINGS = (
    Holding(
        "offers",
        "cleaner_id",
        {
            "message": Personal(Tier.PARTICIPANT, "content of the offer"),
            **alike(
                ("price", "currency"),
                Personal(Tier.PARTICIPANT, "content of the offer", RECORD_KEPT),
            ),
        },
        others=(
            *("cleaning_id", "id", "cleaner_id", "status", "terms_revision", "version"),
            *("created_at", "updated_at", "hidden_at"),
        ),
    ),
)
