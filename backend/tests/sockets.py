"""Services that are reached by a socket, as uvicorn runs them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState


@asynccontextmanager
async def listening(app: FastAPI) -> AsyncIterator[int]:
    """The port where uvicorn speaks for a service, by the parser that it is run with."""
    config = Config(app, log_config=None)
    config.load()
    assert config.http_protocol_class is HttpToolsProtocol
    protocol = partial(HttpToolsProtocol, config, ServerState(), {})
    async with await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
