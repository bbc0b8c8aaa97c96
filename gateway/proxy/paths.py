"""Which path goes where; a path that two readers could understand differently goes nowhere."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from starlette.types import Scope

# Whatever is not printable ASCII, empty and dot segments, what a second reader may take for a separator, and
# letters, digits and `-._~` in disguise: whether `%6d` is an `m` is for each reader to say (RFC 3986 section 2.3).
_AMBIGUOUS: Final = re.compile(
    rb"[^\x21-\x7e]|[;#\\]|//|/\.{1,2}(?:/|\Z)|%(?:2f|5c|3b|25|00|0a|0d)"
    rb"|%(?:2[de]|3[0-9]|[46][1-9a-f]|[57][0-9a]|5f|7e)",
    re.IGNORECASE,
)

# What an app asks at the certification itself; what only a confidential client or a service may ask is not there.
_PROTOCOL: Final = frozenset({b"/oauth2/token", b"/oauth2/userinfo", b"/oauth2/revoke", b"/oauth2/par"})
_CATALOGUE: Final = b"/catalogue/"


@dataclass(frozen=True)
class Upstream:
    """A service behind the gateway: its name, its path prefix, and where it listens."""

    name: str
    prefix: str
    url: str

    @cached_property
    def origin(self) -> bytes:
        """The name as a header's value."""
        return self.name.encode()

    @cached_property
    def route(self) -> str:
        """How metrics and logs name what lies below the prefix."""
        return f"{self.prefix}/*"


def is_ambiguous(raw_path: bytes) -> bool:
    """Tell whether a path, as it came over the wire, must not be forwarded."""
    return not raw_path.startswith(b"/") or _AMBIGUOUS.search(raw_path) is not None


def raw_path_of(scope: Scope) -> bytes:
    """Return a request's path as it came over the wire."""
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    return raw_path


def is_api(raw_path: bytes) -> bool:
    """Tell whether programs call a path: any with a version, of a service or of the gateway, and a few without.

    What persons open in a browser is none.
    """
    parts = raw_path.split(b"/", 3)
    return b"v1" in parts[2:3] or raw_path in _PROTOCOL or raw_path.startswith(_CATALOGUE)


class RouteTable:
    """Services by the first two segments of a path: `/registration/v1/...`."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._upstreams = {
            (name.encode(), b"v1"): Upstream(name, f"/{name}/v1", url.rstrip("/"))
            for name, url in urls.items()
        }

    def find(self, raw_path: bytes) -> Upstream | None:
        """Return the service that answers for a path; what services keep to themselves has no such prefix."""
        parts = raw_path.split(b"/", 3)
        return self._upstreams.get((parts[1], parts[2])) if len(parts) > 2 else None

    @property
    def upstreams(self) -> tuple[Upstream, ...]:
        """All services."""
        return tuple(self._upstreams.values())
