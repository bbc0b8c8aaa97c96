"""Which path goes where; a path that two readers could understand differently goes nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass

_AMBIGUOUS = (b"//", b";", b"#", b"\\", b"%2f", b"%2e", b"%5c", b"%3b", b"%25", b"%00", b"%0a", b"%0d")
_PRINTABLE = range(0x21, 0x7F)


@dataclass(frozen=True)
class Upstream:
    """A service behind the gateway: its name, its path prefix, and where it listens."""

    name: str
    prefix: str
    url: str


def is_ambiguous(raw_path: bytes) -> bool:
    """Tell whether a path, as it came over the wire, must not be forwarded."""
    lowered = raw_path.lower()
    if not raw_path.startswith(b"/") or any(byte not in _PRINTABLE for byte in raw_path):
        return True
    if any(mark in lowered for mark in _AMBIGUOUS):
        return True
    return any(segment in (b".", b"..") for segment in lowered.split(b"/"))


class RouteTable:
    """Services by the first two segments of a path: `/registration/v1/...`."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._upstreams = {
            f"/{name}/v1": Upstream(name, f"/{name}/v1", url.rstrip("/")) for name, url in urls.items()
        }

    def find(self, raw_path: bytes) -> Upstream | None:
        """Return the service that answers for a path; what services keep to themselves has no such prefix."""
        parts = raw_path.decode("latin-1").split("/", 3)
        return self._upstreams.get(f"/{parts[1]}/{parts[2]}") if len(parts) > 2 else None

    @property
    def upstreams(self) -> tuple[Upstream, ...]:
        """All services."""
        return tuple(self._upstreams.values())
