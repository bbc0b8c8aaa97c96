"""Refusals of the integrations part."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.web.problems import FieldFault


@dataclass(eq=False)
class SystemNotFound(Exception):
    """No such system is described."""

    key: str


@dataclass(eq=False)
class EventNotInContract(Exception):
    """No contract knows this type of event."""

    event_type: str


@dataclass(eq=False)
class NotYourSystem(Exception):
    """Only the agency that answers for a system sends its events."""

    system: str


@dataclass(eq=False)
class EventNotAccepted(Exception):
    """The event's data are not what its contract says; `faults` names each place."""

    faults: tuple["FieldFault", ...]


@dataclass(eq=False)
class AnotherEventOfThisId(Exception):
    """The id came before, with other content."""

    event_id: str


@dataclass(eq=False)
class NotAnAgencyHere(Exception):
    """Only agencies of the region read what came back to it."""
