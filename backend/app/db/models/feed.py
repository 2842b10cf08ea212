"""The feed: parameters, and the shape of its answers to followers."""

from typing import Annotated, Literal, Self

import pydantic

from app.core.errors import Conflict
from app.db.models.events import FeedItem
from app.db.models.pages import PageParameters
from app.db.models.stream import LARGEST_POSITION

LONGEST_WAIT = 20  # seconds


class PositionUnknown(Conflict):
    """The stream has no such position."""

    code = "position_unknown"
    detail = "The feed does not reach this position. Read it again from the beginning."


class FeedParameters(PageParameters):
    """The part of the feed to return."""

    after: Annotated[
        Annotated[int, pydantic.Field(ge=0, le=LARGEST_POSITION)] | Literal["latest"] | None,
        pydantic.Field(
            description=(
                "Follows the feed in the order of the commits: returns the events behind this "
                "`position`, oldest first; 0 begins with the first event, `latest` with the next"
            ),
        ),
    ] = None
    wait: Annotated[
        int,
        pydantic.Field(
            ge=0,
            le=LONGEST_WAIT,
            description="With `after`: for how many seconds to wait for an event if there is none",
        ),
    ] = 0

    @pydantic.model_validator(mode="after")
    def _begins_once(self) -> Self:
        if self.after is not None and self.cursor is not None:
            raise ValueError("`after` and `cursor` exclude each other")
        return self


class FollowedItem(FeedItem):
    """An event of a job, with its position in the stream and the present state of the job."""

    position: int


class FollowedFeed(pydantic.BaseModel):
    """Events in the order of the stream."""

    items: list[FollowedItem]
    position: int = pydantic.Field(
        description="The last position that was examined, also if no event of it is shown: the "
        "`after` of the next request"
    )
