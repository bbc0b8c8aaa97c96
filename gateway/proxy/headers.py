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
# The server in front of this app sends a Date of its own; two would be one too many.
_NEVER_RETURNED: Final = HOP_BY_HOP | {
    *("set-cookie", "server", "date", "x-request-id", "x-tongban-origin", "x-powered-by"),
}
_PLAIN: Final = bytes([0x09, *range(0x20, 0x7F)])


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
    dropped = _named_by_connection(
        value.decode("latin-1") for name, value in received if name == "connection"
    )
    forwarded: Pairs = []
    for name, value in received:
        if name in _NEVER_FORWARDED or name.startswith(_NEVER_FORWARDED_PREFIXES) or name in dropped:
            continue
        if "_" in name or value.translate(None, _PLAIN):
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


def headers_for_caller(pairs: Iterable[tuple[str, str]], upstream: str) -> list[tuple[bytes, bytes]]:
    """Return the headers of the answer, with the name of the service from which it comes."""
    received = [(name.lower(), value) for name, value in pairs]
    dropped = _named_by_connection(value for name, value in received if name == "connection")
    kept = [
        (name.encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in received
        if name not in _NEVER_RETURNED and name not in dropped
    ]
    kept.append((b"x-tongban-origin", upstream.encode()))
    return kept


def _named_by_connection(values: Iterable[str]) -> frozenset[str]:
    return frozenset(token.strip() for value in values for token in value.lower().split(","))
