"""The feed of events of jobs."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.dependencies.authentication import Token
from app.api.dependencies.feed import FeedFollowers, FeedReader
from app.db.models.events import FeedItem
from app.db.models.feed import FeedParameters, FollowedFeed
from app.db.models.pages import PagePublic
from app.http.following import Followers, followed_response
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.transactions import TransactionalRoute

TAG = Tag("feed", "Events of jobs")

router = APIRouter(prefix="/feed", tags=[TAG.name], route_class=TransactionalRoute)


@router.get(
    "/cleanings",
    summary="Feed of jobs",
    response_model=PagePublic[FeedItem] | FollowedFeed,
    responses=problems(Followers.follow),
)
async def read_feed(
    parameters: Annotated[FeedParameters, Query()],
    request: Request,
    caller: Token,
    feed: FeedReader,
    followers: FeedFollowers,
    listing: ListingOf,
) -> Response:
    """Jobs as they are posted, edited, booked, completed and cancelled.

    Without `after`, newest first: following `next_cursor` returns each event before the first page
    once. With `after`, oldest first, in the order of the commits: sending the `position` of each
    response as the next `after` returns each event once. With `wait`, the response comes as soon as
    there is an event, or after so many seconds.
    """
    if parameters.after is None:
        return listing.answer(await feed.page(caller, listing.part(parameters)))
    return followed_response(await followers.follow(request, caller, parameters))
