"""Factories of dependencies for readers and services, which features declare beside this file."""

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
    """A reader in the request's transaction, if there is one, or on the database."""

    async def get_reader(request: Request) -> Made:
        source: Source = getattr(request.state, "transaction", request.app.state.database.reads)
        return make(source)

    return get_reader


def service(make: Callable[[Transaction], Made]) -> Callable[[Request], Awaitable[Made]]:
    """A service in the request's transaction."""

    async def get_service(request: Request) -> Made:
        return make(request.state.transaction)

    return get_service


def audited_service(
    make: Callable[[Transaction, Client], Made],
) -> Callable[[Request, Client], Awaitable[Made]]:
    """A service in the request's transaction, with the client of the request."""

    async def get_service(request: Request, client: Requester) -> Made:
        return make(request.state.transaction, client)

    return get_service


def safeguarded_service(
    make: Callable[[Transaction, Client, Safeguards], Made],
) -> Callable[[Request, Client], Awaitable[Made]]:
    """A service like that, with the protections of accounts."""

    async def get_service(request: Request, client: Requester) -> Made:
        return make(request.state.transaction, client, request.app.state.safeguards)

    return get_service


def throttled_service(
    make: Callable[[Transaction, Client, Safeguards, Source], Made],
) -> Callable[[Request, Client], Awaitable[Made]]:
    """A service like that, which also counts attempts outside the transaction."""

    async def get_service(request: Request, client: Requester) -> Made:
        state = request.app.state
        return make(request.state.transaction, client, state.safeguards, state.database)

    return get_service
