"""The stream by which open pages learn that something has changed for their user."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.db.repositories.viewers import ViewerReader
from app.http.event_streams import event
from app.http.streaming import Streams
from app.web.answering import answer
from app.web.sites import Site
from app.web.visits import Visit

PATH = "/live"


class Changes:
    """What a stream tells: the `news` of its user, at first and whenever they have changed.

    Args:
        visit: The request.
    """

    def __init__(self, visit: Visit) -> None:
        self._caller, self._safeguards = visit.caller, visit.safeguards
        self._viewers = ViewerReader(visit.outside)  # on the primary: a standby may be behind
        self._told = ""

    async def __call__(self) -> bytes:
        """The event if there is one.

        Raises:
            Unauthenticated: The session has ended.
        """
        since = self._safeguards.lifetimes.recent_since
        news = (await self._viewers.viewer(self._caller, since)).news
        if news == self._told:
            return b""
        self._told = news
        return event("changed", news)


def live_route(site: Site) -> Route:
    """The route of the stream.

    Args:
        site: The market.
    """

    async def open_stream(visit: Visit) -> Response:
        streams: Streams = visit.request.app.state.streams
        headers_only = visit.request.state.method == "HEAD"
        stream = await streams.stream(visit.caller, Changes(visit), headers_only=headers_only)
        stream.headers["Cache-Control"] = "no-store"
        return stream

    async def endpoint(request: Request) -> Response:
        request.scope["path_template"] = PATH
        return await answer(request, site, open_stream)

    return Route(PATH, endpoint)
