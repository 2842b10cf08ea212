"""Personal data of profiles."""

from app.db.models.fields import Moment
from app.db.models.photos import Photo
from app.db.models.privacy import LOG_KEPT, Holding, Personal, Tier, alike
from app.db.models.profiles import Profile, ProfileBase
from app.postgres.statements import col


class ProfileExport(ProfileBase):
    """The profile."""

    phone_number: str | None
    is_public: bool
    picture: Photo | None
    created_at: Moment
    updated_at: Moment


HOLDINGS = (
    Holding(
        "profiles",
        "user_id",
        {
            **alike(
                ("full_name", "bio", "image", "picture"), Personal(Tier.OPEN, "public profile")
            ),
            "full_name_key": Personal(Tier.INTERNAL, "search by name"),
            "phone_number": Personal(Tier.PARTICIPANT, "contact by telephone"),
            "is_public": Personal(Tier.PRIVATE, "visibility of the profile"),
            "updated_at": Personal(Tier.PUBLIC, "date of the profile", LOG_KEPT),
            "created_at": Personal(Tier.PRIVATE, "date of the profile", LOG_KEPT),
        },
        others=("user_id", "version"),
        erased={"is_public": col(Profile.is_public).is_(False)},
    ),
)
