"""How Alembic reaches the database and what it compares the tables with."""

import asyncio
import sys
from typing import Any, Literal

from alembic import context
from asyncpg import PostgresError
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import AutoString

from app.core.database import DatabaseSettings
from app.core.environment import WrongSettings, read_settings
from app.db import models
from app.db.migrations.locks import run_patiently, wait_until_alone
from app.postgres.faults import GONE

PATIENCE = 600  # seconds to wait for locks, unless `alembic -x patience=...` says otherwise


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
    """Runs the migrations on a connection, alone, and again from the one that got no lock."""

    def run() -> None:
        context.configure(connection=connection, **OPTIONS)
        with context.begin_transaction():
            context.run_migrations()

    patience = float(context.get_x_argument(as_dictionary=True).get("patience", PATIENCE))
    wait_until_alone(connection, patience)
    run_patiently(connection, run, patience)


def settings_of_the_environment() -> DatabaseSettings:
    """Reads the settings, or ends the program with a sentence that says what is wrong with them."""
    try:
        return read_settings(DatabaseSettings)
    except WrongSettings as error:
        sys.exit(str(error))


async def run_online() -> None:
    """Connects and runs the migrations."""
    settings = settings_of_the_environment()
    engine = create_async_engine(
        settings.sqlalchemy_url, poolclass=pool.NullPool, connect_args=settings.tls
    )
    try:
        connection = await engine.connect()
    except (*GONE, PostgresError) as error:
        sys.exit(f"No database answers at {engine.url}: {error}")
    try:
        await connection.run_sync(run_on)
    finally:
        await connection.close()
        await engine.dispose()


if context.is_offline_mode():
    run_offline()
else:
    asyncio.run(run_online())
