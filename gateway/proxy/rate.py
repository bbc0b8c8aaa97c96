"""How many requests a caller may send: a token bucket each, in memory, bounded."""

import math
from collections import OrderedDict
from dataclasses import dataclass

_MOST_CALLERS = 50_000


@dataclass(frozen=True)
class Allowance:
    """What a caller has left; `retry_after` is zero where the request may pass."""

    limit: int
    remaining: int
    retry_after: int
    refill_seconds: int

    def headers(self) -> list[tuple[bytes, bytes]]:
        """The allowance as headers. Source: draft-ietf-httpapi-ratelimit-headers."""
        policy = f'"caller";q={self.limit};w={self.refill_seconds}'
        left = f'"caller";r={self.remaining};t={self.refill_seconds}'
        return [(b"ratelimit-policy", policy.encode()), (b"ratelimit", left.encode())]


class TokenBuckets:
    """One bucket a caller: `burst` at once, `per_second` in the long run."""

    def __init__(self, per_second: float, burst: int, most_callers: int = _MOST_CALLERS) -> None:
        self._per_second = per_second
        self._burst = burst
        self._most_callers = most_callers
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str, now: float) -> Allowance:
        """Take one request from a caller's bucket at an instant of a monotonic clock."""
        level, seen = self._buckets.pop(caller, (float(self._burst), now))
        level = min(float(self._burst), level + max(0.0, now - seen) * self._per_second)
        allowed = level >= 1
        level = level - 1 if allowed else level
        self._buckets[caller] = (level, now)
        if len(self._buckets) > self._most_callers:
            self._buckets.popitem(last=False)  # the one that was silent longest: its bucket is full again
        return Allowance(
            limit=self._burst,
            remaining=int(level),
            retry_after=0 if allowed else max(1, math.ceil((1 - level) / self._per_second)),
            refill_seconds=max(1, math.ceil((self._burst - level) / self._per_second)),
        )
