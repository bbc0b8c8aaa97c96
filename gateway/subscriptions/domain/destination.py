"""A destination (推送地址) of a subscription: how far its deliveries are, and what waits or is parked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

FORMER_SECRET: Final = timedelta(hours=24)
"""So long after a rotation messages are signed with the former secret too."""
JITTER: Final = 0.1


class DestinationState(StrEnum):
    """Where a destination stands."""

    ACTIVE = "active"
    PAUSED = "paused"
    """By its agency."""
    PARKED = "parked"
    """It did not answer through all attempts; its place in the log is kept until it is resumed."""
    GONE = "gone"
    """It answered 410: nothing is sent there any more."""


class DestinationAction(StrEnum):
    """What may be done to a destination, or happens to it."""

    PAUSE = "pause"
    RESUME = "resume"
    PARK = "park"
    LEAVE = "leave"


TRANSITIONS: Final[Mapping[tuple[DestinationState, DestinationAction], DestinationState]] = MappingProxyType(
    {
        (DestinationState.ACTIVE, DestinationAction.PAUSE): DestinationState.PAUSED,
        (DestinationState.ACTIVE, DestinationAction.PARK): DestinationState.PARKED,
        (DestinationState.ACTIVE, DestinationAction.LEAVE): DestinationState.GONE,
        (DestinationState.PAUSED, DestinationAction.RESUME): DestinationState.ACTIVE,
        (DestinationState.PARKED, DestinationAction.RESUME): DestinationState.ACTIVE,
        (DestinationState.GONE, DestinationAction.RESUME): DestinationState.ACTIVE,
    }
)


@dataclass(eq=False)
class DestinationActionNotAllowed(Exception):
    """The destination's state does not lead there."""

    destination_state: str


@dataclass(frozen=True)
class Patience:
    """How long to wait after each failed attempt; after the last one there is none left.

    The delays of the Standard Webhooks recommendation: together a little more than three days.
    """

    delays: Sequence[timedelta]

    def after(self, attempts: int, chance: float) -> timedelta | None:
        """The wait after so many failed attempts, `chance` (0 to 1) spreading it; None where nothing is left."""
        if attempts > len(self.delays):
            return None
        return self.delays[attempts - 1] * (1 - JITTER + 2 * JITTER * chance)


@dataclass(frozen=True)
class Destination:
    """Where a subscription's events are sent to, and how far that is.

    `position` is the last one that was handed over, or set aside to be tried by itself. While the target as a whole is
    away, `attempts` and `not_before` hold the next try, and nothing moves.
    """

    subscription_id: UUID
    agency_uscc: str
    event_types: tuple[str, ...]
    url: str
    state: DestinationState
    position: int
    secret: bytes = field(repr=False)
    former_secret: bytes | None = field(repr=False, default=None)
    former_until: datetime | None = None
    attempts: int = 0
    not_before: datetime | None = None
    last_fault: str | None = None
    last_success_at: datetime | None = None
    alarmed_at: datetime | None = None
    version: int = 1

    def secrets_at(self, now: datetime) -> tuple[bytes, ...]:
        """The secrets that sign now, the newest first."""
        is_former_good = (
            self.former_secret is not None and self.former_until is not None and now < self.former_until
        )
        return (self.secret, self.former_secret) if is_former_good and self.former_secret else (self.secret,)


class DeliveryState(StrEnum):
    """Where an event stands that its target refused."""

    WAITING = "waiting"
    PARKED = "parked"


@dataclass(frozen=True)
class Delivery:
    """An event that is tried by itself, because the target refused it or an earlier one of its subject."""

    position: int
    event_id: UUID
    subject: str
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    not_before: datetime | None = None
    last_fault: str | None = None
    alarmed_at: datetime | None = None


class Reception(StrEnum):
    """How a target took a message."""

    TAKEN = "taken"
    REFUSED = "refused"
    """This message, whatever it is; others may be taken."""
    AWAY = "away"
    """No answer, or one that says not now."""
    GONE = "gone"


@dataclass(frozen=True)
class Answer:
    """A reception with its reason, and how long the target asks to be left alone."""

    reception: Reception
    fault: str | None = None
    retry_after: timedelta | None = None


def moved(destination: Destination, action: DestinationAction) -> Destination:
    """Raises: DestinationActionNotAllowed."""
    state = TRANSITIONS.get((destination.state, action))
    if state is None:
        raise DestinationActionNotAllowed(destination.state.value)
    return replace(
        destination,
        state=state,
        version=destination.version + 1,
        attempts=0,
        not_before=None,
        alarmed_at=None,
    )


def handed_over(destination: Destination, position: int, now: datetime) -> Destination:
    """The target took an event; the log's next one follows."""
    return replace(
        destination,
        position=max(position, destination.position),
        attempts=0,
        not_before=None,
        last_fault=None,
        last_success_at=now,
    )


def passed_over(destination: Destination, position: int) -> Destination:
    """An event was set aside to be tried by itself; the log's next one follows."""
    return replace(destination, position=max(position, destination.position), attempts=0, not_before=None)


def found_away(
    destination: Destination, answer: Answer, now: datetime, patience: Patience, chance: float
) -> Destination:
    """The target is away: it is tried again after a growing delay, and parked when none is left."""
    attempts = destination.attempts + 1
    delay = patience.after(attempts, chance)
    if delay is None:
        return replace(moved(destination, DestinationAction.PARK), last_fault=answer.fault)
    wait = max(delay, answer.retry_after or timedelta())
    return replace(destination, attempts=attempts, not_before=now + wait, last_fault=answer.fault)


def refused(delivery: Delivery, answer: Answer, now: datetime, patience: Patience, chance: float) -> Delivery:
    """The target refused an event: it is tried again by itself, and parked when no try is left."""
    attempts = delivery.attempts + 1
    delay = patience.after(attempts, chance)
    if delay is None:
        return replace(
            delivery, state=DeliveryState.PARKED, attempts=attempts, not_before=None, last_fault=answer.fault
        )
    return replace(delivery, attempts=attempts, not_before=now + delay, last_fault=answer.fault)
