"""The line that each proxied request leaves in the log: the same fields as everywhere, written many at a time."""

import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from shared.telemetry.context import WorkContext

FLUSH_SECONDS: Final = 0.05
_FLUSH_LINES: Final = 200
_SERVICE: Final = "gateway"


class RequestLines:
    """Lines on their way to standard output: they wait for each other for 50 ms at most.

    What a process that is killed had not written is lost; one that is told to stop writes all.
    """

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self._flushing: asyncio.TimerHandle | None = None
        self._second = 0
        self._second_as_text = ""

    def add(
        self,
        context: WorkContext,
        method: str,
        route: str,
        status: int,
        seconds: float,
        principal: str | None,
    ) -> None:
        """Add the line of one request."""
        waiting = self._waiting
        waiting.append(
            f'{{"time": "{self._time()}", "level": "info", "service": "{_SERVICE}", "event": "request", '
            f'"request_id": "{context.request_id}", "trace_id": "{context.trace_id}", '
            f'"method": {_quoted(method)}, "route": {_quoted(route)}, "status": {status}, '
            f'"duration_ms": {round(seconds * 1000, 2)}, "principal": {_quoted(principal)}}}\n'
        )
        if len(waiting) >= _FLUSH_LINES:
            self.flush()
        elif self._flushing is None:
            self._flushing = asyncio.get_running_loop().call_later(FLUSH_SECONDS, self.flush)

    def flush(self) -> None:
        """Write what waits."""
        if self._flushing is not None:
            self._flushing.cancel()
            self._flushing = None
        if self._waiting:
            sys.stdout.write("".join(self._waiting))
            sys.stdout.flush()
            self._waiting.clear()

    def _time(self) -> str:
        now = time.time()
        second = int(now)
        if second != self._second:
            self._second = second
            self._second_as_text = datetime.fromtimestamp(second, UTC).isoformat()[:19]
        return f"{self._second_as_text}.{int((now - second) * 1000):03d}+00:00"


@lru_cache(4096)
def _quoted(text: str | None) -> str:
    return json.dumps(text, ensure_ascii=False)
