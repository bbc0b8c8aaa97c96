"""A circuit per service: what does not answer is not asked for a while, so that its callers do not wait in vain."""

import logging
import math
import time
from collections.abc import Callable
from typing import Final

from prometheus_client import Gauge

log = logging.getLogger(__name__)

# In a row, counting requests that found no connection or had no answer in time; an answer of whatever status ends it.
FAILURES_TO_OPEN: Final = 5
# Until one request may try again, and from there until the next may.
OPEN_SECONDS: Final = 5.0
CIRCUIT_OPEN: Final = Gauge(
    "tongban_gateway_circuit_open", "1 while a service is not asked because it does not answer", ["upstream"]
)


class Circuit:
    """Closed as long as a service answers; open, it lets one request through now and then, to see whether it does."""

    def __init__(self, upstream: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._upstream = upstream
        self._clock = clock
        self._failures = 0
        self._refusing_until: float | None = None
        self._gauge = CIRCUIT_OPEN.labels(upstream)
        self._gauge.set(0)

    @property
    def is_closed(self) -> bool:
        """True while nothing is wrong."""
        return self._refusing_until is None

    def seconds_to_wait(self) -> int:
        """Return 0 where a request may pass; of an open circuit the one that is to try, then none for a while."""
        if self._refusing_until is None:
            return 0
        now = self._clock()
        if now < self._refusing_until:
            return max(1, math.ceil(self._refusing_until - now))
        self._refusing_until = now + OPEN_SECONDS
        return 0

    def answered(self) -> None:
        """The service is there."""
        self._failures = 0
        if self._refusing_until is not None:
            self._refusing_until = None
            self._gauge.set(0)
            log.info("circuit_closed", extra={"upstream": self._upstream})

    def failed(self) -> None:
        """The service could not be reached, or did not answer in time."""
        self._failures += 1
        if self._failures < FAILURES_TO_OPEN:
            return
        if self._refusing_until is None:
            self._gauge.set(1)
            log.warning("circuit_opened", extra={"upstream": self._upstream, "failures": self._failures})
        self._refusing_until = self._clock() + OPEN_SECONDS
