"""How many requests a caller may send: a token bucket each, in memory, bounded."""

import math
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

_MOST_CALLERS = 50_000


class Rate(NamedTuple):
    """How much a client may send: `burst` at once, `per_second` in the long run."""

    per_second: float
    burst: int

    def times(self, factor: float) -> "Rate":
        """Return a multiple of it."""
        return Rate(self.per_second * factor, max(1, round(self.burst * factor)))


UNLIMITED = Rate(math.inf, 0)
RateOf = Callable[[str], Rate]


class Allowance(NamedTuple):
    """What a caller has left; `retry_after` is zero where the request may pass."""

    limit: int
    remaining: int
    retry_after: int
    refill_seconds: int

    def lines(self) -> tuple[tuple[bytes, bytes], ...]:
        """The allowance as header lines. Source: draft-ietf-httpapi-ratelimit-headers."""
        return _lines(self.limit, self.remaining, self.refill_seconds) if self.limit else ()


_WITHOUT_LIMIT = Allowance(0, 0, 0, 0)


class TokenBuckets:
    """One bucket a caller, as large as its client's rate; the usual one for whom no client is known."""

    def __init__(
        self,
        per_second: float,
        burst: int,
        most_callers: int = _MOST_CALLERS,
        rate_of: RateOf | None = None,
    ) -> None:
        self._usual = Rate(per_second, burst)
        self._rate_of = rate_of or (lambda _client_id: self._usual)
        self._most_callers = most_callers
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str, now: float, client_id: str | None = None) -> Allowance:
        """Take one request from a caller's bucket at an instant of a monotonic clock."""
        rate, burst = self._usual if client_id is None else self._rate_of(client_id)
        if not burst:
            return _WITHOUT_LIMIT
        level: float = burst
        known = self._buckets.get(caller)
        if known is not None:
            self._buckets.move_to_end(caller)
            level, seen = known
            if now > seen:
                level = min(burst, level + (now - seen) * rate)
        is_allowed = level >= 1
        if is_allowed:
            level -= 1
        self._buckets[caller] = (level, now)
        if known is None and len(self._buckets) > self._most_callers:
            self._buckets.popitem(last=False)  # the one that was silent longest: its bucket is full again
        return Allowance(
            burst,
            int(level),
            0 if is_allowed else max(1, math.ceil((1 - level) / rate)),
            math.ceil((burst - level) / rate) or 1,
        )


@lru_cache(4096)
def _lines(limit: int, remaining: int, refill_seconds: int) -> tuple[tuple[bytes, bytes], ...]:
    policy = f'"caller";q={limit};w={refill_seconds}'
    left = f'"caller";r={remaining};t={refill_seconds}'
    return (b"ratelimit-policy", policy.encode()), (b"ratelimit", left.encode())
