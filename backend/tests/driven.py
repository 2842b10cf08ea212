"""A service that is driven from outside of any event loop, as state machines do it."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any

from httpx import Response

from app.api.server import get_application
from tests.clients import client_of
from tests.factories.users import Market
from tests.server import TEMPLATE, create_database, drop_database, settings_for


class Service:
    """The service on a database of its own, and an anonymous client of it."""

    def __init__(self, server: str, database: str) -> None:
        self._runner, self._stack = asyncio.Runner(), AsyncExitStack()
        app = get_application(settings_for(server, database))
        self.run(self._stack.enter_async_context(app.router.lifespan_context(app)))
        self.market = Market(app, client_of(app))

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Waits for a coroutine."""
        return self._runner.run(work)

    def close(self) -> None:
        """Stops the service."""
        self.run(self.market.client.aclose())
        self.run(self._stack.aclose())
        self._runner.close()

    def ask(self, method: str, path: str, *, token: str = "", **options: Any) -> Response:
        """Sends a request."""
        return self.ask_at_once(1, method, path, token=token, **options)[0]

    def ask_at_once(
        self, times: int, method: str, path: str, *, token: str = "", **options: Any
    ) -> list[Response]:
        """Sends the same request several times at once."""
        headers = {**options.pop("headers", {}), "Authorization": f"Bearer {token}"}

        async def work() -> list[Response]:
            requests = (
                self.market.client.request(method, path, headers=headers, **options)
                for _ in range(times)
            )
            return list(await asyncio.gather(*requests))

        answers: list[Response] = self.run(work())
        return answers


@contextmanager
def driven_service(server: str, name: str) -> Iterator[Service]:
    """Runs a service on a new database for the time of a block.

    Args:
        server: Where the database is made.
        name: What it is called.
    """
    create_database(server, name, TEMPLATE)
    service = Service(server, name)
    try:
        yield service
    finally:
        service.close()
        drop_database(server, name)
