"""The route class, which owns the transaction of a request."""

from collections.abc import Callable, Coroutine
from copy import copy
from typing import Any, ClassVar

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from app.core.errors import MarketplaceError
from app.db.models.api_keys import InsufficientScope, SessionNeeded
from app.db.models.idempotency_keys import IdempotencyKeyInUse, IdempotencyKeyReused
from app.http.admission import Conditions, answer_admitted, media_type_of
from app.http.bodies import ANSWER_SECONDS, OF_MEMBERS, OF_STRANGERS, once_more
from app.http.exports import EXPORT_SECONDS
from app.http.fastpath.signatures import (
    Signature,
    around,
    needs_login,
    only_checked,
    overrides_provider,
    repeatable,
)
from app.http.idempotency_keys import answer_once, answer_refusal, read_key
from app.http.parsing import BoundedRequest
from app.http.problems import WITH_BODY, describe
from app.http.scopes import key_will_do, scope_needed
from app.postgres.faults import Contradiction, OutcomeUnknown
from app.postgres.transactions import Transaction

PREFIX = "/api/v1"
"""The beginning of every path of the API."""
CONCRETE_PATHS: set[str] = set()
"""The paths of all routes that have no parameters."""
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
READING = {"GET", "HEAD", "OPTIONS"}
WHEN_WRITING = (OutcomeUnknown, Contradiction)
"""The errors that any change may end in."""


class TransactionalRoute(APIRoute):
    """A route that writes in a transaction, which is committed before the response is sent.

    The whole unit of work, dependencies included, is retried after a deadlock, a serialization
    failure, or a connection that was lost before the commit. Reading routes have no transaction. A
    POST with an idempotency key is carried out only once.
    """

    answer_seconds: ClassVar[float] = ANSWER_SECONDS
    """How long a client may take to read the answer."""
    tells_secrets: ClassVar[bool] = False
    """Whether responses hold secrets: those are not stored for idempotency keys."""
    on_fast_path: ClassVar[bool] = True
    """Whether the fast path calls the endpoint; otherwise FastAPI does."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self.takes_keys = options["methods"] == ["POST"] and not self.tells_secrets
        if self.takes_keys:
            options["dependencies"] = [*(options.get("dependencies") or ()), Depends(read_key)]
        super().__init__(path, endpoint, **options)
        if self.takes_keys:
            describe(self.responses, IdempotencyKeyInUse, IdempotencyKeyReused)
        if "{" not in path:
            CONCRETE_PATHS.add(self.path)
        self.needed_scope = scope_needed(self.tags, reads=self.reads)
        if self.body_field:
            describe(self.responses, *WITH_BODY)
        if self.writes:
            describe(self.responses, *WHEN_WRITING)
        if self.needs_login:
            describe(self.responses, InsufficientScope if self.needed_scope else SessionNeeded)
            if self.needed_scope:
                extra = key_will_do(self.needed_scope)
                self.openapi_extra = (self.openapi_extra or {}) | extra

    @property
    def reads(self) -> bool:
        """Whether its methods are safe (RFC 9110, 9.2.1)."""
        return set(self.methods or ()) <= READING

    @property
    def needs_login(self) -> bool:
        """Whether it asks who the caller is."""
        return needs_login(self.dependant)

    @property
    def conditions(self) -> Conditions:
        """What a request must meet before the endpoint is called."""
        body_limit = OF_MEMBERS if self.needs_login else OF_STRANGERS
        return Conditions(self.needs_login, media_type_of(self), body_limit, self.answer_seconds)

    @property
    def writes(self) -> bool:
        """Whether it works in a transaction."""
        return not self.reads

    @property
    def called(self) -> Signature:
        """The endpoint, with the steps for idempotency keys around it if it takes any."""
        return around(self.dependant, answer_once) if self.takes_keys else self.dependant

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the path and the method of a request are those of this route."""
        path = scope["path"]
        if path.endswith("\n") and not self.path.endswith("}"):
            return Match.NONE, {}  # the `$` of FastAPI's patterns matches before a line feed, too
        if "{" in self.path and path.removeprefix(PREFIX) in CONCRETE_PATHS:
            return Match.NONE, {}  # concrete paths take precedence (OpenAPI 3.1, 4.8.8.1)
        match, found = super().matches(scope)
        if match is not Match.NONE:
            found["path_template"] = PREFIX + self.path
        return match, found

    def get_route_handler(self) -> Handler:
        """Makes two handlers of FastAPI, and wraps them.

        FastAPI calls dependencies before it validates the arguments of the endpoint itself. So a
        second handler validates all of them first, without any dependency that uses the database.
        Both parse the request within the same bounds as the fast path.
        """
        check = self._handler_of(only_checked(self.dependant))
        handle = self.in_transaction(self._handler_of(self.called))
        conditions, names = self.conditions, repeatable(self.dependant)

        async def handle_valid(request: Request) -> Response:
            body = request.scope["state"].get("body")
            receive = request.receive if body is None else once_more(body, request.receive)
            bounded = BoundedRequest(request.scope, receive, names)
            if not request.app.dependency_overrides:  # the check does not know their arguments
                await check(bounded)
            return await handle(bounded)

        async def handle_admitted(request: Request) -> Response:
            if "admitted" in request.scope["state"]:  # by the dispatcher
                return await handle_valid(request)
            return await answer_admitted(request, conditions, handle_valid)

        return handle_admitted

    def _handler_of(self, dependant: Signature) -> Handler:
        route = copy(self)
        route.dependant = dependant
        route.dependency_overrides_provider = overrides_provider()
        return APIRoute.get_route_handler(route)

    def in_transaction(self, handle: Handler) -> Handler:
        """The same handler, in a transaction if the route is one that writes."""
        if not self.writes:
            return handle

        async def handle_in_transaction(request: Request) -> Response:
            async def work(transaction: Transaction) -> Response:
                request.state.transaction = transaction
                return await handle(request)

            try:
                response: Response = await request.app.state.database.run(work)
            except MarketplaceError as error:
                return await answer_refusal(request, error)
            return response

        return handle_in_transaction


class SecretRoute(TransactionalRoute):
    """A route whose responses hold secrets, such as tokens: it takes no idempotency keys."""

    tells_secrets = True


class RecordedRoute(TransactionalRoute):
    """A route whose use is recorded in the audit, so that it writes even if it only reads."""

    @property
    def writes(self) -> bool:
        """Always true."""
        return True


class BulkRoute(RecordedRoute):
    """A recorded route whose response may be very large."""

    answer_seconds = EXPORT_SECONDS
