"""What every app's guard does, on the way through: limits on headers and bodies, context, metrics, one line."""

import time
from functools import lru_cache
from typing import Final

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.proxy.cross_origin import CrossOrigin
from gateway.proxy.limits import limits_of
from gateway.proxy.paths import raw_path_of
from gateway.proxy.request_lines import RequestLines
from shared.telemetry import metrics
from shared.telemetry.context import WorkContext, bound, current_context, new_context
from shared.web.middleware import Guard

SERVICE: Final = "gateway"
_ORIGIN: Final = b"x-tongban-origin"
METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
# Where a scope holds the status of an answer that did not pass through the guard, and of a request that was under
# way before it came here its context and when it began.
ANSWERED: Final = "tongban.answered"
CONTEXT: Final = "tongban.context"
BEGAN: Final = "tongban.began"


class ForwardingGuard(Guard):
    """The guard of every app, for the proxy: which media a body may have is the service's to say."""

    def __init__(self, app: ASGIApp, lines: RequestLines, cross_origin: CrossOrigin) -> None:
        super().__init__(app, service=SERVICE)
        self.cross_origin = cross_origin
        self._lines = lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, in the context under which it began."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        context: WorkContext = scope.get(CONTEXT) or context_of(headers)
        origin = headers.get(b"origin")
        lines = () if origin is None else self.cross_origin.lines(raw_path_of(scope), origin)
        with bound(context):
            await self._serve(scope, receive, from_here(send, *lines), headers, context.request_id)

    def refuses(self, scope: Scope, headers: dict[bytes, bytes]) -> bool:
        """Tell whether a request would be refused here."""
        return self._refuse(scope, headers, self._limit(scope["path"])) is not None

    def record(self, context: WorkContext, scope: Scope, status: int, seconds: float) -> None:
        """Count a request, and write its line."""
        route, method = scope.get("tongban.route", "unknown"), scope["method"]
        answered, durations = _metrics_of(route, method if method in METHODS else "other", status)
        answered.inc()
        durations.observe(seconds)
        self._lines.add(context, method, route, status, seconds, scope.get("tongban.principal"))

    def _limit(self, path: str) -> int:
        return limits_of(path).body_bytes

    def _takes(self, path: str, headers: dict[bytes, bytes]) -> bool:
        return True

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        began = scope.get(BEGAN)
        if began is not None:
            seconds = time.perf_counter() - began
        self.record(current_context(), scope, scope.get(ANSWERED, status), seconds)


def from_here(send: Send, *lines: tuple[bytes, bytes]) -> Send:
    """Say of an answer that it arose here, unless it says whence it came; add lines that its headers lack."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message["headers"]]
            headers += [line for line in lines if line not in headers]
            if all(name.lower() != _ORIGIN for name, _ in headers):
                headers.append((_ORIGIN, SERVICE.encode()))
            message = {**message, "headers": headers}
        await send(message)

    return sending


def context_of(headers: dict[bytes, bytes]) -> WorkContext:
    """Continue the trace of a request, or begin one."""
    return new_context(
        request_id=headers.get(b"x-request-id", b"").decode("latin-1") or None,
        traceparent=headers.get(b"traceparent", b"").decode("latin-1"),
    )


@lru_cache(maxsize=1024)
def _metrics_of(route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    """Look a metric up by its labels once."""
    return (
        metrics.REQUESTS.labels(SERVICE, route, method, status),
        metrics.REQUEST_SECONDS.labels(SERVICE, route),
    )
