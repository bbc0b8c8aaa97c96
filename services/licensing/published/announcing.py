"""Domain values to announcements: one function per published fact."""

from datetime import datetime
from typing import Final, Literal

from services.licensing.domain.application import Application
from services.licensing.domain.component import Component, ComponentStatus
from services.licensing.domain.permit import Permit
from services.licensing.published.payloads import (
    ALTERED,
    APPROVED,
    CANCELLED,
    COMPONENT_DECIDED,
    COMPONENT_OVERDUE,
    ISSUED,
    MADE,
    PREMISES_CHANGED,
    REFUSED,
    SUBMITTED,
    ApplicationApproved,
    ApplicationRefused,
    ApplicationSubmitted,
    CommitmentMade,
    ComponentDecided,
    ComponentOverdue,
    PermitAltered,
    PermitCancelled,
    PermitIssued,
    PermitPremisesChanged,
    RefusalReason,
)
from shared.messaging.events import Announcement, EventType, Payload

CHANGEABLE: Final[tuple[Literal["holder_name", "premises"], ...]] = ("holder_name", "premises")


def submitted(application: Application, items: list[str]) -> Announcement:
    """Say that an application was accepted."""
    return _of(
        application,
        SUBMITTED,
        ApplicationSubmitted(
            application_id=application.id,
            matter_id=application.matter_id,
            uscc=application.uscc,
            industry_code=application.industry_code,
            components=items,
            division_code=application.division_code,
            **_case(application),
        ),
    )


def component_decided(application: Application, component: Component) -> Announcement:
    """Say what was decided, by whom and when; raises ValueError for a component that nobody decided."""
    if component.decided_by is None or component.decided_at is None:
        raise ValueError(f"{component.item} was not decided")
    payload = ComponentDecided(
        application_id=application.id,
        matter_id=application.matter_id,
        item=component.item,
        agency_uscc=component.agency_uscc,
        decision="granted" if component.status is ComponentStatus.GRANTED else "refused",
        by=component.decided_by.value,
        decided_at=component.decided_at,
        **_case(application),
    )
    return _of(application, COMPONENT_DECIDED, payload)


def component_overdue(application: Application, component: Component) -> Announcement:
    """Say that the time for a component has run out."""
    payload = ComponentOverdue(
        application_id=application.id,
        matter_id=application.matter_id,
        item=component.item,
        agency_uscc=component.agency_uscc,
        due_at=component.due_at,
        **_case(application),
    )
    return _of(application, COMPONENT_OVERDUE, payload)


def approved(application: Application, permit: Permit) -> Announcement:
    """Say that the application ended with a comprehensive permit."""
    payload = ApplicationApproved(
        application_id=application.id,
        matter_id=application.matter_id,
        uscc=application.uscc,
        permit_number=permit.number,
        **_case(application),
    )
    return _of(application, APPROVED, payload)


def refused(application: Application, components: tuple[Component, ...]) -> Announcement:
    """Say that the application was refused, with every reason."""
    reasons = [
        RefusalReason(item=c.item, reason_zh=c.reason.zh, reason_en=c.reason.en)
        for c in components
        if c.reason
    ]
    payload = ApplicationRefused(
        application_id=application.id,
        matter_id=application.matter_id,
        uscc=application.uscc,
        reasons=reasons,
        **_case(application),
    )
    return _of(application, REFUSED, payload)


def issued(permit: Permit, parts: list[str]) -> Announcement:
    """Say that a permit was issued."""
    payload = PermitIssued(
        permit_number=permit.number,
        kind=permit.kind.value,
        item=permit.item,
        uscc=permit.uscc,
        industry_code=permit.industry_code,
        application_id=permit.application_id,
        matter_id=permit.matter_id,
        certificate_identifier=permit.certificate_identifier,
        issuer_uscc=permit.issuer_uscc,
        supervising_uscc=permit.supervising_uscc,
        components=parts,
        valid_from=permit.valid_from,
        valid_to=permit.valid_to,
        verify_path=permit.verify_path,
    )
    return Announcement(ISSUED, permit.number, payload)


def permit_cancelled(permit: Permit, at: datetime) -> Announcement:
    """Say that a permit ended with its holder; raises ValueError for one that has not."""
    if permit.ended_on is None:
        raise ValueError(f"{permit.number} has not ended")
    payload = PermitCancelled(
        permit_number=permit.number,
        item=permit.item,
        uscc=permit.uscc,
        certificate_identifier=permit.certificate_identifier,
        issuer_uscc=permit.issuer_uscc,
        supervising_uscc=permit.supervising_uscc,
        ended_on=permit.ended_on,
        cancelled_at=at,
    )
    return Announcement(CANCELLED, permit.number, payload)


def permit_altered(before: Permit, permit: Permit, at: datetime) -> Announcement:
    """Say that the next version of its certificate is in force; raises ValueError for a first version."""
    if permit.associated_identifier is None:
        raise ValueError(f"{permit.number} follows no earlier version")
    payload = PermitAltered(
        permit_number=permit.number,
        kind=permit.kind.value,
        item=permit.item,
        uscc=permit.uscc,
        certificate_identifier=permit.certificate_identifier,
        associated_identifier=permit.associated_identifier,
        certificate_version=permit.version,
        changed=[name for name in CHANGEABLE if getattr(before, name) != getattr(permit, name)],
        issuer_uscc=permit.issuer_uscc,
        supervising_uscc=permit.supervising_uscc,
        altered_at=at,
        verify_path=permit.verify_path,
    )
    return Announcement(ALTERED, permit.number, payload)


def permit_premises_changed(permit: Permit) -> Announcement:
    """Say that its holder left the premises that it was given for, or is back."""
    payload = PermitPremisesChanged(
        permit_number=permit.number,
        item=permit.item,
        uscc=permit.uscc,
        certificate_identifier=permit.certificate_identifier,
        permitted_premises=permit.premises,
        premises_changed_on=permit.premises_changed_on,
        apply_by=permit.apply_by,
        issuer_uscc=permit.issuer_uscc,
        supervising_uscc=permit.supervising_uscc,
    )
    return Announcement(PREMISES_CHANGED, permit.number, payload)


def commitment_made(application: Application, component: Component) -> Announcement:
    """Say that a commitment took effect; raises ValueError before it did."""
    signed = component.commitment
    if signed is None or signed.issued_at is None or signed.check_due_on is None:
        raise ValueError(f"{component.item} was not granted on a commitment")
    payload = CommitmentMade(
        uscc=application.uscc,
        item=component.item,
        application_id=application.id,
        agency_uscc=component.agency_uscc,
        made_at=signed.signed_at,
        check_due_on=signed.check_due_on,
    )
    return Announcement(MADE, application.uscc, payload)


def _of(application: Application, kind: EventType, payload: Payload) -> Announcement:
    return Announcement(kind, str(application.id), payload)


def _case(application: Application) -> dict[str, str | None]:
    """Whose case it is and how people call it: on every event that tells where the application stands."""
    return {"applicant": application.applicant, "case_no": application.case_no}
