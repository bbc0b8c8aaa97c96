"""The log of events that agencies may follow: one order of positions, and what should be held of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

SETTLES_AFTER: Final = timedelta(seconds=30)
"""No command runs so long: an event older than this has no predecessor that is still to come."""


@dataclass(frozen=True)
class LoggedEvent:
    """An event with its place in the log."""

    position: int
    event_id: UUID
    type: str
    subject: str
    envelope: Mapping[str, Any]


@dataclass(frozen=True)
class Mark:
    """The place up to which is counted: a position of the log, or the id of an event.

    Ids are UUIDv7 and made in the order of time, so that whoever holds events can count by them too.
    """

    position: int | None = None
    event_id: UUID | None = None


@dataclass(frozen=True)
class Reckoning:
    """How many events of each type an agency should hold up to a mark, of those after `after`."""

    upto: str
    counts: Mapping[str, int]
    is_settled: bool
    after: int = 0

    @property
    def total(self) -> int:
        """All types together."""
        return sum(self.counts.values())


def made_at(event_id: UUID) -> datetime:
    """When an event's id was made (RFC 9562, section 5.7)."""
    return datetime.fromtimestamp((event_id.int >> 80) / 1000, UTC)
