"""Refusals of the subscriptions part."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from shared.web.problems import FieldFault


@dataclass(eq=False)
class SubscriptionNotFound(Exception):
    """There is no such subscription, or it is another agency's."""

    subscription_id: UUID


@dataclass(eq=False)
class NotAnAgency(Exception):
    """Only agencies of the region follow events."""


@dataclass(eq=False)
class EventTypeUnknown(Exception):
    """No service publishes such a type; `faults` names each."""

    faults: tuple["FieldFault", ...]


@dataclass(eq=False)
class EventTypeNotOpen(Exception):
    """The agency is not entitled to a type; `faults` names each."""

    faults: tuple["FieldFault", ...]


@dataclass(eq=False)
class EventTypesUnavailable(Exception):
    """A service that may publish the type cannot be asked right now."""

    services: tuple[str, ...]


@dataclass(eq=False)
class AlreadyEnded(Exception):
    """The subscription has ended before."""

    subscription_status: str


@dataclass(eq=False)
class PositionUnknown(Exception):
    """The event log has no such event."""

    upto: str


@dataclass(eq=False)
class PositionTooOld(Exception):
    """What came after this position is not complete any more: begin with a snapshot."""

    position: int
    oldest: int
    snapshot: str


@dataclass(eq=False)
class DestinationNotFound(Exception):
    """The subscription has no destination, or no such outstanding delivery."""


@dataclass(eq=False)
class TargetRefused(Exception):
    """Webhooks may not go there; `faults` says why."""

    faults: tuple["FieldFault", ...]
