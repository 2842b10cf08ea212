"""Lookup of users by username or id."""

from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, func, select

from app.core.names import text_key
from app.db.models.users import User
from app.postgres.statements import col, optional

PERSON_ID = func.coalesce(
    optional("person_id", Uuid()),
    select(col(User.id))
    .where(col(User.username_key) == optional("username_key", Text()))
    .scalar_subquery(),
)
"""The id of a named user; `person` makes its arguments."""

LONGEST_USERNAME = 32


def person(named: str) -> dict[str, Any]:
    """The arguments of `PERSON_ID`.

    Args:
        named: A username, or the public id of a person, which is longer than any username.
    """
    if len(named) > LONGEST_USERNAME:
        return {"person_id": UUID(named)}
    return {"username_key": text_key(named)}
