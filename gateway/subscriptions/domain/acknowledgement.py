"""Acknowledgements (接收确认): which departments must take which events of the register, and what of it they hold.

Source: 青海证照分离 二 (REG-21): competent departments fetch what the register tells actively and in time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.calendar import Limit, WorkingCalendar, due


class Way(StrEnum):
    """By what an agency has shown that it holds an event."""

    WEBHOOK = "webhook"
    """Its target took the event."""
    EVENT_STREAM = "event_stream"
    """It resumed its event stream behind the event."""
    FILE = "file"
    """It fetched what lies behind the event."""
    NATS = "nats"
    """Its durable has nothing left that was published up to the event."""
    STATED = "stated"
    """It said so."""


@dataclass(frozen=True)
class Duties:
    """The types that each agency must take, by credit code, and within which time."""

    types_of: Mapping[str, frozenset[str]]
    limit: Limit
    calendar: WorkingCalendar

    @property
    def event_types(self) -> frozenset[str]:
        """All types that somebody must take."""
        return frozenset().union(*self.types_of.values())

    def agencies_of(self, event_type: str) -> tuple[str, ...]:
        """Who must take an event of this type."""
        return tuple(uscc for uscc, types in self.types_of.items() if event_type in types)

    def due_at(self, at: datetime) -> datetime:
        """Until when an event is to be acknowledged that stands in the log since `at`."""
        return due(self.limit, at, self.calendar).at


@dataclass(frozen=True)
class Expected:
    """An event that an agency has to acknowledge until an instant."""

    agency_uscc: str
    position: int
    due_at: datetime


@dataclass(frozen=True)
class Held:
    """What an agency has acknowledged: everything up to a position, and what is open or late behind it."""

    acknowledged_up_to: int | None
    acknowledged_at: datetime | None
    way: Way | None
    unacknowledged: int
    overdue: int
    overdue_since: datetime | None


@dataclass(frozen=True)
class Unacknowledged:
    """An event that an agency did not acknowledge in time."""

    agency_uscc: str
    position: int
    event_id: UUID
    event_type: str
    subject: str
    due_at: datetime
    told_at: datetime | None
