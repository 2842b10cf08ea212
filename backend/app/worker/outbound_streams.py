"""Connections of the HTTP client, which read a limited part of each response."""

import ssl
from typing import Any

from httpcore2 import AsyncNetworkStream, ProtocolError

LARGEST_RESPONSE = 16 * 1024
"""Bytes that are read of a response, as they arrive: compressed bodies are not decompressed."""


class ResponseTooLarge(ProtocolError):
    """A response has more than `LARGEST_RESPONSE` bytes."""


class BoundedStream(AsyncNetworkStream):
    """A connection that reads at most `LARGEST_RESPONSE` bytes after each write.

    They are counted as they arrive, with header fields and the framing of chunks: chunks of one
    byte, or informational responses (RFC 9110, 15.2), would keep the worker busy otherwise.

    Args:
        stream: The connection.
    """

    def __init__(self, stream: AsyncNetworkStream) -> None:
        self._stream, self._left = stream, LARGEST_RESPONSE

    async def read(
        self,
        max_bytes: int,
        timeout: float | None = None,  # noqa: ASYNC109 (the interface of httpcore2)
    ) -> bytes:
        """Reads a part of a response.

        Raises:
            ResponseTooLarge: Enough of it was read.
        """
        if not self._left:
            raise ResponseTooLarge
        content = await self._stream.read(min(max_bytes, self._left), timeout)
        self._left -= len(content)
        return content

    async def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ASYNC109 (likewise)
    ) -> None:
        """Sends a part of a request."""
        self._left = LARGEST_RESPONSE
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        """Closes the connection."""
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 (likewise)
    ) -> AsyncNetworkStream:
        """Encrypts the connection."""
        return BoundedStream(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        """Something about the connection, such as whether there is something to be read."""
        return self._stream.get_extra_info(info)
