"""What a route is allowed beyond the usual: larger bodies, more time for an answer."""

from dataclasses import dataclass
from typing import Final

from shared.web.middleware import MAX_BODY_BYTES


@dataclass(frozen=True)
class RouteLimits:
    """Limits of the routes whose path begins with `prefix`; the service has the last word on each of its own.

    `answer_seconds` bounds the wait for the answer's head and each pause after it; None is the setting's value.
    """

    prefix: str
    why: str
    body_bytes: int = MAX_BODY_BYTES
    answer_seconds: float | None = None


# The first that fits counts. A stream of events (text/event-stream) has no limit on its pauses, on whatever route.
ROUTE_LIMITS: Final = (
    RouteLimits(
        "/registration/v1/imports/",
        "a batch carries a thousand rows of a register, each of which is checked; a report is written as it is read",
        body_bytes=16 * 2**20,
        answer_seconds=120,
    ),
)
USUAL: Final = RouteLimits("/", "whatever a person waits for")


def limits_of(path: str) -> RouteLimits:
    """Return the limits of a path."""
    for limits in ROUTE_LIMITS:
        if path.startswith(limits.prefix):
            return limits
    return USUAL
