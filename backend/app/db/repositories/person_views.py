"""Users as visible to the caller."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy
from pydantic import BaseModel
from sqlalchemy import (
    ColumnElement,
    Float,
    and_,
    case,
    func,
    join,
    literal_column,
    or_,
)
from sqlalchemy.orm import aliased

from app.db.models.bookings import Role
from app.db.models.evaluations import Rating
from app.db.models.privacy import Tier
from app.db.models.profiles import Profile, ProfilePublic, ProfileRated, RatingSummary
from app.db.models.register import tier_of
from app.db.models.users import User
from app.db.repositories.base import CALLER_ID, json_object
from app.postgres.statements import col, inline

EVERYONE: Mapping[Tier, ColumnElement[bool] | None] = {Tier.OPEN: None, Tier.PUBLIC: None}
"""The visibility for all users."""

ONESELF: Mapping[Tier, ColumnElement[bool] | None] = {
    **EVERYONE,
    Tier.PARTICIPANT: None,
    Tier.PRIVATE: None,
}
"""The visibility for the user, and for staff."""


def shown(
    shape: type[BaseModel],
    *sources: Any,
    to: Mapping[Tier, ColumnElement[bool] | None],
    **given: ColumnElement[Any],
) -> ColumnElement[Any]:
    """A user as JSON, with the visibility of each field by the register.

    Args:
        shape: The model of the response.
        sources: The table classes with its fields, or aliases of them, by precedence.
        to: The visible tiers, with their conditions.
        given: The values of other fields.

    Raises:
        KeyError: A field is of an invisible tier.
    """
    for name in shape.model_fields.keys() - given.keys():
        source = next(source for source in sources if hasattr(source, name))
        table: Any = sqlalchemy.inspect(source).mapper.local_table
        condition, column = to[tier_of(table.name, name)], col(getattr(source, name))
        given[name] = column if condition is None else case((condition, column))
    return json_object(shape, **given)


class Person:
    """A user who takes part in something, to be joined into a statement.

    Args:
        user_id: The column that says who it is.
        role: The role they have there; with it, they are shown with their rating in it.
        optional: Whether there may be no such person; they are shown as null then.
    """

    def __init__(self, user_id: Any, role: Role | None = None, *, optional: bool = False) -> None:
        self.user, self._profile = aliased(User), aliased(Profile)
        self._user_id, self._rating, self._role = user_id, aliased(Rating), role
        self._optional = optional

    def joined(self, source: Any) -> Any:
        """The source with the person's tables joined to it."""
        for table, key in ((self.user, self.user.id), (self._profile, self._profile.user_id)):
            source = join(source, table, col(key) == self._user_id, isouter=self._optional)
        if self._role is None:
            return source
        return source.outerjoin(
            self._rating,
            and_(
                col(self._rating.user_id) == self._user_id,
                col(self._rating.role) == inline(self._role),
            ),
        )

    @property
    def json(self) -> ColumnElement[Any]:
        """The person as JSON.

        The profile of a blocked account is hidden, and to visitors one that is not public: its
        fields are null.
        """
        shape = ProfilePublic if self._role is None else ProfileRated
        given: dict[str, ColumnElement[Any]] = {
            name: col(getattr(self.user, name))
            for name in shape.model_fields.keys() & User.model_fields.keys()
        }
        if self._role is not None:
            given["rating"] = json_object(
                RatingSummary,
                average=rounded(col(self._rating.average)),
                total=func.coalesce(col(self._rating.total), inline(0)),
            )
        is_seen = and_(col(self.user.blocked_at).is_(None), is_open(self._profile))
        person = shown(shape, self._profile, to={Tier.OPEN: is_seen}, **given)
        return case((self._user_id.is_not(None), person)) if self._optional else person


HAS_PROFILE = (
    col(User.blocked_at).is_(None),
    col(User.deleted_at).is_(None),
    col(User.pending_until).is_(None),
)
"""The conditions under which the profile of an account exists for others."""


def is_open(profile: Any) -> ColumnElement[bool]:
    """Whether a profile is visible to the caller, who may be a visitor.

    Args:
        profile: The table class of the profiles, or an alias of it.
    """
    return or_(CALLER_ID.is_not(None), col(profile.is_public))


def rounded(average: ColumnElement[float | None]) -> ColumnElement[Any]:
    """An average with two decimal places; halves are rounded up, as in ``round(numeric, 2)``.

    The conversion to ``numeric`` and back would take 1.4 microseconds, this takes 0.1. What is
    added beyond a half makes up for halves that a binary fraction just misses. All other averages
    of up to a million evaluations are further below a half.
    """
    hundredths = func.floor(average * literal_column("100") + literal_column("0.50000001"))
    return sqlalchemy.type_coerce(hundredths / literal_column("100"), Float)
