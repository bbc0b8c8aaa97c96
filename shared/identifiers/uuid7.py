"""Time-ordered identifiers: UUID version 7 of RFC 9562."""

import secrets
import time
from uuid import UUID

RANDOM_BITS = 74


def uuid7(now_ms: int, random: int) -> UUID:
    """Build a UUIDv7 from milliseconds since 1970 (UTC) and 74 bits; the upper 12 order a millisecond.

    Raises ValueError outside 48 and 74 bits.
    """
    if not 0 <= now_ms < 1 << 48 or not 0 <= random < 1 << RANDOM_BITS:
        raise ValueError("a UUIDv7 takes 48 bits of time and 74 bits of randomness")
    upper, lower = random >> 62, random & ((1 << 62) - 1)
    return UUID(int=now_ms << 80 | 0x7 << 76 | upper << 64 | 0b10 << 62 | lower)


def new_uuid7() -> UUID:
    """Make one now; the clock's fraction of the millisecond, in 4096ths, goes before the randomness.

    Source: RFC 9562, section 6.2, method 3.
    """
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    fraction = (nanoseconds << 12) // 1_000_000
    return uuid7(milliseconds, fraction << 62 | secrets.randbits(62))
