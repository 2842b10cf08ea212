"""Parameters and response shape of lists."""

from typing import Annotated, Generic, TypeVar

import pydantic
from sqlmodel import Field

from app.db.models.fields import Input

ItemShape = TypeVar("ItemShape")


class PageParameters(Input):
    """The page of a list to return."""

    cursor: str | None = Field(
        default=None, max_length=1000, description="The `next_cursor` of the previous page"
    )
    limit: Annotated[
        int,
        pydantic.Field(
            ge=1,
            le=100,
            description=(
                "The largest number of items of a page. A page has fewer if they would exceed 128 "
                "KiB: only `next_cursor` shows whether more follow."
            ),
        ),
    ] = 20


class PagePublic(pydantic.BaseModel, Generic[ItemShape]):
    """A page of a list."""

    items: list[ItemShape]
    next_cursor: str | None = pydantic.Field(
        description="The cursor of the next page; null at the end"
    )
