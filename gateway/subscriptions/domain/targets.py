"""Where webhooks may go: never into the suite's own network, whatever name or number the target goes by (SSRF).

Checked when a target is named and again, on the address that is really connected to, at each send.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

MAX_URL: Final = 500
PORTS: Final = (443, 8443)
_NAT64: Final = ip_network("64:ff9b::/96")
_NAT64_LOCAL: Final = ip_network("64:ff9b:1::/48")
_SHARED: Final = ip_network("100.64.0.0/10")  # carrier-grade NAT (RFC 6598)


class TargetFault(StrEnum):
    """What is wrong with a target."""

    NOT_A_URL = "not_a_url"
    SCHEME = "scheme"
    USER_INFO = "user_info"
    PORT = "port"
    ADDRESS = "address"
    UNRESOLVABLE = "unresolvable"


@dataclass(eq=False)
class TargetNotAllowed(Exception):
    """Nothing is sent there."""

    fault: TargetFault


@dataclass(frozen=True)
class Target:
    """A target in its parts."""

    url: str
    scheme: str
    host: str
    port: int
    path: str


@dataclass(frozen=True)
class TargetRules:
    """Which addresses are allowed beside public ones: departments' networks that the operator names.

    Plain http and other ports are for such networks in local mode only.
    """

    networks: tuple[Network, ...] = ()
    is_local_mode: bool = False

    def parse(self, url: str) -> Target:
        """Take a target apart. Raises: TargetNotAllowed."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise TargetNotAllowed(TargetFault.NOT_A_URL) from error
        if len(url) > MAX_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
            raise TargetNotAllowed(TargetFault.NOT_A_URL)
        if parts.scheme not in ("https", "http") or (parts.scheme == "http" and not self._is_lenient):
            raise TargetNotAllowed(TargetFault.SCHEME)
        if not parts.hostname or parts.fragment:
            raise TargetNotAllowed(TargetFault.NOT_A_URL)
        if parts.username is not None or parts.password is not None:
            raise TargetNotAllowed(TargetFault.USER_INFO)
        port = port if port is not None else (443 if parts.scheme == "https" else 80)
        if port not in PORTS and not self._is_lenient:
            raise TargetNotAllowed(TargetFault.PORT)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Target(url, parts.scheme, parts.hostname, port, path)

    def choose(self, resolved: Iterable[str]) -> str:
        """Return the address to connect to; one forbidden address forbids the name. Raises: TargetNotAllowed."""
        addresses = [ip_address(each) for each in resolved]
        if not addresses:
            raise TargetNotAllowed(TargetFault.UNRESOLVABLE)
        if not all(self.allows(address) for address in addresses):
            raise TargetNotAllowed(TargetFault.ADDRESS)
        return str(addresses[0])

    def allows(self, address: Address) -> bool:
        """Whether something may be sent to an address."""
        inner = _inner(address)
        if any(inner.version == network.version and inner in network for network in self.networks):
            return True
        return is_public(inner)

    @property
    def _is_lenient(self) -> bool:
        return self.is_local_mode and bool(self.networks)


def is_public(address: Address) -> bool:
    """Whether an address is somewhere on the Internet: not private, local, shared, reserved or for many."""
    inner = _inner(address)
    if isinstance(inner, IPv4Address) and inner in _SHARED:
        return False
    if isinstance(inner, IPv6Address) and inner in _NAT64_LOCAL:
        return False
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for (mapped, 6to4, Teredo, NAT64), or the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or int(address) >> 32 == 0:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
