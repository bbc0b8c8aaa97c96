"""Internet addresses of callers: how they are read, and which of them count as one caller."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

Address = IPv4Address | IPv6Address

_MOST_ADDRESSES: Final = 4096
_HOST_BITS: Final = 64


@lru_cache(_MOST_ADDRESSES)
def read_address(text: str) -> Address | None:
    """Return an address, None where it is none; an IPv4 address within IPv6 (`::ffff:192.0.2.1`) is IPv4."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def counted_as(host: str) -> str:
    """Return the name under which an address's requests and guesses count: of IPv6 the /64 network.

    One holder has all addresses of such a network. Source: RFC 6177 section 2.
    """
    if ":" not in host:
        return host
    address = read_address(host)
    if isinstance(address, IPv6Address):
        return f"{IPv6Address(int(address) >> _HOST_BITS << _HOST_BITS)}/{_HOST_BITS}"
    return host if address is None else str(address)
