"""How Alembic reaches the database and what it compares the tables with."""

import asyncio
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import AutoString

from app.core.database import DatabaseSettings
from app.db import models

LOCK = 0x636C65616E  # "clean": whoever migrates this database holds this advisory lock
LOCK_TIMEOUT = "2s"  # waiting longer for a table would stall all the traffic that queues behind


def render_item(kind: str, item: object, _: object) -> str | Literal[False]:
    """Writes SQLModel's text type as SQLAlchemy's, so that revisions need nothing of SQLModel."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


OPTIONS: dict[str, Any] = {
    "target_metadata": models.metadata,
    "transaction_per_migration": True,
    "compare_type": True,
    "compare_server_default": True,
    "render_item": render_item,
}


def run_offline() -> None:
    """Writes the SQL instead of running it."""
    context.configure(
        dialect_name="postgresql",
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
        **OPTIONS,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_on(connection: Connection) -> None:
    """Runs the migrations on a connection, alone."""
    connection.execute(text(f"SELECT pg_advisory_lock({LOCK})"))
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.commit()
    context.configure(connection=connection, **OPTIONS)
    with context.begin_transaction():
        context.run_migrations()


async def run_online() -> None:
    """Connects and runs the migrations."""
    settings = DatabaseSettings()
    engine = create_async_engine(
        settings.sqlalchemy_url, poolclass=pool.NullPool, connect_args=settings.tls
    )
    async with engine.connect() as connection:
        await connection.run_sync(run_on)
    await engine.dispose()


if context.is_offline_mode():
    run_offline()
else:
    asyncio.run(run_online())
