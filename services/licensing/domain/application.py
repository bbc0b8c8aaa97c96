"""A permit application (许可申请) for one industry and its life cycle."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from services.licensing.domain.component import (
    SUCCESSFUL,
    Component,
    ComponentStatus,
    discontinue,
)
from shared.identifiers import CaseNumber
from shared.identifiers.channel import Channel


class ApplicationStatus(StrEnum):
    """Where an application stands."""

    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    REFUSED = "refused"


class ApplicationAction(StrEnum):
    """What ends an application."""

    APPROVE = "approve"
    REFUSE = "refuse"


TRANSITIONS: Final = {
    (ApplicationStatus.UNDER_REVIEW, ApplicationAction.APPROVE): ApplicationStatus.APPROVED,
    (ApplicationStatus.UNDER_REVIEW, ApplicationAction.REFUSE): ApplicationStatus.REFUSED,
}


@dataclass(eq=False)
class ApplicationActionNotAllowed(Exception):
    """The application has ended."""

    application_status: ApplicationStatus
    action: ApplicationAction


@dataclass(eq=False)
class ApplicationNotFound(Exception):
    """There is no such application, or it is not the caller's to know."""


@dataclass(eq=False)
class ApplicationRunning(Exception):
    """The enterprise has an application for this industry under way."""

    uscc: str
    industry_code: str


@dataclass(frozen=True)
class Application:
    """One application for all permits of an industry.

    `form` is the one form as it was accepted, facts of the register included; `applicant` is an opaque id.
    `division_code` is where the enterprise is, None for the whole region. `counter_uscc` is the agency at whose
    counter `accepted_by` took it in for the applicant (窗口代收). `case_no` is the number that people quote (受理编号),
    which applications from before there were numbers do not have.
    """

    id: UUID
    industry_code: str
    uscc: str
    applicant: str
    matter_id: str | None
    status: ApplicationStatus
    version: int
    answers: dict[str, bool | int]
    form: dict[str, Any]
    pack_version: str
    notice_version: str
    submitted_at: datetime
    decided_at: datetime | None = None
    permit_number: str | None = None
    channel: Channel = Channel.PORTAL
    division_code: str | None = None
    counter_uscc: str | None = None
    accepted_by: str | None = None
    case_no: CaseNumber | None = None


def advance(application: Application, action: ApplicationAction, at: datetime) -> Application:
    """Move along the table; raises ApplicationActionNotAllowed."""
    target = TRANSITIONS.get((application.status, action))
    if target is None:
        raise ApplicationActionNotAllowed(application.status, action)
    return replace(application, status=target, version=application.version + 1, decided_at=at)


def touched(application: Application) -> Application:
    """The next version: one of its components changed."""
    return replace(application, version=application.version + 1)


def outcome(components: Sequence[Component]) -> ApplicationAction | None:
    """What the components come to; None while one is open. The case decides when all have (LIC-10)."""
    if any(component.is_open for component in components):
        return None
    if all(component.status in SUCCESSFUL for component in components):
        return ApplicationAction.APPROVE
    return ApplicationAction.REFUSE


def without_followers_of_refused(components: Sequence[Component], at: datetime) -> tuple[Component, ...]:
    """End every open component that waits, directly or not, for one that was not granted."""
    current = {component.item: component for component in components}
    moved = True
    while moved:
        moved = False
        failed = {
            item
            for item, component in current.items()
            if component.status in (ComponentStatus.REFUSED, ComponentStatus.DISCONTINUED)
        }
        for item, component in current.items():
            lost = next((need for need in component.needs if need in failed), None)
            if component.is_open and lost is not None:
                current[item] = discontinue(component, at, lost)
                moved = True
    return tuple(current[component.item] for component in components)
