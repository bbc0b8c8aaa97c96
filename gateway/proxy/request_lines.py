"""The line that each proxied request leaves in the log: the same fields as everywhere, written for speed."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Final

from shared.telemetry.context import current_context
from shared.telemetry.logs import JsonFormatter

log = logging.getLogger("gateway.requests")

_SERVICE: Final = "gateway"
_quoted: Final = json.JSONEncoder(ensure_ascii=False).encode


class RequestLineFormatter(JsonFormatter):
    """Formats the records of `write_request_line` as its parent would, at a quarter of the cost."""

    def __init__(self) -> None:
        super().__init__(_SERVICE)
        self._second = 0
        self._second_as_text = ""

    def format(self, record: logging.LogRecord) -> str:
        fields, context = record.__dict__, current_context()
        principal = fields["principal"]
        return (
            f'{{"time": "{self._time(record.created)}", "level": "info", "service": "{_SERVICE}", '
            f'"event": "request", "request_id": "{context.request_id}", "trace_id": "{context.trace_id}", '
            f'"method": {_quoted(fields["method"])}, "route": {_quoted(fields["route"])}, '
            f'"status": {fields["status"]}, "duration_ms": {fields["duration_ms"]}, '
            f'"principal": {"null" if principal is None else _quoted(principal)}}}'
        )

    def _time(self, created: float) -> str:
        second = int(created)
        if second != self._second:
            self._second = second
            self._second_as_text = datetime.fromtimestamp(second, UTC).isoformat()[:19]
        return f"{self._second_as_text}.{int((created - second) * 1000):03d}+00:00"


class _StandardOutput(logging.Handler):
    """Writes each line in one call; without the lock of its parent, since one thread runs the event loop."""

    def handle(self, record: logging.LogRecord) -> bool:
        sys.stdout.write(self.format(record) + "\n")
        sys.stdout.flush()
        return True


def configure_request_lines() -> None:
    """Send the lines to standard output by a way of their own, past the formatter of all other logs."""
    handler = _StandardOutput()
    handler.setFormatter(RequestLineFormatter())
    log.handlers[:] = [handler]
    log.propagate = False


def write_request_line(
    *, method: str, route: str, status: int, seconds: float, principal: str | None
) -> None:
    """Write one line, within the context of its request. Whose code wrote it is not looked up."""
    if not log.isEnabledFor(logging.INFO):
        return
    record = logging.LogRecord(log.name, logging.INFO, "", 0, "request", (), None)
    record.__dict__.update(
        method=method, route=route, status=status, duration_ms=round(seconds * 1000, 2), principal=principal
    )
    log.handle(record)
