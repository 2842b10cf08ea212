"""Idempotency-Key: a repeated request gets the stored response, and is not carried out again.

A client that receives no response can't tell whether the request was carried out; with a key it may
send it again (draft-ietf-httpapi-idempotency-key-header).
"""

from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Annotated
from uuid import UUID

from fastapi import Header
from starlette.requests import Request
from starlette.responses import Response

from app.core.clients import Client
from app.core.errors import Invalid, MarketplaceError, TooManyRequests, Unauthenticated, Unavailable
from app.core.security.tokens import Bearer
from app.db.models.idempotency_keys import HEADER, KEY, Answer, IdempotencyKeyInUse, KeyedRequest
from app.db.repositories.idempotency_keys import IdempotencyKeyRepository
from app.db.repositories.users import UserRepository
from app.http.clients import get_client
from app.http.errors import answer_error
from app.http.fastpath.early import early
from app.postgres.transactions import Transaction

REPLAYED = "Idempotency-Replayed"
"""The header that marks a stored response."""

TEMPORARY = (Unauthenticated, TooManyRequests, Unavailable, IdempotencyKeyInUse)
"""Errors that are not stored: the same request may succeed later."""

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


class Replayed(Exception):
    """The request was answered before.

    Args:
        response: The stored response.
    """

    def __init__(self, response: Response) -> None:
        self.response = response


class KeyedExchange:
    """A request with an idempotency key, and its response.

    Args:
        request: The request.
        client: The program that sends it.
        key: Its key.
    """

    def __init__(self, request: Request, client: Client, key: str) -> None:
        self._request, self._client, self._key = request, client, key
        self.claims = False
        """Whether it has passed its dependencies, and claims its key."""
        self.caller_checked = False
        """Whether the session of its caller was found to hold."""

    @property
    def of_user(self) -> bool:
        """Whether its caller is logged in."""
        return "actor_id" in self._request.scope["state"]

    @property
    def transaction(self) -> Transaction:
        """The transaction of the request."""
        transaction: Transaction = self._request.state.transaction
        return transaction

    @cached_property
    def _keyed(self) -> KeyedRequest:
        """The caller, which is the account or else the network, and a digest of the request."""
        scope = self._request.scope
        user_id: UUID | None = scope["state"].get("actor_id")
        caller = str(user_id) if user_id else self._client.site
        version = self._request.headers.get("if-match", "").encode()
        body: bytes = scope["state"].get("digest") or scope["state"].get("body", b"")
        parts = (scope["method"].encode(), scope["raw_path"], scope["query_string"], version, body)
        return KeyedRequest(user_id, caller, self._key, b"\n".join(parts))

    @property
    def _keys(self) -> IdempotencyKeyRepository:
        keyring = self._request.app.state.safeguards.keyring
        return IdempotencyKeyRepository(self.transaction, keyring)

    async def claim(self) -> None:
        """Holds the key until the transaction of the request ends.

        Raises:
            Replayed: The request was answered before.
            IdempotencyKeyInUse: Another transaction holds the key.
            IdempotencyKeyReused: The key was used for a different request.
            Unauthenticated: The session has ended, or the account is blocked.
        """
        caller: Bearer | None = self._request.scope["state"].get("caller")
        if caller and not self.caller_checked:
            await UserRepository(self.transaction).caller(caller)
            self.caller_checked = True
        answer = await self._keys.claim(self._keyed)
        if answer is not None:
            headers = {**answer.headers, REPLAYED: "true"}
            raise Replayed(Response(answer.body, answer.status, headers))

    def store(self, response: Response) -> None:
        """Stores the response in the transaction of the request."""
        body = bytes(response.body).decode()
        answer = Answer(response.status_code, dict(response.headers), body)
        self._keys.keep(self._keyed, answer)


@early
async def read_key(request: Request, key: Key = None) -> None:
    """Reads the key of a request, if it has one, into `request.state.keyed`.

    Raises:
        Invalid: It has several.
    """
    if key is None:
        request.state.keyed = None
        return
    if len(request.headers.getlist(HEADER)) > 1:
        raise Invalid("Duplicate header.", field=HEADER, location="header")
    request.state.keyed = KeyedExchange(request, await get_client(request), key)


async def answer_once(request: Request, endpoint: Callable[[], Awaitable[Response]]) -> Response:
    """Calls an endpoint, unless the request has a key and was answered before.

    All dependencies have been called by then, so a stored response is shown only to callers who
    pass the same checks again. The key is claimed when the transaction begins, or now if it has:
    counting tries, which happens before, holds no connection. If it has not, no dependency has
    checked the session of the caller, so that is done with the claim.

    Args:
        request: The request, whose key has been read.
        endpoint: The endpoint with its arguments.
    """
    keyed: KeyedExchange | None = request.state.keyed
    if keyed is None:
        return await endpoint()
    keyed.claims = True
    keyed.caller_checked = keyed.transaction.has_begun
    try:
        await keyed.transaction.do_first(keyed.claim)
        response = await endpoint()
        keyed.store(response)
        await keyed.transaction.flush()
    except Replayed as replayed:
        return replayed.response
    return response


async def answer_refusal(request: Request, error: MarketplaceError) -> Response:
    """Answers a request that ended in an error, and stores that answer if the request has a key.

    The error has undone the transaction, the claim included. So the key is claimed again; a
    response that was stored meanwhile takes precedence. Refusals of callers who are not logged in
    are not stored: anyone could fill the database with them.

    Raises:
        MarketplaceError: The error itself, if it is not stored.
    """
    keyed: KeyedExchange | None = getattr(request.state, "keyed", None)
    if keyed is None or not keyed.claims or not keyed.of_user or isinstance(error, TEMPORARY):
        raise error
    refused = answer_error(request, error)

    async def store(transaction: Transaction) -> Response:
        request.state.transaction = transaction
        try:
            await keyed.claim()
        except Replayed as replayed:
            return replayed.response
        keyed.store(refused)
        return refused

    response: Response = await request.app.state.database.run(store)
    return response
