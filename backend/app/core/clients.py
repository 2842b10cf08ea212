"""Who is at the other end of a connection, as far as that can be seen."""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple, Self

LONGEST_DEVICE = 300
SITES = {4: 32, 6: 64}
"""How many bits of an address a site has in common, by the version of IP: it chooses all others."""
REGIONS = {4: 24, 6: 48}
"""How many bits of an address may be kept for long: they tell a region, but no household."""
NETWORKS = ((REGIONS, 16), ({4: 32, 6: 56}, 4), (SITES, 1))
"""The networks that tries are counted in, and how many sites one of them may try as much as."""


class Client(NamedTuple):
    """The program that sends a request.

    Args:
        address: The network address it comes from; None if there is none.
        device: What it calls itself; None if it doesn't.
        request_id: The id of the request.
    """

    address: str | None
    device: str | None
    request_id: str

    @classmethod
    def of(cls, address: str | None, device: str | None, request_id: str) -> Self:
        """A client whose own words are not to be trusted: they are cut to what can be kept."""
        kept = "".join(filter(str.isprintable, device or ""))[:LONGEST_DEVICE]
        return cls(unmapped(address), kept or None, request_id)

    def is_like(self, address: str | None, device: str | None) -> bool:
        """Whether it may well be the client that was seen with these."""
        return self.address == address and self.device == device

    @property
    def site(self) -> str:
        """What limits are counted by: the address, or of IPv6 the part that can't be varied."""
        return network_of(self.address, SITES)

    @property
    def networks(self) -> dict[str, int]:
        """The networks that limits are counted by, with how many sites each may well hold."""
        return {network_of(self.address, prefixes): sites for prefixes, sites in NETWORKS}

    @property
    def network(self) -> str:
        """The address without what would tell the household."""
        return region_of(self.address)


@lru_cache(maxsize=4096)
def region_of(address: str | None) -> str:
    """The network of an address, as large as one that may be kept for long."""
    return network_of(address, REGIONS)


def network_of(address: str | None, prefixes: Mapping[int, int]) -> str:
    """The network of an address, with as many bits as its version of IP has in the prefixes."""
    parsed = _parsed(address)
    if parsed is None:  # a socket file, say
        return "unknown"
    return str(ip_network((parsed, prefixes[parsed.version]), strict=False))


def unmapped(address: str | None) -> str | None:
    """The address, or that of IPv4 which one of IPv6 stands for (``::ffff:192.0.2.1``)."""
    parsed = _parsed(address)
    return address if parsed is None else str(parsed)


def spellings(network: IPv4Network | IPv6Network) -> list[str]:
    """A network, and as one of IPv6 if it is of IPv4: servers of both see its addresses so."""
    if isinstance(network, IPv6Network):
        return [str(network)]
    return [str(network), f"::ffff:{network.network_address}/{96 + network.prefixlen}"]


def _parsed(address: str | None) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed
