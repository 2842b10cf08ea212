"""Personal data of links."""

from sqlmodel import SQLModel

from app.db.models.fields import Moment
from app.db.models.links import LinkPurpose
from app.db.models.privacy import Holding, Personal, Tier, alike


class LinkExport(SQLModel):
    """A mailed link that was not used yet."""

    purpose: LinkPurpose
    email: str
    created_at: Moment
    expires_at: Moment


HOLDINGS = (
    Holding(
        "links",
        "user_id",
        alike(
            ("purpose", "email", "created_at", "expires_at"),
            Personal(Tier.PRIVATE, "verification of email addresses"),
        ),
        others=("id", "user_id", "session_id"),
        until="it is used, or after a day at most",
    ),
)
