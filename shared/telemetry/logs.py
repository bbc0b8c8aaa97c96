"""JSON logs: one object a line, a constant event name plus fields, never personal data or tokens."""

import json
import logging
import math
import sys
from datetime import UTC, datetime
from typing import Any

from shared.telemetry.context import current_context

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {
    "message",
    "asctime",
    "taskName",
    "color_message",  # uvicorn's, for terminals
}


class JsonFormatter(logging.Formatter):
    """Formats a record with its `extra` fields, the bound request and trace ids, and the stack of an error."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        context = current_context()
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "service": self._service,
            "event": record.getMessage(),
            "request_id": context.request_id,
            "trace_id": context.trace_id,
        }
        line |= {k: _told(v) for k, v in record.__dict__.items() if k not in _STANDARD}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        told = json.dumps(line, ensure_ascii=False, default=str)
        # A lone surrogate cannot be written as UTF-8; as an escape it is good JSON.
        return told.encode(errors="backslashreplace").decode()


def _told(value: object) -> object:
    """JSON has no word for what is no finite number."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def configure_logs(service: str, level: int = logging.INFO) -> None:
    """Send every log of this process to standard output as JSON lines, the HTTP server's own too."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter(service))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for own_handlers in ("uvicorn", "uvicorn.error"):
        server = logging.getLogger(own_handlers)
        server.handlers.clear()
        server.propagate = True
    for noisy in ("httpx", "httpcore", "uvicorn.access", "nats", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
