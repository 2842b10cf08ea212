"""Further processes of the service, on the database of the first."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from app.api.server import get_application
from app.core.config import Settings
from tests.clients import client_of
from tests.factories.users import Market


@asynccontextmanager
async def another_process(market: Market, **settings: Any) -> AsyncIterator[Market]:
    """Starts a process with settings of its own."""
    app = get_application(Settings(environment="development", **settings))
    app.state.database = market.app.state.database
    async with client_of(app) as client:
        yield Market(app, client)
