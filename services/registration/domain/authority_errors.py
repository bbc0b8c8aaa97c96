"""Refusals of acts against an enterprise's will, and of their undoing."""

from dataclasses import dataclass
from datetime import date


@dataclass(eq=False)
class DecisionNotYetMade(Exception):
    """The day of the decision has not come."""

    decided_on: date


@dataclass(eq=False)
class DecisionTooEarly(Exception):
    """It could not be made before this day: of the establishment, or after the end of a notice."""

    earliest: date


@dataclass(eq=False)
class RevocationStands(Exception):
    """Its registration was revoked: that is set aside in the case of the false registration."""


@dataclass(eq=False)
class NothingToRestore(Exception):
    """No decision of an authority stands against the enterprise."""


@dataclass(eq=False)
class RestorationTooLate(Exception):
    """A forced deregistration can be undone until this day."""

    until: date


@dataclass(eq=False)
class ForcedExitNotFound(Exception):
    """There is no such forced deregistration."""


@dataclass(eq=False)
class ForcedExitMoveNotAllowed(Exception):
    """The forced deregistration's state does not know the move."""

    exit_state: str
    move: str


@dataclass(eq=False)
class ForcedExitNotDue(Exception):
    """It has not been without its licence for long enough; `due_on` is None where it has one, or is no company."""

    due_on: date | None


@dataclass(eq=False)
class ForcedExitRunning(Exception):
    """There is one already."""

    exit_id: str


@dataclass(eq=False)
class CaseNotFound(Exception):
    """There is no such case of a false registration for the caller."""


@dataclass(eq=False)
class CaseMoveNotAllowed(Exception):
    """The case's status does not allow it."""

    case_status: str
    move: str


@dataclass(eq=False)
class CaseRunning(Exception):
    """The same registration is being looked into."""

    case_id: str


@dataclass(eq=False)
class NotRevocable(Exception):
    """The register has no such version, or it is of an act that is not revoked in this way."""

    register_version: int


@dataclass(eq=False)
class LaterChangeStands(Exception):
    """A later registration changed the same; `register_version` is dealt with first."""

    register_version: int


@dataclass(eq=False)
class ChangesFrozen(Exception):
    """The facts of a false registration are published: nothing is registered about the enterprise meanwhile."""

    case_id: str


@dataclass(eq=False)
class NotACourt(Exception):
    """Rulings are told by the courts of the region."""


@dataclass(eq=False)
class RulingNotPossible(Exception):
    """After what the courts ruled before, this ruling cannot come."""

    proceedings: str
    ruling: str


@dataclass(eq=False)
class RulingEntered(Exception):
    """The court told of the ruling before."""

    ruling_id: str
