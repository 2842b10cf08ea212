"""Load shedding: requests beyond the capacity are refused at once."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import Unavailable
from app.http.clients import wants_page
from app.http.documentation import DOCS, FILES, OPENAPI, REDOC
from app.http.errors import problem_of
from app.http.middleware import PROBES, add_common_headers, request_id_of
from app.postgres.pool import TOO_MANY, FairPool

if TYPE_CHECKING:
    from app.http.metrics import RequestMetrics

WITHOUT_DATABASE = (
    *sorted(PROBES),
    *(DOCS, REDOC, OPENAPI, f"{FILES}/"),
    *("/static/", "/robots.txt", "/manifest.webmanifest", "/service-worker.js"),
)
"""The beginnings of the paths whose requests wait for no connection, or ask whether one is left."""


class Share:
    """A limit for the requests of one kind that are handled at the same time.

    Args:
        places: The limit.
    """

    def __init__(self, places: int) -> None:
        self._places, self._taken = places, 0

    def __enter__(self) -> None:
        """Takes a place.

        Raises:
            Unavailable: None is left.
        """
        if self._taken >= self._places:
            raise Unavailable(TOO_MANY)
        self._taken += 1

    def __exit__(self, *_: object) -> None:
        """Gives it back."""
        self._taken -= 1


class LoadSheddingMiddleware:
    """Refuses requests that need the database while the queue for its connections is full.

    Browsers that open a page get a page, all others a problem. It comes before everything that
    takes time, even before the access log: a refusal costs a fifth of posting a job, so that the
    admitted requests are slowed down little.

    Args:
        app: Handles the admitted requests.
        metrics: Counts refusals; None if metrics are off.
        cors: Adds the CORS headers to refusals; None if no other origins are allowed.
        page: Makes the page of a refusal.
    """

    def __init__(
        self,
        app: ASGIApp,
        metrics: "RequestMetrics | None",
        cors: Callable[[ASGIApp], ASGIApp] | None,
        page: Callable[[Request], Response],
    ) -> None:
        self.app, self._metrics, self._page = app, metrics, page
        self._refusal: ASGIApp = cors(self._answer) if cors else self._answer

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Handles one connection."""
        if scope["type"] == "http" and self._is_overloaded(scope):
            return self._refuse(scope, receive, send)
        return self.app(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._metrics:
            self._metrics.answered(scope["method"], None, 503, Unavailable.code, 0.0)
        request_id = request_id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_in_envelope(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_common_headers(scope, message["headers"], request_id)
            await send(message)

        await self._refusal(scope, receive, send_in_envelope)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses a request for now, without a line of the log."""
        request = Request(scope)
        if wants_page(request):
            response = self._page(request)
        else:
            response = problem_of(request, Unavailable())
        await response(scope, receive, send)

    def _is_overloaded(self, scope: Scope) -> bool:
        pool: FairPool | None = getattr(scope["app"].state, "pool", None)
        return (
            pool is not None and pool.is_crowded and not scope["path"].startswith(WITHOUT_DATABASE)
        )
