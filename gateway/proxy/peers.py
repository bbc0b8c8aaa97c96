"""From where a request comes: its connection's peer, or whom a trusted proxy in front of the gateway names."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from starlette.types import Scope

from shared.web.addresses import read_address

_NAMING: Final = b"x-forwarded-for"
_MOST_PEERS: Final = 4096


class TrustedProxies:
    """The networks of the proxies in front; what anybody else says of a caller's address is not believed."""

    def __init__(self, networks: Iterable[IPv4Network | IPv6Network] = ()) -> None:
        self._networks = tuple(networks)
        self._trusts = lru_cache(_MOST_PEERS)(self._lies_within)

    def settle(self, scope: Scope) -> None:
        """Make the caller the client of a request that came from a trusted proxy.

        It may be done again: whoever is the caller once stays it.
        """
        client = scope.get("client")
        if not self._networks or client is None or not self._trusts(client[0]):
            return
        named = b",".join([value for name, value in scope["headers"] if name == _NAMING])
        scope["client"] = (self.caller(client[0], named.decode("latin-1").split(",")), 0)

    def caller(self, peer: str, named: Sequence[str]) -> str:
        """Return the last address of `X-Forwarded-For` that is no trusted proxy's: its right end is the nearest.

        Where all are, it is the first. What is not an address ends the search: the proxy that wrote it counts.
        """
        found = peer
        for entry in reversed(named):
            address = read_address(entry.strip()) if self._trusts(found) else None
            if address is None:
                break
            found = str(address)
        return found

    def _lies_within(self, host: str) -> bool:
        address = read_address(host)
        return address is not None and any(address in network for network in self._networks)
