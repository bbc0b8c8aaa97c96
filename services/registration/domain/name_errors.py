"""Refusals about names."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(eq=False)
class NameUnfit(Exception):
    """The name breaks rules; `faults` lists all of them."""

    faults: Sequence[object]


@dataclass(eq=False)
class TooManyReserved(Exception):
    """The applicant has as many names reserved as one may have at a time."""

    most: int


@dataclass(eq=False)
class ReservationNotFound(Exception):
    """There is no such reservation, or it is not the caller's to know."""


@dataclass(eq=False)
class ReservationActionNotAllowed(Exception):
    """The reservation's status does not allow it."""

    reservation_status: str
    action: str


@dataclass(eq=False)
class AnotherNameReserved(Exception):
    """What is reserved is another name than the one filed."""

    reserved_name: str


@dataclass(eq=False)
class DisputeNotFound(Exception):
    """There is no such dispute, or it is not the caller's to know."""


@dataclass(eq=False)
class DisputeActionNotAllowed(Exception):
    """The dispute's status does not allow it."""

    dispute_status: str
    action: str


@dataclass(eq=False)
class DisputeRunning(Exception):
    """The same enterprise has asked about the same name, and that is not ruled on yet."""

    dispute_id: str


@dataclass(eq=False)
class DisputeWithItself(Exception):
    """An enterprise cannot dispute its own name."""
