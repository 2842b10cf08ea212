"""Requests of this service to servers of others: their URLs, and the addresses they may reach."""

import re
from enum import StrEnum
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)
from typing import NamedTuple, Self, TypeAlias

from app.core.config import Settings

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

LONGEST_URL = 500
PORTS = {"http": 80, "https": 443}
"""The ports that a scheme implies."""
FIRST_PORT = 1024
"""The first port that may be named; those below are of services such as SSH and SMTP."""

NAME = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
"""A domain name of several labels. The last one begins with a letter, so it is no number."""
URL = re.compile(
    rf"(?P<scheme>https?)://(?P<host>{NAME}|[0-9.]+|\[[0-9a-f]*:[0-9a-f:.]*\])"
    r"(?::(?P<port>[0-9]{1,5}))?(?P<path>[/?][!$-;=?-\[\]_a-z~]*)?",
    re.IGNORECASE,
)
"""An absolute URL (RFC 3986) in ASCII, without a user, a fragment, or characters to be escaped."""

SPECIAL_IPV4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # shared by customers of a provider
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # the platform of a cloud
            "169.254.0.0/16",  # link-local, with the metadata of clouds
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # relays from IPv6
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
"""IPv4 networks that are not public (RFC 6890, and its registry)."""

GLOBAL_IPV6 = IPv6Network("2000::/3")
"""The global unicast addresses (RFC 4291). Forms of IPv4 addresses are outside of it, or below."""
SPECIAL_IPV6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments, and tunnels to IPv4
            "2001:db8::/32",  # documentation
            "2002::/16",  # tunnels to IPv4
            "3fff::/20",  # documentation
        ),
    )
)
"""Networks among them that are not public."""


class Failure(StrEnum):
    """The cause of a request that has no response."""

    ADDRESS_REFUSED = "address_refused"
    NAME_UNKNOWN = "name_unknown"
    NOT_CONNECTED = "not_connected"
    TLS_FAILED = "tls_failed"
    INVALID_RESPONSE = "invalid_response"
    TIMEOUT = "timeout"


class InvalidUrl(ValueError):
    """A text that is no URL of a server."""


class Target(NamedTuple):
    """A URL in its parts, which are all that is used of it.

    Args:
        scheme: ``http`` or ``https``.
        host: A domain name, or an IP address, in lower case.
        port: The port.
        path: The path and the query.
    """

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def of(cls, url: str) -> Self:
        """Parses a URL.

        Raises:
            InvalidUrl: It is not of the form `URL`, or its port or its address is invalid.
        """
        match = URL.fullmatch(url)
        if match is None or len(url) > LONGEST_URL:
            raise InvalidUrl("form")
        scheme, host = match["scheme"].lower(), match["host"].lower().strip("[]")
        target = cls(scheme, host, int(match["port"] or PORTS[scheme]), match["path"] or "/")
        if target.port not in PORTS.values() and not FIRST_PORT <= target.port < 1 << 16:
            raise InvalidUrl("port")
        if not re.fullmatch(NAME, host) and target.address is None:
            raise InvalidUrl("address")
        return target

    @property
    def address(self) -> Address | None:
        """The address that the URL contains; None if it contains a name."""
        try:
            return ip_address(self.host)
        except ValueError:
            return None

    @property
    def authority(self) -> str:
        """The host and the port as in a `Host` header (RFC 9110, 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


class OutboundRules(NamedTuple):
    """The servers that this service sends requests to.

    Args:
        unencrypted: Whether HTTP without TLS is permitted.
        networks: Networks that are permitted besides public addresses.
    """

    unencrypted: bool
    networks: tuple[Network, ...]

    @classmethod
    def by(cls, settings: Settings) -> Self:
        """The rules of an installation."""
        unencrypted = settings.environment == "development"
        return cls(unencrypted, tuple(settings.outbound_networks))

    def permits_scheme(self, target: Target) -> bool:
        """Whether the encryption of a URL suffices."""
        return self.unencrypted or target.scheme == "https"

    def permits_host(self, target: Target) -> bool:
        """Whether the address in a URL is permitted.

        The addresses of a name are not known here: each connection has its addresses checked.
        """
        return target.address is None or self.permits(target.address)

    def permits(self, address: Address) -> bool:
        """Whether an address is public, or in one of the permitted networks.

        Python's `is_global` is not used: it holds for multicast, and for forms of IPv4 addresses.
        """
        return is_public(address) or any(address in network for network in self.networks)


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public Internet."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in SPECIAL_IPV4)
    return address in GLOBAL_IPV6 and not any(address in network for network in SPECIAL_IPV6)
