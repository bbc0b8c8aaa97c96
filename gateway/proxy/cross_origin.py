"""Which pages of other origins may read an answer (CORS, 跨域资源共享), and what their preflights are told.

Those of the apps that are registered and served, and never with a cookie. It protects the person at the browser, not
the services: who needs no browser is served or refused by the token alone. Source: WHATWG Fetch, section 3.3.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from starlette.types import Scope

from gateway.proxy.paths import is_api, raw_path_of

Line = tuple[bytes, bytes]
Lines = tuple[Line, ...]
IsRegistered = Callable[[str], bool]

_ALLOW_ORIGIN: Final = b"access-control-allow-origin"
_EXPOSE: Final = (
    b"access-control-expose-headers",
    b"etag, link, location, ratelimit, ratelimit-policy, retry-after, www-authenticate, x-request-id,"
    b" x-tongban-origin",
)
_TO_ANYONE: Final[Lines] = ((_ALLOW_ORIGIN, b"*"), _EXPOSE)
# An answer that names no origin says so too: a browser that kept it must not give it to a page of another.
_TO_NO_OTHER: Final[Lines] = ((b"vary", b"Origin"),)
_PUBLIC: Final = b"/.well-known/"
PREFLIGHT_LINES: Final[Lines] = (
    (b"access-control-allow-methods", b"GET, HEAD, POST, PUT, PATCH, DELETE"),
    (
        b"access-control-allow-headers",
        b"authorization, dpop, content-type, idempotency-key, if-match, if-none-match, accept-language, traceparent,"
        b" x-request-id, last-event-id",
    ),
    (b"access-control-max-age", b"600"),
)


class CrossOrigin:
    """Knows what an answer says of the pages that may read it; `is_registered` is a look-up in memory."""

    def __init__(self, is_registered: IsRegistered) -> None:
        self._is_registered = is_registered

    def lines(self, raw_path: bytes, origin: bytes | None) -> Lines:
        """Return the header lines of an answer; none on a path that only persons open (登录、授权页面)."""
        if raw_path.startswith(_PUBLIC):
            return _TO_ANYONE
        return self.api_lines(origin) if is_api(raw_path) else ()

    def api_lines(self, origin: bytes | None) -> Lines:
        """Return the same for a path of an API."""
        if origin is None or not self._is_registered(origin.decode("latin-1")):
            return _TO_NO_OTHER
        return _to(origin)

    def answers_preflight(self, scope: Scope, headers: Mapping[bytes, bytes]) -> bool:
        """Tell whether a request only asks whether a page may send another, and the answer is yes.

        The preflight of any other page is a request as any: it finds no permission in what it is answered.
        """
        origin = headers.get(b"origin")
        if scope["method"] != "OPTIONS" or origin is None or b"access-control-request-method" not in headers:
            return False
        return any(name == _ALLOW_ORIGIN for name, _ in self.lines(raw_path_of(scope), origin))


@lru_cache(1024)
def _to(origin: bytes) -> Lines:
    return (*_TO_NO_OTHER, (_ALLOW_ORIGIN, origin), _EXPOSE)
