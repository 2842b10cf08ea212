"""Services that are reached by a socket, as uvicorn runs them."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from starlette.types import ASGIApp
from uvicorn import Config
from uvicorn.server import ServerState

from app.http.protocol import Connection


@asynccontextmanager
async def listening(
    app: ASGIApp, state: ServerState | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """The port where uvicorn speaks for a service, as it is run with it.

    Args:
        app: The service.
        state: Where its connections are noted.
        tls: With a certificate, if it speaks TLS.
    """
    config = Config(app, log_config=None, http=Connection)
    config.load()
    protocol = partial(Connection, config, state or ServerState(), {})
    loop = asyncio.get_running_loop()
    async with await loop.create_server(protocol, "127.0.0.1", 0, ssl=tls) as server:
        yield server.sockets[0].getsockname()[1]
