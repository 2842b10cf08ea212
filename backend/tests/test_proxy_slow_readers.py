"""Clients of the proxy that read large responses slowly."""

import asyncio
import socket
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from app.db.models.fields import new_id
from app.db.repositories.sitemaps import Listed, SitemapReader
from app.web import discovery
from chaos.proxies import PROGRAM
from tests.factories.users import Market
from tests.proxied import PATIENCE, behind_proxy

AT_ONCE = 20
"""Nearly as many requests as an address may have at once."""
REQUEST = b"GET /sitemap.xml HTTP/1.1\r\nHost: localhost\r\n\r\n"

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="needs HAProxy: apt-get install haproxy")


async def ask_without_reading(address: httpx.URL) -> socket.socket:
    """Sends a request over a connection whose packets are as small as those of other machines.

    The system buffers megabytes for a client on the same machine.
    """
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    client.settimeout(0)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(client, (address.host, address.port))
    await loop.sock_sendall(client, REQUEST)
    return client


@pytest.mark.committed
async def test_of_the_sitemap_keep_no_visitor_waiting(
    market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def many(_: SitemapReader) -> list[Listed]:
        return [Listed(new_id(), datetime.now(UTC)) for _ in range(5_000)]

    monkeypatch.setattr(SitemapReader, "jobs", many)
    monkeypatch.setattr(discovery, "KEPT_FOR", 0)
    async with (
        behind_proxy(tmp_path, market.app) as address,
        httpx.AsyncClient(base_url=address, timeout=PATIENCE) as client,
    ):
        with ExitStack() as stack:
            for _ in range(AT_ONCE):
                stack.enter_context(await ask_without_reading(client.base_url))
            await asyncio.sleep(2)
            assert (await client.get("/jobs")).status_code == 200
