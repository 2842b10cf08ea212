"""The connections between the proxy and the servers, while many clients are connected."""

import resource
import socket
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from chaos.proxies import PROGRAM, UNLIMITED, connections_made, proxy, replicas
from tests.proxied import LOGIN
from tests.server import dsn, settings_for

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="needs HAProxy: apt-get install haproxy")

CLIENTS = 2_000
"""Beside 1,650 clients, HAProxy by default keeps no connection to a server."""
REQUESTS = 50


async def test_are_kept_beside_many_clients(
    server: str, database_name: str, tmp_path: Path
) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    url = dsn(settings_for(server, database_name).sqlalchemy_url)
    async with (
        replicas(tmp_path, url) as servers,
        proxy(tmp_path, servers, **UNLIMITED) as address,
        httpx.AsyncClient(base_url=address) as client,
    ):
        with ExitStack() as clients:
            for _ in range(CLIENTS):
                where = urlsplit(address)
                clients.enter_context(socket.create_connection((where.hostname, where.port)))
            for _ in range(REQUESTS):
                assert (await client.get("/healthz", headers=LOGIN)).status_code == 200
        assert await connections_made(tmp_path) < REQUESTS / 5
