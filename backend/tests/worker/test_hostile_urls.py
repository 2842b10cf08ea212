"""URLs that lead into the network of the service: the HTTP client sends nothing to them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from ipaddress import ip_network
from urllib.parse import urlsplit

import pytest

from app.core.outbound import Failure, InvalidUrl, OutboundRules, Target
from app.worker.outbound import Undelivered
from dev.receivers import Receiver, receiver
from tests.outbound import LOOPBACK, PUBLIC, PUBLIC_ONLY, Names, client, failure

HOSTILE = (
    "http://127.0.0.1:{port}/",
    "http://127.0.0.2:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0x0.0x0.0x1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://017700000001:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://0.0.0.0:{port}/",
    "http://0:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST.:{port}/",
    "http://[::1]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127。0。0。1:{port}/",
    "http://hooks.example@127.0.0.1:{port}/",
    "http://hooks.example:443@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@hooks.example/",
    "http://127.0.0.1:{port}\\@hooks.example/",
    "http://hooks.example\r\n@127.0.0.1:{port}/",
    "http://127.0.0.1%00.hooks.example:{port}/",
    "http://loopback.example:{port}/",
    "http://mapped.example:{port}/",
    "http://mixed.example:{port}/",
    "http://metadata.example:{port}/",
)
"""URLs of this machine in disguise; the names at the end are those of `NAMES`."""


def split(url: str) -> Target | None:
    """The target of a URL as a lenient program reads it, if it can."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        return Target(parts.scheme, host, parts.port or 80, parts.path or "/")
    except ValueError:
        return None


@pytest.fixture
async def canaries() -> AsyncIterator[list[Receiver]]:
    """Receivers on several addresses of this machine, with the same port."""
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(receiver("0.0.0.0"))  # noqa: S104 (to see leaks)
        yield [first, await stack.enter_async_context(receiver("::1", first.port))]


class TestHostileUrls:
    def test_are_many(self) -> None:
        assert len(set(HOSTILE)) == len(HOSTILE) >= 29

    @pytest.mark.parametrize("url", HOSTILE)
    async def test_leak_nothing(self, canaries: list[Receiver], url: str) -> None:
        url = url.format(port=canaries[0].port)
        try:
            targets = [Target.of(url)]
        except InvalidUrl:  # so the client is given what another parser makes of it
            targets = [it for it in [split(url)] if it]
        async with client(PUBLIC_ONLY) as sender:
            for target in targets:
                assert await failure(sender, target) in {
                    Failure.ADDRESS_REFUSED,
                    Failure.NAME_UNKNOWN,
                }
        assert [it.connections for it in canaries] == [0, 0]

    async def test_would_be_seen(self, canaries: list[Receiver]) -> None:
        port = canaries[0].port
        everything = OutboundRules(
            unencrypted=True, networks=(ip_network("0.0.0.0/0"), ip_network("::/0"))
        )
        async with client(everything) as sender:
            for url in ("http://2130706433", "http://localhost", "http://[::1]"):
                target = split(f"{url}:{port}/")
                assert target
                assert await sender.post(target, {}, b"{}") == 200
        assert sum(it.connections for it in canaries) == 3

    async def test_resolve_once(self) -> None:
        names = Names([PUBLIC], ["127.0.0.1"])
        async with receiver() as canary, client(PUBLIC_ONLY, names) as sender:
            # The request is made to the public address, where this port is closed or unreachable.
            with pytest.raises((Undelivered, TimeoutError)):
                async with asyncio.timeout(1):
                    await sender.post(
                        Target("http", "rebinding.example", canary.port, "/"), {}, b"{}"
                    )
            assert names.asked == ["rebinding.example"]
            assert canary.connections == 0

    async def test_are_refused_without_tls_outside_development(self) -> None:
        rules = LOOPBACK._replace(unencrypted=False)
        async with receiver() as canary, client(rules) as sender:
            assert await failure(sender, Target.of(canary.url)) == Failure.ADDRESS_REFUSED
            assert canary.connections == 0
