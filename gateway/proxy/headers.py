"""Which headers pass, both ways: what belongs to one hop ends here, what can be forged is replaced."""

from collections.abc import Iterable
from typing import Final

from starlette.types import Scope

from shared.telemetry.context import WorkContext

Pairs = list[tuple[str, str]]

# RFC 9110 section 7.6.1; whatever `Connection` names ends here too.
HOP_BY_HOP: Final = frozenset(
    {
        *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"),
        *("te", "trailer", "transfer-encoding", "upgrade", "expect"),
    }
)
# Only the gateway says who called, from where and under which name; a session cookie is the gateway's alone.
_NEVER_FORWARDED: Final = HOP_BY_HOP | {
    *("host", "content-length", "cookie", "forwarded", "via", "x-real-ip", "x-request-id", "traceparent"),
    *("x-agency", "x-internal", "x-original-url", "x-original-host", "x-rewrite-url", "x-remote-user"),
    *("x-http-method", "x-http-method-override", "x-method-override", "x-tongban-origin"),
}
_NEVER_FORWARDED_PREFIXES: Final = ("x-forwarded-", "x-user-", "x-internal-", "x-tongban-")
_NEVER_RETURNED: Final = HOP_BY_HOP | {
    "set-cookie",
    "server",
    "x-request-id",
    "x-tongban-origin",
    "x-powered-by",
}


class UnreadableHeader(Exception):
    """A header holds what HTTP does not allow or two readers understand differently."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def headers_for_upstream(scope: Scope, context: WorkContext, length: int | None) -> Pairs:
    """Return the headers of the forwarded request; raises UnreadableHeader.

    `length` is the size of a body that is streamed and whose size is known.
    """
    received = [(name.decode("latin-1").lower(), value) for name, value in scope["headers"]]
    dropped = _named_by_connection(received)
    forwarded: Pairs = []
    for name, value in received:
        if name in _NEVER_FORWARDED or name.startswith(_NEVER_FORWARDED_PREFIXES) or name in dropped:
            continue
        if "_" in name or any((byte < 0x20 and byte != 0x09) or byte > 0x7E for byte in value):
            raise UnreadableHeader(name)
        forwarded.append((name, value.decode("ascii")))
    client = scope.get("client")
    forwarded.append(("x-forwarded-for", client[0] if client else "unknown"))
    forwarded.append(("x-forwarded-proto", scope.get("scheme", "http")))
    forwarded.append(("x-request-id", context.request_id))
    forwarded.append(("traceparent", context.traceparent))
    if length is not None:
        forwarded.append(("content-length", str(length)))
    return forwarded


def headers_for_caller(received: Iterable[tuple[str, str]], upstream: str) -> list[tuple[bytes, bytes]]:
    """Return the headers of the answer, with the name of the service from which it comes."""
    pairs = [(name.lower(), value) for name, value in received]
    dropped = _named_by_connection((name, value.encode("latin-1", "replace")) for name, value in pairs)
    kept = [
        (name.encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in pairs
        if name not in _NEVER_RETURNED and name not in dropped
    ]
    return [*kept, (b"x-tongban-origin", upstream.encode())]


def _named_by_connection(pairs: Iterable[tuple[str, bytes]]) -> frozenset[str]:
    values = [value.decode("latin-1").lower() for name, value in pairs if name == "connection"]
    return frozenset(token.strip() for value in values for token in value.split(","))
