"""Idempotency-Key: a request that is sent again is answered again, but nothing more is done.

Whoever gets no answer can't know whether anything was done; with a key they may simply ask once
more (draft-ietf-httpapi-idempotency-key-header).
"""

import inspect
from collections.abc import Awaitable, Callable
from functools import cached_property, wraps
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header
from starlette.requests import Request
from starlette.responses import Response

from app.core.clients import Client
from app.core.errors import Invalid, MarketplaceError, TooManyRequests, Unauthenticated, Unavailable
from app.db.models.idempotency_keys import HEADER, KEY, Answer, IdempotencyKeyInUse, KeyedRequest
from app.db.repositories.idempotency_keys import IdempotencyKeyRepository
from app.http.clients import get_client
from app.http.errors import on_marketplace_error
from app.http.fastpath.early import early
from app.postgres.transactions import Transaction

REPLAYED = "Idempotency-Replayed"
"""The header that tells an answer which was given before from the first."""

FOR_NOW = (Unauthenticated, TooManyRequests, Unavailable, IdempotencyKeyInUse)
"""Errors that pass by themselves: the request is not answered for good."""

Call = Callable[..., Awaitable[Response]]
Key = Annotated[
    str | None,
    Header(
        alias=HEADER,
        pattern=KEY,
        description=(
            "A name that you give to this request, such as a random UUID. For 24 hours, the same "
            "request with the same key gets the first answer again, marked `Idempotency-Replayed: "
            "true`, and does nothing more."
        ),
    ),
]


class Answered(Exception):
    """A request has been answered before.

    Args:
        response: The answer.
    """

    def __init__(self, response: Response) -> None:
        self.response = response


class Once:
    """A request that was sent with a key, and is to be done once only.

    Args:
        request: The request.
        client: The program that sends it.
        key: Its key.
    """

    def __init__(self, request: Request, client: Client, key: str) -> None:
        self._request, self._client, self._key = request, client, key

    @property
    def of_user(self) -> bool:
        """Whether its caller is logged in."""
        return "actor_id" in self._request.scope["state"]

    @cached_property
    def _keyed(self) -> KeyedRequest:
        """Who asks for what: callers themselves if they are logged in, else where they are."""
        scope = self._request.scope
        user_id: UUID | None = scope["state"].get("actor_id")
        caller = str(user_id) if user_id else self._client.site
        version = self._request.headers.get("if-match", "").encode()
        body: bytes = scope["state"].get("body", b"")
        parts = (scope["method"].encode(), scope["raw_path"], scope["query_string"], version, body)
        return KeyedRequest(user_id, caller, self._key, b"\n".join(parts))

    async def claim_first(self) -> None:
        """Claims the key before the request does anything else in its transaction.

        Whatever it does before, such as to count a try, it may do again. So nobody holds a
        connection before they need it.

        Raises:
            Answered: Here, or wherever the transaction is begun.
        """
        self._request.state.once = self
        await self._transaction.do_first(self._claim_or_answer)

    async def answer_once(self, response: Response) -> Response:
        """Keeps the answer, unless another was given before.

        Raises:
            Answered: That was so.
        """
        self.keep(response)
        await self._transaction.flush()
        return response

    async def claim(self) -> Response | None:
        """Keeps the key from all others until the transaction of the request ends.

        Returns:
            The answer that was given before; None if there is none yet.

        Raises:
            IdempotencyKeyInUse: Somebody has claimed it already.
            IdempotencyKeyReused: Another request was answered.
        """
        given = await self._keys.claim(self._keyed)
        if given is None:
            return None
        return Response(given.body, given.status, {**given.headers, REPLAYED: "true"})

    def keep(self, response: Response) -> None:
        """Keeps the answer, to be given again."""
        body = bytes(response.body).decode()
        self._keys.keep(self._keyed, Answer(response.status_code, dict(response.headers), body))

    async def _claim_or_answer(self) -> None:
        given = await self.claim()
        if given is not None:
            raise Answered(given)

    @property
    def _keys(self) -> IdempotencyKeyRepository:
        keyring = self._request.app.state.safeguards.keyring
        return IdempotencyKeyRepository(self._transaction, keyring)

    @property
    def _transaction(self) -> Transaction:
        transaction: Transaction = self._request.state.transaction
        return transaction


@early
async def get_once(request: Request, key: Key = None) -> Once | None:
    """The request with its key, if it has one.

    Raises:
        Invalid: It has several.
    """
    if key is None:
        return None
    if len(request.headers.getlist(HEADER)) > 1:
        raise Invalid("It is given twice.", field=HEADER, location="header")
    return Once(request, await get_client(request), key)


def done_once(endpoint: Call) -> Call:
    """The same endpoint, which does a request with a key only once.

    Whatever is asked of callers is asked before they are shown an answer again: the request is
    the last thing that is looked at.
    """

    @wraps(endpoint)
    async def answer(once: Once | None, **arguments: Any) -> Response:
        if once is None:
            return await endpoint(**arguments)
        try:
            await once.claim_first()
            return await once.answer_once(await endpoint(**arguments))
        except Answered as before:
            return before.response

    signature = inspect.signature(endpoint)
    found = Annotated[Once | None, Depends(get_once)]
    last = inspect.Parameter("once", inspect.Parameter.KEYWORD_ONLY, annotation=found)
    parameters = [*signature.parameters.values(), last]
    vars(answer)["__signature__"] = signature.replace(parameters=parameters)
    return answer


async def refusal(request: Request, error: MarketplaceError) -> Response:
    """The answer to a request with a key that led to an error: that is kept, too.

    All that the request did is undone, the claim included. So the key is claimed anew; if the
    same request was answered meanwhile, that answer counts. What is refused to strangers is not
    kept: anybody could fill the database with that.

    Raises:
        MarketplaceError: The error itself, if it is not kept.
    """
    once: Once | None = getattr(request.state, "once", None)
    if once is None or not once.of_user or isinstance(error, FOR_NOW):
        raise error
    refused = await on_marketplace_error(request, error)

    async def keep(transaction: Transaction) -> Response:
        request.state.transaction = transaction
        given = await once.claim()
        if given is not None:
            return given
        once.keep(refused)
        return refused

    response: Response = await request.app.state.database.run(keep)
    return response
