"""Refusals of the powers part."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from shared.web.problems import FieldFault


@dataclass(eq=False)
class DelegationNotFound(Exception):
    """There is no such delegation, or it is between others."""

    delegation_id: UUID


@dataclass(eq=False)
class DelegationNotPossible(Exception):
    """What is asked for cannot be delegated; `faults` names every reason."""

    faults: tuple["FieldFault", ...]


@dataclass(eq=False)
class AlreadyDelegated(Exception):
    """The zone has the power over this item; it is withdrawn before it is given on other terms."""

    item: str


@dataclass(eq=False)
class DelegationEnded(Exception):
    """The delegation was withdrawn or has run out."""

    delegation_status: str


@dataclass(eq=False)
class NotYourPower(Exception):
    """A power is given and withdrawn by the agency that holds it, or by the data bureau."""
