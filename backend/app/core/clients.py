"""Who is at the other end of a connection, as far as that can be seen."""

from ipaddress import ip_address, ip_network
from typing import NamedTuple, Self

LONGEST_DEVICE = 300
IPV6_SITE = 64  # the bits of an IPv6 address that one site has in common: it chooses all others
PREFIXES = {4: 24, 6: 48}
"""How many bits of an address may be kept for long: they tell a region, but no household."""


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
        return cls(address, kept or None, request_id)

    def is_like(self, address: str | None, device: str | None) -> bool:
        """Whether it may well be the client that was seen with these."""
        return self.address == address and self.device == device

    @property
    def site(self) -> str:
        """What limits are counted by: the address, or of IPv6 the part that can't be varied."""
        return self._network({4: 32, 6: IPV6_SITE})

    @property
    def network(self) -> str:
        """The address without what would tell the household."""
        return self._network(PREFIXES)

    def _network(self, prefixes: dict[int, int]) -> str:
        try:
            address = ip_address(self.address or "")
        except ValueError:  # a socket file, say
            return "unknown"
        return str(ip_network((address, prefixes[address.version]), strict=False))
