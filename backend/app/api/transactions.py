"""The one owner of every request's transaction."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from app.db.engine import Transaction

READING = {"GET", "HEAD", "OPTIONS"}


class TransactionalRoute(APIRoute):
    """A route that does its writing in a transaction, committed before the response is sent.

    The whole unit, dependencies included, is run again when it lost a race against another.
    Reading routes have no transaction.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wraps the handler that FastAPI makes."""
        handle = super().get_route_handler()
        if self.methods and self.methods <= READING:
            return handle

        async def handle_in_transaction(request: Request) -> Response:
            async def work(transaction: Transaction) -> Response:
                request.state.transaction = transaction
                return await handle(request)

            response: Response = await request.app.state.database.run(work)
            return response

        return handle_in_transaction
