"""The way to a database on another machine: encrypted, and to nobody else."""

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url

from app.core.config import Settings
from app.core.lifecycle import connected
from dev.certificates import make_certificate

SSL_REQUEST = bytes.fromhex("0000000804d2162f")
"""How PostgreSQL's clients ask whether a server speaks TLS."""


class Front:
    """Stands before a server and speaks TLS for it, since the embedded one can't.

    Args:
        server: The address of the server.
        certificate: What the front shows of itself; its key lies beside it.
    """

    def __init__(self, server: URL, certificate: Path) -> None:
        self._server = server
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, certificate.with_name("key"))
        self.spoken: list[str] = []
        """The version of TLS of each connection."""

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Relays a connection, once it is encrypted as PostgreSQL's protocol has it."""
        assert await reader.readexactly(len(SSL_REQUEST)) == SSL_REQUEST
        writer.write(b"S")
        try:
            await writer.start_tls(self._context)
        except OSError:  # the other side does not like the certificate
            return
        self.spoken.append(writer.get_extra_info("ssl_object").version())
        inner = await asyncio.open_connection(self._server.host, self._server.port)
        await asyncio.gather(relay(reader, inner[1]), relay(inner[0], writer))


async def relay(reader: StreamReader, writer: StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def front(server: str, certificate: Path) -> AsyncIterator[tuple[Front, URL]]:
    """A front of a server, and its address, which production has to verify."""
    url = make_url(server)
    made = Front(url, certificate)
    async with await asyncio.start_server(made.serve, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        query = {"sslmode": "verify-full"}
        yield made, url.set(host="localhost", port=port).update_query_dict(query)


async def reach(url: URL, authority: Path | None) -> None:
    """Starts as production does, and stops."""
    address = url.render_as_string(hide_password=False)
    settings = Settings(
        environment="production",
        secret_key="x" * 32,
        database_url=address,
        database_ca_file=authority,
    )
    async with connected(settings):
        pass


async def test_is_encrypted(server: str, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, "localhost")
    async with front(server, certificate) as (listener, url):
        await reach(url, certificate)
    assert listener.spoken == ["TLSv1.3"]


@pytest.mark.parametrize("named", [True, False])
async def test_ends_at_a_server_that_nobody_knows(
    server: str, tmp_path: Path, *, named: bool
) -> None:
    (tmp_path / "other").mkdir()
    other = make_certificate(tmp_path / "other", "localhost") if named else None
    async with front(server, make_certificate(tmp_path, "localhost")) as (listener, url):
        with pytest.raises(RuntimeError, match="certificate verify failed"):
            await reach(url, other)
    assert listener.spoken == []


async def test_ends_at_a_server_of_another_name(server: str, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, "db.example")
    async with front(server, certificate) as (listener, url):
        with pytest.raises(RuntimeError, match="Hostname mismatch"):
            await reach(url, certificate)
    assert listener.spoken == []


async def test_ends_at_a_server_that_speaks_in_the_clear(server: str) -> None:
    url = make_url(server).update_query_dict({"sslmode": "verify-full"})
    with pytest.raises(RuntimeError, match="rejected SSL upgrade"):
        await reach(url, None)
