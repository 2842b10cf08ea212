"""The client of a connection: its IP address, its networks and its device."""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple, Self

LONGEST_DEVICE = 300
SITES = {4: 32, 6: 64}
"""Prefix lengths of a site by IP version: the site chooses the remaining bits."""
REGIONS = {4: 24, 6: 48}
"""Prefix lengths that may be stored: they identify a region, not a household."""
NETWORKS = ((REGIONS, 16), ({4: 32, 6: 56}, 4), (SITES, 1))
"""The networks by which attempts are counted, each with its limit in multiples of a site's."""


class Client(NamedTuple):
    """The program that sends a request.

    Args:
        ip: The IP address; None if there is none.
        device: The User-Agent; None if there is none.
        request_id: The id of the request.
    """

    ip: str | None
    device: str | None
    request_id: str

    @classmethod
    def of(cls, ip: str | None, device: str | None, request_id: str) -> Self:
        """A client with untrusted values truncated to their columns."""
        kept = "".join(filter(str.isprintable, device or ""))[:LONGEST_DEVICE]
        return cls(unmapped(ip), kept or None, request_id)

    def is_like(self, ip: str | None, device: str | None) -> bool:
        """Whether it may be the client with this address and device."""
        return self.ip == ip and self.device == device

    @property
    def site(self) -> str:
        """The subject of limits: the IPv4 address, or the prefix of the IPv6 address."""
        return network_of(self.ip, SITES)

    @property
    def networks(self) -> dict[str, int]:
        """The networks by which limits are counted, with the factor of each limit."""
        return {network_of(self.ip, prefixes): sites for prefixes, sites in NETWORKS}

    @property
    def network(self) -> str:
        """The address without the bits that identify a household."""
        return region_of(self.ip)


@lru_cache(maxsize=4096)
def region_of(ip: str | None) -> str:
    """The network of an address that may be stored."""
    return network_of(ip, REGIONS)


def network_of(ip: str | None, prefixes: Mapping[int, int]) -> str:
    """The network of an address, with the prefix length for its IP version."""
    parsed = _parsed(ip)
    if parsed is None:  # for example a socket file
        return "unknown"
    return str(ip_network((parsed, prefixes[parsed.version]), strict=False))


def unmapped(ip: str | None) -> str | None:
    """The address, with IPv4-mapped IPv6 addresses (``::ffff:192.0.2.1``) as IPv4."""
    parsed = _parsed(ip)
    return ip if parsed is None else str(parsed)


def spellings(network: IPv4Network | IPv6Network) -> list[str]:
    """A network, and its IPv4-mapped form if it is IPv4: dual-stack servers see that one."""
    if isinstance(network, IPv6Network):
        return [str(network)]
    return [str(network), f"::ffff:{network.network_address}/{96 + network.prefixlen}"]


def _parsed(ip: str | None) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(ip or "")
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed
