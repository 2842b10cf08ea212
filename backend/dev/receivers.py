"""Servers of others, which are sent requests: for tests, on the addresses of this machine."""

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple, TypeAlias

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"
HOST = "127.0.0.1"
BODY = b"\r\n\r\n"

Answer: TypeAlias = Callable[[StreamWriter], Awaitable[None]]


class Received(NamedTuple):
    """A request as it arrived.

    Args:
        line: Its first line.
        headers: Its header fields, with names in lower case.
        body: Its body.
    """

    line: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """Receives requests, and answers as a test has it.

    Attributes:
        received: The requests.
        connections: How often it was connected to.
        answer: The response: bytes, or a function that writes it.
        port: Where it listens.
    """

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.connections, self.port = 0, 0
        self.answer: bytes | Answer = OK
        self._writers: set[StreamWriter] = set()

    @property
    def url(self) -> str:
        """The URL of the receiver."""
        return f"http://{HOST}:{self.port}/hook"

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Answers the requests of a connection."""
        self.connections += 1
        self._writers.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                self.received.append(await self._read(reader))
                await self._answer(writer)
                await writer.drain()
        writer.close()
        self._writers.discard(writer)

    def close(self) -> None:
        """Ends all connections, also those that hang."""
        for writer in self._writers:
            writer.transport.abort()

    async def _read(self, reader: StreamReader) -> Received:
        head = (await reader.readuntil(BODY)).decode().removesuffix(BODY.decode())
        line, *fields = head.split("\r\n")
        pairs = (field.split(": ", 1) for field in fields)
        headers = {name.lower(): value for name, value in pairs}
        return Received(line, headers, await reader.readexactly(int(headers["content-length"])))

    async def _answer(self, writer: StreamWriter) -> None:
        if isinstance(self.answer, bytes):
            writer.write(self.answer)
        else:
            await self.answer(writer)


@asynccontextmanager
async def receiver(
    host: str = HOST, port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Receiver]:
    """A receiver on an address of this machine.

    Args:
        host: The address.
        port: The port, if it is to be this one.
        tls: Has it speak TLS.
    """
    made = Receiver()
    server = await asyncio.start_server(made.serve, host, port, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        made.close()
        await server.wait_closed()


def status(code: int, *fields: str) -> bytes:
    """A response without a body."""
    return "\r\n".join((f"HTTP/1.1 {code} .", *fields, "Content-Length: 0", "", "")).encode()


async def hang(writer: StreamWriter) -> None:
    """Never answers."""
    await writer.wait_closed()
