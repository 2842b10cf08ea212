"""The feed of events of jobs."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.dependencies.authentication import Token
from app.api.dependencies.feed import FeedReader
from app.db.models.events import FeedItem
from app.db.models.pages import PageParameters, PagePublic
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.transactions import TransactionalRoute

TAG = Tag("feed", "Events of jobs")

router = APIRouter(prefix="/feed", tags=[TAG.name], route_class=TransactionalRoute)


@router.get(
    "/cleanings",
    summary="Feed of jobs",
    response_model=PagePublic[FeedItem],
    responses=problems(),
)
async def read_feed(
    parameters: Annotated[PageParameters, Query()],
    caller: Token,
    feed: FeedReader,
    listing: ListingOf,
) -> Response:
    """Jobs as they are posted, edited, booked, completed and cancelled; newest first.

    Following `next_cursor` returns each event before the first page once.
    """
    return listing.answer(await feed.page(caller, listing.part(parameters)))
