"""Further processes of the service, on the database of the first."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from httpx import AsyncClient

from app.api.server import get_application
from app.core.config import Settings
from dev.postgres import free_port
from tests.clients import client_of
from tests.factories.users import Market
from tests.server import BACKEND, dsn


@asynccontextmanager
async def another_process(market: Market, **settings: Any) -> AsyncIterator[Market]:
    """Starts a process with settings of its own."""
    app = get_application(Settings(environment="development", **settings))
    app.state.database = market.app.state.database
    async with client_of(app) as client:
        yield Market(app, client)


@asynccontextmanager
async def processes(app: FastAPI, folder: Path, number: int) -> AsyncIterator[AsyncClient]:
    """A client of several processes that share a port. Each request has a new connection."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "uvicorn", "app.api.server:get_application", "--factory"),
        *(f"--port={port}", f"--workers={number}", "--no-access-log"),
        cwd=BACKEND,
        env={
            "PATH": os.environ["PATH"],
            "ENVIRONMENT": "development",
            "DATABASE_URL": dsn(app.state.engine.url),
            "METRICS_DIRECTORY": str(folder),
        },
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    try:
        headers = {"Connection": "close"}
        async with AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
            yield client
    finally:
        process.terminate()
        await process.wait()
