"""One component permit of an application (单项许可) and its life cycle."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.licensing.domain.commitment import FallbackReason, SignedCommitment
from services.licensing.domain.rules import Wording
from shared.calendar import DeadlineLedger


class ComponentStatus(StrEnum):
    """Where a component stands."""

    UNDER_REVIEW = "under_review"
    AWAITING_CREDIT = "awaiting_credit"
    GRANTED = "granted"
    FILED = "filed"
    REFUSED = "refused"
    DISCONTINUED = "discontinued"


class ComponentAction(StrEnum):
    """What happens to a component."""

    AWAIT_CREDIT = "await_credit"
    ISSUE_ON_COMMITMENT = "issue_on_commitment"
    FALL_BACK = "fall_back"
    RECORD_FILING = "record_filing"
    GRANT = "grant"
    REFUSE = "refuse"
    DISCONTINUE = "discontinue"


TRANSITIONS: Final = {
    (ComponentStatus.UNDER_REVIEW, ComponentAction.AWAIT_CREDIT): ComponentStatus.AWAITING_CREDIT,
    (ComponentStatus.UNDER_REVIEW, ComponentAction.ISSUE_ON_COMMITMENT): ComponentStatus.GRANTED,
    (ComponentStatus.UNDER_REVIEW, ComponentAction.FALL_BACK): ComponentStatus.UNDER_REVIEW,
    (ComponentStatus.UNDER_REVIEW, ComponentAction.RECORD_FILING): ComponentStatus.FILED,
    (ComponentStatus.UNDER_REVIEW, ComponentAction.GRANT): ComponentStatus.GRANTED,
    (ComponentStatus.UNDER_REVIEW, ComponentAction.REFUSE): ComponentStatus.REFUSED,
    (ComponentStatus.UNDER_REVIEW, ComponentAction.DISCONTINUE): ComponentStatus.DISCONTINUED,
    (ComponentStatus.AWAITING_CREDIT, ComponentAction.ISSUE_ON_COMMITMENT): ComponentStatus.GRANTED,
    (ComponentStatus.AWAITING_CREDIT, ComponentAction.FALL_BACK): ComponentStatus.UNDER_REVIEW,
    (ComponentStatus.AWAITING_CREDIT, ComponentAction.DISCONTINUE): ComponentStatus.DISCONTINUED,
}
SUCCESSFUL: Final = frozenset({ComponentStatus.GRANTED, ComponentStatus.FILED})
OPEN: Final = frozenset({ComponentStatus.UNDER_REVIEW, ComponentStatus.AWAITING_CREDIT})


class DecidedBy(StrEnum):
    """Who or what decided."""

    COMMITMENT = "commitment"
    OFFICER = "officer"


@dataclass(eq=False)
class ComponentActionNotAllowed(Exception):
    """The component is in a state that the action does not start from."""

    item: str
    component_status: ComponentStatus
    action: ComponentAction


@dataclass(eq=False)
class PredecessorPending(Exception):
    """A permit that comes first has not been granted yet."""

    item: str
    waits_for: tuple[str, ...]


@dataclass(frozen=True)
class Component:
    """One agency's part of an application; `due_at` is what the ledger comes to.

    `deciding_uscc` is who decided in the agency's place: a zone to which that is delegated, or the window.
    """

    application_id: UUID
    item: str
    place: int
    agency_uscc: str
    needs: tuple[str, ...]
    status: ComponentStatus
    accepted_at: datetime
    ledger: DeadlineLedger
    due_at: datetime
    commitment: SignedCommitment | None = None
    fallback: FallbackReason | None = None
    decided_at: datetime | None = None
    decided_by: DecidedBy | None = None
    reason: Wording | None = None
    is_overdue_told: bool = False
    deciding_uscc: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still has to be decided."""
        return self.status in OPEN


def advance(component: Component, action: ComponentAction) -> Component:
    """Move along the table; raises ComponentActionNotAllowed."""
    target = TRANSITIONS.get((component.status, action))
    if target is None:
        raise ComponentActionNotAllowed(component.item, component.status, action)
    return replace(component, status=target)


def await_credit(component: Component) -> Component:
    """Let a commitment wait until the credit grade is known."""
    return advance(component, ComponentAction.AWAIT_CREDIT)


def fall_back(component: Component, reason: FallbackReason) -> Component:
    """Go the ordinary way of review instead of the commitment."""
    return replace(advance(component, ComponentAction.FALL_BACK), fallback=reason)


def issue_on_commitment(component: Component, at: datetime, check_due_on: date) -> Component:
    """Grant on the signed commitment, by rule; the agency checks afterwards."""
    issued = advance(component, ComponentAction.ISSUE_ON_COMMITMENT)
    if component.commitment is None:
        raise ComponentActionNotAllowed(component.item, component.status, ComponentAction.ISSUE_ON_COMMITMENT)
    return replace(
        issued,
        commitment=replace(component.commitment, issued_at=at, check_due_on=check_due_on),
        decided_at=at,
        decided_by=DecidedBy.COMMITMENT,
        ledger=component.ledger.stop(at),
    )


def record_filing(component: Component, at: datetime) -> Component:
    """Take a filing (备案) on record: there is nothing to decide (LIC-01)."""
    filed = advance(component, ComponentAction.RECORD_FILING)
    return replace(filed, decided_at=at, ledger=component.ledger.stop(at))


def grant(component: Component, at: datetime, among: Iterable[Component]) -> Component:
    """Grant by an officer; raises PredecessorPending while a permit that comes first is not granted."""
    granted = advance(component, ComponentAction.GRANT)
    missing = pending_needs(component, among)
    if missing:
        raise PredecessorPending(component.item, missing)
    return _decided(granted, at)


def refuse(component: Component, at: datetime, reason: Wording) -> Component:
    """Refuse by an officer, with the reason that the applicant is told (行政许可法 art. 38)."""
    return replace(_decided(advance(component, ComponentAction.REFUSE), at), reason=reason)


def discontinue(component: Component, at: datetime, predecessor: str) -> Component:
    """End a component whose predecessor was refused: its agency has nothing to decide any more."""
    ended = advance(component, ComponentAction.DISCONTINUE)
    reason = Wording(
        f"前置许可（{predecessor}）未获准，终止办理。",
        f"The permit that comes first ({predecessor}) was not granted; the procedure ends.",
    )
    return replace(ended, decided_at=at, reason=reason, ledger=component.ledger.stop(at))


def pending_needs(component: Component, among: Iterable[Component]) -> tuple[str, ...]:
    """The permits of the same application that come first and are not granted."""
    granted = {other.item for other in among if other.status in SUCCESSFUL}
    return tuple(item for item in component.needs if item not in granted)


def _decided(component: Component, at: datetime) -> Component:
    return replace(component, decided_at=at, decided_by=DecidedBy.OFFICER, ledger=component.ledger.stop(at))
