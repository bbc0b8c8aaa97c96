"""Events that the licensing service publishes: the published language, versioned."""

from datetime import UTC, date, datetime
from typing import Final, Literal
from uuid import UUID

from services.licensing.domain.application import Application
from services.licensing.domain.component import Component, ComponentStatus
from services.licensing.domain.permit import Permit
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

SUBMITTED: Final = EventType("licensing", "application", "submitted")
COMPONENT_DECIDED: Final = EventType("licensing", "application", "component_decided")
COMPONENT_OVERDUE: Final = EventType("licensing", "application", "component_overdue")
APPROVED: Final = EventType("licensing", "application", "approved")
REFUSED: Final = EventType("licensing", "application", "refused")
ISSUED: Final = EventType("licensing", "permit", "issued")
MADE: Final = EventType("licensing", "commitment", "made")
ACCESS_RECORDED: Final = EventType("licensing", "access", "recorded")


class ApplicationSubmitted(Payload):
    """An application was accepted; each component has its task from this moment."""

    application_id: UUID
    matter_id: str | None
    uscc: str
    industry_code: str
    components: list[str]


class ComponentDecided(Payload):
    """A component permit was granted or refused."""

    application_id: UUID
    matter_id: str | None
    item: str
    agency_uscc: str
    decision: Literal["granted", "refused"]
    by: Literal["commitment", "officer"]
    decided_at: datetime


class ComponentOverdue(Payload):
    """An agency's time for a component has run out."""

    application_id: UUID
    matter_id: str | None
    item: str
    agency_uscc: str
    due_at: datetime


class ApplicationApproved(Payload):
    """All components are granted and the comprehensive permit is issued."""

    application_id: UUID
    matter_id: str | None
    uscc: str
    permit_number: str


class RefusalReason(Payload):
    """Why a component was not granted."""

    item: str
    reason_zh: str
    reason_en: str


class ApplicationRefused(Payload):
    """Not all components were granted; all reasons together."""

    application_id: UUID
    matter_id: str | None
    uscc: str
    reasons: list[RefusalReason]


class PermitIssued(Payload):
    """A permit was issued, with who issues and who supervises it."""

    permit_number: str
    kind: Literal["comprehensive", "component"]
    item: str | None
    uscc: str
    industry_code: str
    application_id: UUID
    matter_id: str | None
    certificate_identifier: str
    issuer_uscc: str
    supervising_uscc: str
    components: list[str]
    valid_from: date
    valid_to: date | None
    verify_path: str


class CommitmentMade(Payload):
    """A permit was granted on a commitment, which its agency has to check."""

    uscc: str
    item: str
    application_id: UUID
    agency_uscc: str
    made_at: datetime
    check_due_on: date


class AccessRecorded(Payload):
    """Somebody other than the applicant read protected fields of an application."""

    reader: str
    client_id: str
    agency_uscc: str | None
    on_behalf_of: str | None
    resource: str
    record_key: str
    owner_subject: str | None
    fields: list[str]
    purpose: str | None
    matter_id: str | None
    grant_id: str | None
    result: Literal["allowed", "denied"]
    at: datetime


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
    )
    return _of(application, COMPONENT_OVERDUE, payload)


def approved(application: Application, permit: Permit) -> Announcement:
    """Say that the application ended with a comprehensive permit."""
    payload = ApplicationApproved(
        application_id=application.id,
        matter_id=application.matter_id,
        uscc=application.uscc,
        permit_number=permit.number,
    )
    return _of(application, APPROVED, payload)


def refused(application: Application, components: tuple[Component, ...]) -> Announcement:
    """Say that the application was refused, with every reason."""
    reasons = [
        RefusalReason(item=c.item, reason_zh=c.reason.zh, reason_en=c.reason.en) for c in components if c.reason
    ]
    payload = ApplicationRefused(
        application_id=application.id, matter_id=application.matter_id, uscc=application.uscc, reasons=reasons
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


_ID = UUID("019c9d3e-5a00-7000-8000-000000000001")
_USCC = "91140881MA0KXE2X3P"
_FIRE = "11140881MB9Y00083J"
_MATTER = "019c9d3e-5a00-7000-8000-0000000000aa"
_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
_IDENTIFIER = "1.2.156.3005.2.11140881MB9Y00016L002.11140881MB9Y00016L.ZH14088120260302000001K.001.2"

PUBLISHED: tuple[Published, ...] = (
    Published(
        SUBMITTED,
        ApplicationSubmitted,
        ApplicationSubmitted(
            application_id=_ID,
            matter_id=_MATTER,
            uscc=_USCC,
            industry_code="restaurant",
            components=["food_operation", "signboard", "fire_check"],
        ),
        "An application for one industry was accepted (许可申请受理)",
    ),
    Published(
        COMPONENT_DECIDED,
        ComponentDecided,
        ComponentDecided(
            application_id=_ID,
            matter_id=_MATTER,
            item="fire_check",
            agency_uscc=_FIRE,
            decision="granted",
            by="commitment",
            decided_at=_AT,
        ),
        "A component permit was granted or refused (单项许可决定)",
    ),
    Published(
        COMPONENT_OVERDUE,
        ComponentOverdue,
        ComponentOverdue(
            application_id=_ID, matter_id=None, item="fire_check", agency_uscc=_FIRE, due_at=_AT
        ),
        "An agency's time for a component permit ran out (单项许可超期)",
    ),
    Published(
        APPROVED,
        ApplicationApproved,
        ApplicationApproved(
            application_id=_ID,
            matter_id=_MATTER,
            uscc=_USCC,
            permit_number="ZH-140881-20260302-000001-K",
        ),
        "The comprehensive permit was granted (行业综合许可准予)",
    ),
    Published(
        REFUSED,
        ApplicationRefused,
        ApplicationRefused(
            application_id=_ID,
            matter_id=None,
            uscc=_USCC,
            reasons=[
                RefusalReason(item="fire_check", reason_zh="安全出口被堵塞。", reason_en="An exit is blocked.")
            ],
        ),
        "The application was refused, with all reasons (不予许可)",
    ),
    Published(
        ISSUED,
        PermitIssued,
        PermitIssued(
            permit_number="ZH-140881-20260302-000001-K",
            kind="comprehensive",
            item=None,
            uscc=_USCC,
            industry_code="restaurant",
            application_id=_ID,
            matter_id=_MATTER,
            certificate_identifier=_IDENTIFIER,
            issuer_uscc="11140881MB9Y00016L",
            supervising_uscc="11140881MB9Y00024F",
            components=["DX-140881-20260302-000001-5"],
            valid_from=date(2026, 3, 2),
            valid_to=date(2031, 3, 1),
            verify_path=f"/licensing/v1/verify/{_IDENTIFIER}",
        ),
        "A permit was issued as an electronic certificate (许可证签发)",
    ),
    Published(
        MADE,
        CommitmentMade,
        CommitmentMade(
            uscc=_USCC,
            item="fire_check",
            application_id=_ID,
            agency_uscc=_FIRE,
            made_at=_AT,
            check_due_on=date(2026, 3, 30),
        ),
        "A permit was granted on a commitment that is to be checked (告知承诺)",
    ),
    Published(
        ACCESS_RECORDED,
        AccessRecorded,
        AccessRecorded(
            reader="client:fire-rescue",
            client_id="fire-rescue",
            agency_uscc=_FIRE,
            on_behalf_of=None,
            resource="licensing.application",
            record_key=str(_ID),
            owner_subject="p-7f3c",
            fields=["contact_phone", "legal_representative_name"],
            purpose="permit_review",
            matter_id=_MATTER,
            grant_id=None,
            result="allowed",
            at=_AT,
        ),
        "An agency read protected fields of an application (访问记录)",
    ),
)
