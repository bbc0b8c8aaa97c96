"""Refusals of the catalogue part."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from shared.web.problems import FieldFault


@dataclass(eq=False)
class GrantNotFound(Exception):
    """There is no such grant, or it is another agency's."""

    grant_id: UUID


@dataclass(eq=False)
class ResourceNotFound(Exception):
    """The catalogue has no such resource."""

    resource: str


@dataclass(eq=False)
class ActionNotAllowed(Exception):
    """The grant's status does not allow the action."""

    grant_status: str
    action: str


@dataclass(eq=False)
class GrantNotPossible(Exception):
    """What is asked for cannot be granted; `faults` names every reason."""

    faults: tuple["FieldFault", ...]


@dataclass(eq=False)
class DataBureauOnly(Exception):
    """Grants are issued and withdrawn by the data bureau (数据主管部门)."""


@dataclass(eq=False)
class ConsentNotFound(Exception):
    """There is no such consent, or it is another's."""


@dataclass(eq=False)
class ConsentAlreadyWithdrawn(Exception):
    """The consent was withdrawn before."""


@dataclass(eq=False)
class ConsentByRuling(Exception):
    """A court's ruling stands in the place of this consent; it ends with the proceedings."""

    number: str


@dataclass(eq=False)
class ConsentNotPossible(Exception):
    """What was sent is no consent; `faults` names every reason."""

    faults: tuple["FieldFault", ...]


@dataclass(eq=False)
class ConsentIsPersonal(Exception):
    """Consent is given by whom the data is about, or who acts under a mandate; by no system in between."""
