"""What every app's guard does, on the way through: limits on headers and bodies, context, metrics, one line."""

from functools import lru_cache
from typing import Final

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Scope

from gateway.proxy.request_lines import write_request_line
from shared.telemetry import metrics
from shared.web.middleware import Guard

SERVICE: Final = "gateway"
METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
# Bodies that a service takes larger than others; the service has the last word on each of its routes.
LARGER_BODIES: Final = {"/registration/v1/imports/": 16 * 2**20}


class ForwardingGuard(Guard):
    """The guard of every app, for the proxy: which media a body may have is the service's to say."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app, service=SERVICE, larger=LARGER_BODIES)

    def _takes(self, path: str, headers: dict[bytes, bytes]) -> bool:
        return True

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route, method = scope.get("tongban.route", "unknown"), scope["method"]
        answered, durations = _metrics_of(route, method if method in METHODS else "other", status)
        answered.inc()
        durations.observe(seconds)
        write_request_line(
            method=method,
            route=route,
            status=status,
            seconds=seconds,
            principal=scope.get("tongban.principal"),
        )


@lru_cache(maxsize=1024)
def _metrics_of(route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    """Look a metric up by its labels once."""
    return (
        metrics.REQUESTS.labels(SERVICE, route, method, status),
        metrics.REQUEST_SECONDS.labels(SERVICE, route),
    )
