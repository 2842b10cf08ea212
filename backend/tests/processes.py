"""Further processes of the service, on the database of the first."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI
from httpx import AsyncClient

from app.api.server import get_application
from app.core.config import Settings
from dev.postgres import free_port
from tests.clients import client_of
from tests.factories.tasks import kept
from tests.factories.users import Market
from tests.mail import MailServer
from tests.server import BACKEND, dsn

PATIENCE = 60.0  # seconds, for machines that have much else to do


@asynccontextmanager
async def another_process(market: Market, **settings: Any) -> AsyncIterator[Market]:
    """Starts a process with settings of its own."""
    app = get_application(Settings(environment="development", **settings))
    app.state.database = market.app.state.database
    async with client_of(app) as client:
        yield Market(app, client)


@asynccontextmanager
async def served(
    number: int, environment: Mapping[str, str], *options: str
) -> AsyncIterator[tuple[Process, AsyncClient]]:
    """The service in several processes that share a port, and a client of them.

    Each request has a new connection, so that it may reach any of them.

    Args:
        number: How many there are.
        environment: All that their environment says beside where programs are.
        options: Further ones of Uvicorn.
    """
    port = free_port()
    module = ("uvicorn", "app.api.launch:get_application", "--factory", "--no-access-log")
    options = (f"--port={port}", f"--workers={number}", *options)
    address, headers = f"http://127.0.0.1:{port}", {"Connection": "close"}
    async with (
        started(environment, *module, *options) as process,
        AsyncClient(base_url=address, headers=headers) as client,
    ):
        yield process, client


def worker_process(
    app: FastAPI, server: MailServer, **environment: str
) -> AbstractAsyncContextManager[Process]:
    """The worker as people start it; what it says can be read."""
    settings = {name.upper(): str(value) for name, value in server.settings().items()}
    return started(same_database(app) | settings | environment, "app.worker", output=PIPE)


async def until_done(app: FastAPI) -> None:
    """Waits until no task is left."""
    async with asyncio.timeout(PATIENCE):
        while await kept(app):  # noqa: ASYNC110 (no event tells of what the database has)
            await asyncio.sleep(0.01)


@asynccontextmanager
async def started(
    environment: Mapping[str, str], *module: str, output: int = DEVNULL
) -> AsyncIterator[Process]:
    """Runs a module; it is killed at the end of the block, with all that it has started.

    Args:
        environment: All that its environment says beside where programs are.
        module: Its name, and its arguments.
        output: Where what it says goes, as `subprocess` takes it.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *module),
        cwd=BACKEND,
        env={"PATH": os.environ["PATH"], **environment},
        start_new_session=True,
        stdout=output,
        stderr=STDOUT,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.communicate()


def same_database(app: FastAPI) -> dict[str, str]:
    """What the environment of a process says that works on the database of another."""
    return {"ENVIRONMENT": "development", "DATABASE_URL": dsn(app.state.engine.url)}
