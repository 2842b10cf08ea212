"""The AsyncEngine."""

from sqlalchemy import URL, NullPool
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.core.database import DatabaseSettings
from app.postgres.hosts import Hosts


def create_engine(settings: DatabaseSettings, url: URL | None = None) -> AsyncEngine:
    """Builds an engine; nothing connects before its first use.

    Args:
        settings: How long statements may take, and whether the way is encrypted.
        url: The address of the database; that of the settings by default.
    """
    url = url or settings.sqlalchemy_url
    return create_async_engine(
        url,
        poolclass=NullPool,  # FairPool keeps the connections
        async_creator=Hosts(url, settings).connect,
    )
