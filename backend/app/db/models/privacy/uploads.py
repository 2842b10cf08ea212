"""Personal data of uploads."""

from app.db.models.privacy import Holding, Personal, Tier, alike
from app.db.models.uploads import UploadFields

PHOTO = "photo of a job, a package, a message or a profile"


class UploadExport(UploadFields):
    """An upload of the user."""


HOLDINGS = (
    Holding(
        "uploads",
        "user_id",
        {
            **alike(("large", "small", "width", "height"), Personal(Tier.PUBLIC, PHOTO)),
            "original": Personal(Tier.INTERNAL, "file until it is processed"),
            "media_type": Personal(Tier.INTERNAL, "type of that file"),
            "created_at": Personal(Tier.PRIVATE, "time of the upload"),
        },
        others=(
            *("id", "user_id", "state", "reason", "cleaning_id", "package_id", "of_profile"),
            *("message_cleaning_id", "message_cleaner_id", "message_number"),
            *("place", "expires_at", "hidden_at", "updated_at", "version"),
        ),
    ),
)
