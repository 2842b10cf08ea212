"""Profiles of users."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index, false
from sqlmodel import Field, SQLModel

from app.core.errors import NotFound
from app.core.names import text_key
from app.db.models.fields import (
    FullName,
    ImageUrl,
    Input,
    LongText,
    Moment,
    PhoneNumber,
    Username,
    key_field,
    omittable,
)
from app.db.models.photos import Photo, picture_field
from app.db.models.versioned import Tagged, Versioned


class ProfileNotFound(NotFound):
    code = "profile_not_found"
    detail = "User not found."


class ProfileBase(SQLModel):
    """The public fields of a profile."""

    full_name: FullName | None = Field(default=None, schema_extra={"examples": ["Anna Ark"]})
    bio: LongText | None = Field(default=None, schema_extra={"examples": ["Windows are my joy."]})
    image: ImageUrl | None = Field(
        default=None,
        description="The address of a picture elsewhere. Pages show the uploaded `picture` only",
        schema_extra={"examples": ["https://example.com/anna.jpg"]},
    )


class Profile(ProfileBase, Versioned, table=True):
    """The profile of a user; it is created with the account."""

    __tablename__ = "profiles"
    __table_args__ = (Index("ix_profiles_full_name_key", "full_name_key"),)  # by how it begins

    user_id: UUID = Field(primary_key=True, foreign_key="users.id")
    full_name_key: str | None = key_field(default=None)
    phone_number: str | None = None
    is_public: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    picture: dict[str, Any] | None = picture_field()

    def keyed(self) -> dict[str, Any]:
        """The comparison key of the full name."""
        return {"full_name_key": None if self.full_name is None else text_key(self.full_name)}

    def edit(self, changes: "ProfileUpdate") -> bool:
        """Applies changes, and returns whether there were any."""
        return self.take_over(changes.model_dump(exclude_unset=True))

    def anonymise(self) -> None:
        """Erases the content of the profile."""
        erased = dict.fromkeys((*ProfileUpdate.model_fields, "picture"))
        self.take_over(erased | {"is_public": False})


class ProfileUpdate(Input, ProfileBase):
    """Changes of one's profile; null empties a field."""

    phone_number: PhoneNumber | None = Field(
        default=None, schema_extra={"examples": ["+4915112345678"]}
    )
    is_public: bool = omittable(
        description="Whether visitors who are not logged in may see the profile on its page"
    )


class ProfilePublic(ProfileBase):
    """A user as all users see them; the profile fields of blocked accounts are null."""

    id: UUID = Field(description="Stays the same when the username changes")
    username: Username
    picture: Photo | None = Field(description="The picture that they have uploaded")


class RatingSummary(SQLModel):
    """The rating of a user in one role."""

    average: float | None = Field(
        description="1 to 5 stars, with two decimal places; null without an evaluation"
    )
    total: int = Field(description="The number of evaluations")


class ProfileRated(ProfilePublic):
    """A user as all users see them, with their rating in their present role."""

    rating: RatingSummary


class ProfileDetail(ProfilePublic, Tagged):
    """A user as the caller may see them."""

    email: str | None = Field(
        description="Shown to oneself, and to the other side of a booking that is scheduled or was "
        "completed within 14 days"
    )
    phone_number: str | None = Field(
        description="Shown to oneself, and to the other side of a booking that is scheduled or was "
        "completed within 14 days"
    )
    is_public: bool | None = Field(
        description="Whether visitors who are not logged in may see the profile on its page; shown "
        "to oneself"
    )
    updated_at: Moment
