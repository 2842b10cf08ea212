"""What is done when more is asked for than can be done."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import Unavailable
from app.http.middleware import API, request_id_of, safety
from app.http.problems import problem
from app.postgres.pool import TOO_MANY, FairPool

if TYPE_CHECKING:
    from app.http.metrics import RequestMetrics


class Share:
    """A part of what the service can do at a time, for requests of one kind.

    Args:
        places: How many of them may be handled at a time.
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


class CrowdMiddleware:
    """Refuses what is asked of the API while too many wait for the database already.

    It stands before all that takes time, even before the log: to refuse somebody costs a fifth of
    what it costs to post a job, so that those who were let in suffer little from the others.

    Args:
        app: What handles the others.
        metrics: Where refusals are counted, if anywhere.
        cors: Lets pages of other origins read the refusals, if any may.
    """

    def __init__(
        self,
        app: ASGIApp,
        metrics: "RequestMetrics | None",
        cors: Callable[[ASGIApp], ASGIApp] | None,
    ) -> None:
        self.app, self._metrics = app, metrics
        self._refusal: ASGIApp = cors(refusal) if cors else refusal

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Handles one connection."""
        if scope["type"] == "http" and self._is_crowded(scope):
            return self._refuse(scope, receive, send)
        return self.app(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._metrics:
            self._metrics.answered(scope["method"], None, 503, Unavailable.code, 0.0)
        request_id = request_id_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_in_envelope(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                headers.append((b"x-request-id", request_id.encode()))
                headers += safety(scope, headers)
            await send(message)

        await self._refusal(scope, receive, send_in_envelope)

    def _is_crowded(self, scope: Scope) -> bool:
        pool: FairPool | None = getattr(scope["app"].state, "pool", None)
        return pool is not None and pool.is_crowded and scope["path"].startswith(API)


async def refusal(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuses a request for now."""
    headers = {"Retry-After": str(Unavailable.retry_after)}
    response = problem(Request(scope), 503, Unavailable.code, Unavailable.detail, headers)
    await response(scope, receive, send)
