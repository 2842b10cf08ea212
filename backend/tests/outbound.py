"""The HTTP client in tests, and the names that it resolves."""

import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from ipaddress import ip_address, ip_network

import pytest

from app.core.outbound import Address, Failure, OutboundRules, Target
from app.core.security.tls import client_context
from app.worker.outbound import NameResolver, OutboundClient, Resolve, Undelivered

PUBLIC = "93.184.215.14"
NAMES = {
    "loopback.example": ["127.0.0.1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "mixed.example": [PUBLIC, "127.0.0.1"],
    "metadata.example": ["169.254.169.254"],
    "hooks.example": ["127.0.0.1"],
}

LOOPBACK = OutboundRules(unencrypted=True, networks=(ip_network("127.0.0.0/8"),))
PUBLIC_ONLY = OutboundRules(unencrypted=True, networks=())


class Names:
    """Resolves names as a test has it, in turn, and others by the system.

    Attributes:
        asked: The names that were resolved.
    """

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[Address]:
        self.asked.append(host)
        if self._answers:
            return [ip_address(it) for it in self._answers.pop(0)]
        if host in NAMES:
            return [ip_address(it) for it in NAMES[host]]
        return await NameResolver()(host, port)


@asynccontextmanager
async def client(
    rules: OutboundRules = LOOPBACK,
    resolve: Resolve | None = None,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[OutboundClient]:
    made = OutboundClient(rules, tls or client_context(), resolve or Names())
    async with aclosing(made):
        yield made


async def failure(sender: OutboundClient, target: Target) -> Failure:
    """The reason why a request has no response."""
    with pytest.raises(Undelivered) as error:
        await sender.post(target, {}, b"{}")
    return error.value.failure
