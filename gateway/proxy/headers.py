"""Which headers pass, both ways: what belongs to one hop ends here, what can be forged is replaced."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from starlette.types import Scope

from shared.telemetry.context import WorkContext

Lines = list[tuple[bytes, bytes]]

# RFC 9110 section 7.6.1; whatever `Connection` names ends here too.
HOP_BY_HOP: Final = frozenset(
    {
        *(b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection"),
        *(b"te", b"trailer", b"transfer-encoding", b"upgrade", b"expect"),
    }
)
# Only the gateway says who called, from where and under which name; a session cookie is the gateway's alone.
_NEVER_FORWARDED: Final = HOP_BY_HOP | {
    *(b"host", b"content-length", b"cookie", b"forwarded", b"via", b"x-real-ip", b"x-request-id"),
    *(b"traceparent", b"x-agency", b"x-internal", b"x-original-url", b"x-original-host", b"x-rewrite-url"),
    *(b"x-remote-user", b"x-http-method", b"x-http-method-override", b"x-method-override"),
    b"x-tongban-origin",
}
_NEVER_FORWARDED_PREFIXES: Final = (b"x-forwarded-", b"x-user-", b"x-internal-", b"x-tongban-")
# The server in front of this app sends a Date of its own; two would be one too many.
_NEVER_RETURNED: Final = HOP_BY_HOP | {
    *(b"set-cookie", b"server", b"date", b"x-request-id", b"x-tongban-origin", b"x-powered-by"),
}
# Which pages may read an answer is the gateway's to say.
_NEVER_RETURNED_PREFIX: Final = b"access-control-"
_PLAIN: Final = bytes([0x09, *range(0x20, 0x7F)])
_MOST_NAMES: Final = 1024


class UnreadableHeader(Exception):
    """A header holds what HTTP does not allow or two readers understand differently."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def headers_for_upstream(scope: Scope, context: WorkContext, length: int | None) -> bytes:
    """Return the header lines of the forwarded request; raises UnreadableHeader.

    `length` is the size of the body, where there is one and its size is known.
    """
    received: Lines = scope["headers"]
    dropped = _named_by_connection(received)
    parts: list[bytes] = []
    for name, value in received:
        if not _is_forwarded(name) or name in dropped:
            continue
        if b"_" in name or value.translate(None, _PLAIN):
            raise UnreadableHeader(name.decode("latin-1"))
        parts += (name, b": ", value, b"\r\n")
    client = scope.get("client")
    framing = "" if length is None else f"content-length: {length}\r\n"
    own = (
        f"x-forwarded-for: {client[0] if client else 'unknown'}\r\n"
        f"x-forwarded-proto: {scope.get('scheme', 'http')}\r\n"
        f"x-request-id: {context.request_id}\r\n"
        f"traceparent: {context.traceparent}\r\n{framing}"
    )
    parts.append(own.encode("ascii"))
    return b"".join(parts)


def headers_for_caller(received: Lines, origin: bytes) -> Lines:
    """Return the headers of the answer, with the name of the service from which it comes."""
    dropped = _named_by_connection(received)
    kept = [line for line in received if _is_returned(line[0]) and line[0] not in dropped]
    kept.append((b"x-tongban-origin", origin))
    return kept


def is_event_stream(lines: Lines) -> bool:
    """Tell whether an answer is a stream of server-sent events."""
    return any(name == b"content-type" and value.startswith(b"text/event-stream") for name, value in lines)


@lru_cache(_MOST_NAMES)
def _is_forwarded(name: bytes) -> bool:
    return name not in _NEVER_FORWARDED and not name.startswith(_NEVER_FORWARDED_PREFIXES)


@lru_cache(_MOST_NAMES)
def _is_returned(name: bytes) -> bool:
    return name not in _NEVER_RETURNED and not name.startswith(_NEVER_RETURNED_PREFIX)


def _named_by_connection(lines: Iterable[tuple[bytes, bytes]]) -> frozenset[bytes]:
    values = [value for name, value in lines if name == b"connection"]
    return frozenset(token.strip() for value in values for token in value.lower().split(b","))
