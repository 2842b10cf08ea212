"""Dependencies that make readers and services. Each feature declares its own beside this file."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from fastapi import Request

from app.core.clients import Client
from app.http.clients import Requester
from app.postgres.statements import Source
from app.postgres.transactions import Transaction
from app.services.safeguards import Safeguards

Made = TypeVar("Made")


def reader(make: Callable[[Source], Made]) -> Callable[[Request], Awaitable[Made]]:
    """A dependency that reads in the request's transaction, or where reads are served."""

    async def get_reader(request: Request) -> Made:
        source: Source = getattr(request.state, "transaction", request.app.state.database.reads)
        return make(source)

    return get_reader


def service(make: Callable[[Transaction], Made]) -> Callable[[Request], Awaitable[Made]]:
    """A dependency that works in the request's transaction."""

    async def get_service(request: Request) -> Made:
        return make(request.state.transaction)

    return get_service


def audited_service(
    make: Callable[[Transaction, Client], Made],
) -> Callable[[Request, Client], Awaitable[Made]]:
    """A dependency that works in the request's transaction, and says where the request is from."""

    async def get_service(request: Request, client: Requester) -> Made:
        return make(request.state.transaction, client)

    return get_service


def safeguarded_service(
    make: Callable[[Transaction, Client, Safeguards], Made],
) -> Callable[[Request, Client], Awaitable[Made]]:
    """A dependency like that, which also knows what accounts are protected with."""

    async def get_service(request: Request, client: Requester) -> Made:
        return make(request.state.transaction, client, request.app.state.safeguards)

    return get_service


def throttled_service(
    make: Callable[[Transaction, Client, Safeguards, Source], Made],
) -> Callable[[Request, Client], Awaitable[Made]]:
    """A dependency like that, which also counts tries, before the transaction begins."""

    async def get_service(request: Request, client: Requester) -> Made:
        state = request.app.state
        return make(request.state.transaction, client, state.safeguards, state.database)

    return get_service
