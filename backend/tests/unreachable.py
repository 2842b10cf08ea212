"""A service that has lost its database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from httpx import AsyncClient

from app.api.server import get_application
from app.core.config import Settings
from app.db.engine import create_engine
from app.postgres.database import Database
from app.postgres.pool import FairPool
from dev.postgres import free_port
from tests.clients import client_of


@asynccontextmanager
async def client_without_database() -> AsyncIterator[AsyncClient]:
    """A client of a running service whose database is gone."""
    settings = Settings(
        environment="development",
        database_url=f"postgresql://anna:secret@127.0.0.1:{free_port()}/nowhere",
    )
    app = get_application(settings)
    app.state.engine = create_engine(settings)
    app.state.database = Database(FairPool(create_engine(settings), size=1, timeout=1, queue=100))
    async with client_of(app) as client:
        yield client
