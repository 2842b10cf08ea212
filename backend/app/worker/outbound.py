"""The HTTP client: it sends requests to URLs that users have entered (against SSRF).

A URL may name a server within the network of the service, directly or by a name that is resolved
to its address, perhaps only at the second time. So a name is resolved once for each connection,
each of its addresses must be permitted, and the connection is made to one of them. Redirects are
not followed, and proxies named by the environment are not used.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager, closing, suppress
from functools import partial
from ipaddress import ip_address
from typing import TypeAlias

from httpcore2 import (
    SOCKET_OPTION,
    URL,
    AnyIOBackend,
    AsyncConnectionPool,
    AsyncNetworkBackend,
    AsyncNetworkStream,
    ConnectError,
    NetworkError,
    ProtocolError,
)

from app.core.outbound import Address, Failure, OutboundRules, Target
from app.core.security.tls import client_context
from app.worker.outbound_streams import BoundedStream, ResponseTooLarge

DEADLINE = 15.0
"""Seconds for a request with all of its parts, from the resolution of the name on."""
MOST_ADDRESSES = 4
"""Addresses of a name that are tried."""
IDLE = 10.0
"""Seconds for which a connection is kept for a further request."""
LOOKUPS = 64
"""Names that are resolved at once. A thread waits for each, some beyond the deadline."""

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[Address]]]


class Undelivered(Exception):
    """A request has no response.

    Args:
        failure: The cause.
    """

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


class NameResolver:
    """Resolves names by the system, in threads of its own."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(LOOKUPS, "lookup")

    async def __call__(self, host: str, port: int) -> Sequence[Address]:
        """The addresses of a host, the preferred one first.

        Raises:
            OSError: The name is unknown, or can't be resolved at present.
        """
        look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(self._threads, look_up)
        return [ip_address(address[0]) for *_, address in found]

    def close(self) -> None:
        """Ends the threads once they have nothing to do."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class GuardedNetwork(AsyncNetworkBackend):
    """Connects to permitted addresses only.

    Args:
        rules: The rules for addresses.
        resolve: Resolves names.
    """

    def __init__(self, rules: OutboundRules, resolve: Resolve) -> None:
        self._rules, self._resolve, self._network = rules, resolve, AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (the interface of httpcore2)
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """Resolves a name, and connects to the first of its addresses that answers.

        Raises:
            Undelivered: The name has no address, or one that is not permitted.
            ConnectError: No address answers.
        """
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise Undelivered(Failure.NAME_UNKNOWN) from error
        if not addresses:
            raise Undelivered(Failure.NAME_UNKNOWN)
        if not all(map(self._rules.permits, addresses)):
            raise Undelivered(Failure.ADDRESS_REFUSED)
        connect = partial(
            self._network.connect_tcp,
            port=port,
            timeout=timeout,
            local_address=local_address,
            socket_options=socket_options,
        )
        *others, last = addresses[:MOST_ADDRESSES]
        for address in others:
            with suppress(ConnectError):
                return BoundedStream(await connect(str(address)))
        return BoundedStream(await connect(str(last)))


class OutboundClient:
    """Sends requests to URLs that users have entered.

    Args:
        rules: The servers that it may send them to.
        tls: Verifies the certificates of servers.
        resolve: Resolves names.
    """

    def __init__(self, rules: OutboundRules, tls: ssl.SSLContext, resolve: Resolve) -> None:
        self._rules = rules
        self._pool = AsyncConnectionPool(
            ssl_context=tls,
            max_connections=None,
            keepalive_expiry=IDLE,
            network_backend=GuardedNetwork(rules, resolve),
        )

    async def aclose(self) -> None:
        """Closes all connections."""
        await self._pool.aclose()

    async def post(self, target: Target, headers: Mapping[str, str], body: bytes) -> int:
        """Sends a request.

        Args:
            target: The URL.
            headers: Header fields besides those of the connection and of the length.
            body: The body.

        Returns:
            The status code of the response.

        Raises:
            Undelivered: There is none within `DEADLINE`, or the URL is not permitted.
        """
        if not (self._rules.permits_scheme(target) and self._rules.permits_host(target)):
            raise Undelivered(Failure.ADDRESS_REFUSED)
        try:
            async with asyncio.timeout(DEADLINE):
                return await self._send(target, headers, body)
        except TimeoutError as error:
            raise Undelivered(Failure.TIMEOUT) from error
        except ProtocolError as error:
            raise Undelivered(Failure.INVALID_RESPONSE) from error
        except NetworkError as error:
            of_tls = any(isinstance(cause, ssl.SSLError) for cause in error.args)
            raise Undelivered(Failure.TLS_FAILED if of_tls else Failure.NOT_CONNECTED) from error

    async def _send(self, target: Target, headers: Mapping[str, str], body: bytes) -> int:
        url = URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
        fields = [("Host", target.authority), *headers.items()]
        async with self._pool.stream("POST", url, headers=fields, content=body) as response:
            with suppress(ResponseTooLarge):
                await response.aread()
            return response.status


@asynccontextmanager
async def outbound_client(rules: OutboundRules) -> AsyncIterator[OutboundClient]:
    """A client that trusts the authorities of the system, and resolves names by it."""
    with closing(NameResolver()) as resolve:
        async with aclosing(OutboundClient(rules, client_context(), resolve)) as client:
            yield client
