"""The queries of the feed: the events of jobs, newest first, or in the order of the stream."""

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Text, cast, func, join, select, true
from sqlalchemy.orm import aliased

from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.cleanings import Cleaning
from app.db.models.events import Event, FeedItem
from app.db.models.feed import FollowedItem, PositionUnknown
from app.db.models.kinds.cleanings import CleaningEvent
from app.db.models.kinds.hiding import OF_HIDING
from app.db.models.stream import STREAM, Head, Streamed
from app.db.repositories.base import Query, json_object
from app.db.repositories.pages import (
    Page,
    PageQuery,
    PageRequest,
    PageShape,
    fitting,
)
from app.db.repositories.views import CleaningView
from app.postgres.statements import Source, Statement, argument, col, inline

EXAMINED = 500
"""How many positions of the stream a statement examines, at the most."""

AFTER: Any = argument("after", BigInteger())
HEAD = func.coalesce(
    select(col(Head.position)).where(col(Head.name) == inline(STREAM)).scalar_subquery(),
    inline(0),
).label("head")
PUBLIC = (
    col(Event.subject) == inline(CleaningEvent.subject),
    # Hiding is not public.
    col(Event.kind).not_in([inline(kind) for kind in OF_HIDING]),
)
"""The events of the feed, as long as their job is listed."""


def _job_of_event() -> Any:
    # The limit has the job of each event looked up by its id. As long as PostgreSQL has no
    # statistics of the tables, as in a new market, a join may compare all jobs with all events.
    by_id = select(Cleaning).where(col(Cleaning.id) == Event.cleaning_id).correlate(Event).limit(1)
    return aliased(Cleaning, by_id.lateral())


@cache
def _feed(shape: PageShape) -> PageQuery:
    cleaning = _job_of_event()
    view = CleaningView(cleaning)
    return PageQuery(
        select()
        .select_from(view.owner.joined(join(Event, cleaning, true())))
        .where(*PUBLIC, view.listed),
        item=json_object(FeedItem, Event, cleaning=view.json()),
        keys=[col(Event.id)],
        shape=shape,
    )


@cache
def _following(limit: int) -> Query:
    examined = (
        select(col(Streamed.position), col(Streamed.event_id))
        .where(col(Streamed.position) > AFTER)
        .order_by(col(Streamed.position))
        .limit(inline(EXAMINED))
        .subquery("examined")
    )
    cleaning = _job_of_event()
    view = CleaningView(cleaning)
    events = join(examined, Event, col(Event.id) == examined.c.event_id)
    position: ColumnElement[int] = examined.c.position
    item = json_object(FollowedItem, Event, cleaning=view.json(), position=position)
    found = (
        select(cast(item, Text).label("item"), position)
        .select_from(view.owner.joined(join(events, cleaning, true())))
        .where(*PUBLIC, view.listed)
        .order_by(position)
        .limit(inline(limit))
    )
    return Query(select(HEAD), found)


class FollowedPart(NamedTuple):
    """A part of the stream.

    Args:
        items: The items of the feed in it, as JSON.
        position: The last position that was examined.
    """

    items: list[str]
    position: int


class FeedReader:
    """What happened to jobs."""

    _head = Statement(select(HEAD))

    def __init__(self, source: Source) -> None:
        self._source = source

    async def page(self, caller: Bearer, request: PageRequest) -> Page:
        """The events of all visible jobs, newest first.

        The pages contain each event that existed before the first page exactly once: ids are
        ordered by time, and later ones are larger than the keys of all pages.
        """
        return await _feed(request.shape).page(self._source, caller, request)

    @raises(PositionUnknown)
    async def follow(self, caller: Bearer, after: int | None, limit: int) -> FollowedPart:
        """The events of visible jobs behind a position of the stream, in its order.

        The database must be the primary: a standby may be behind.

        Args:
            caller: The caller.
            after: The last position that is known; None for the last one of the stream.
            limit: The largest number of items.
        """
        query = _following(PageRequest(limit).shape.limit)
        rows = await query.run(self._source, caller, after=after)
        head = rows[0]["head"]
        if after is None:
            return FollowedPart([], head)
        if after > head:
            raise PositionUnknown
        found = [row for row in rows[:limit] if row["item"] is not None]
        items = [row["item"] for row in found]
        count = fitting(items) if items else 0
        if count and (count < len(items) or count == limit):
            return FollowedPart(items[:count], found[count - 1]["position"])
        return FollowedPart(items, min(after + EXAMINED, head))

    async def head(self) -> int:
        """The last position of the stream; 0 if it is empty."""
        ((position,),) = await self._head.fetch(self._source)
        return int(position)
