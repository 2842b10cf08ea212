"""Parameters and response shape of lists."""

from enum import StrEnum
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


class Hint(StrEnum):
    """The reason why a search has found nothing."""

    ONLY_STOP_WORDS = "only_stop_words"
    NOTHING_FOUND = "nothing_found"


class PagePublic(pydantic.BaseModel, Generic[ItemShape]):
    """A page of a list."""

    items: list[ItemShape]
    next_cursor: str | None = pydantic.Field(
        description="The cursor of the next page; null at the end"
    )


class SearchPagePublic(PagePublic[ItemShape], Generic[ItemShape]):
    """A page of a list that can be searched."""

    hint: Hint | None = pydantic.Field(
        description="Why the words of `q` have found nothing: `only_stop_words` if `q` has none to "
        "search for, but only punctuation or words such as *the* or *it*, `nothing_found` if "
        "nothing has them and matches the other filters. Otherwise null"
    )
