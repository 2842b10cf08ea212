"""Lists: what they are asked with, and the shape they are answered in."""

from typing import Annotated, Generic, TypeVar

import pydantic
from sqlmodel import Field

from app.db.models.fields import Input

ItemShape = TypeVar("ItemShape")


class PageParameters(Input):
    """Which part of a list is wanted."""

    cursor: str | None = Field(
        default=None, max_length=1000, description="The `next_cursor` of the page before"
    )
    limit: Annotated[
        int,
        pydantic.Field(
            ge=1,
            le=100,
            description=(
                "How many items a page has at the most. It has fewer where they would take more "
                "than 128 KiB, so that only `next_cursor` tells whether others follow."
            ),
        ),
    ] = 20


class PagePublic(pydantic.BaseModel, Generic[ItemShape]):
    """A part of a list."""

    items: list[ItemShape]
    next_cursor: str | None = pydantic.Field(
        description="Asks for the following part; null at the end"
    )
