"""A service that is driven from outside of any event loop, as state machines do it."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

from httpx import Response
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from app.api.server import get_application
from app.core.config import Settings
from tests.clients import client_of
from tests.factories.users import Market
from tests.server import keeping_statements


class Service:
    """A service, and an anonymous client of it."""

    def __init__(self, settings: Settings) -> None:
        self._runner, self._stack = asyncio.Runner(), AsyncExitStack()
        app = get_application(keeping_statements(settings))
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


def drive(
    machine: type[RuleBasedStateMachine], own_database: Settings, *, examples: int, steps: int
) -> None:
    """Runs a state machine, which finds a service in its `service`.

    Args:
        machine: What is done, and what must hold.
        own_database: Settings of the service.
        examples: How often the machine begins anew.
        steps: How many steps it takes each time at the most.
    """
    service = Service(own_database)
    try:
        run_state_machine_as_test(
            type(machine.__name__, (machine,), {"service": service}),
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                derandomize=True,
                phases=[Phase.generate],
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        service.close()
