"""Payloads of published events; within a version they only gain optional fields."""

from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from pydantic import Field

from shared.messaging.events import EventType, Payload

SUBMITTED: Final = EventType("licensing", "application", "submitted")
COMPONENT_DECIDED: Final = EventType("licensing", "application", "component_decided")
COMPONENT_OVERDUE: Final = EventType("licensing", "application", "component_overdue")
APPROVED: Final = EventType("licensing", "application", "approved")
REFUSED: Final = EventType("licensing", "application", "refused")
ISSUED: Final = EventType("licensing", "permit", "issued")
CANCELLED: Final = EventType("licensing", "permit", "cancelled")
ALTERED: Final = EventType("licensing", "permit", "altered")
PREMISES_CHANGED: Final = EventType("licensing", "permit", "premises_changed")
MADE: Final = EventType("licensing", "commitment", "made")
ACCESS_RECORDED: Final = EventType("licensing", "access", "recorded")


APPLICANT: Final = Field(
    None, description="Opaque id of the person, or credit code of the enterprise, who applied"
)
CASE_NO: Final = Field(None, description="The number that people quote (受理编号)")


class ApplicationSubmitted(Payload):
    """An application was accepted; each component has its task from this moment."""

    application_id: UUID
    matter_id: str | None
    uscc: str
    industry_code: str
    components: list[str]
    applicant: str | None = APPLICANT
    case_no: str | None = CASE_NO
    division_code: str | None = Field(None, description="Where the enterprise is")


class ComponentDecided(Payload):
    """A component permit was granted or refused."""

    application_id: UUID
    matter_id: str | None
    item: str
    agency_uscc: str
    decision: Literal["granted", "refused"]
    by: Literal["commitment", "officer"]
    decided_at: datetime
    applicant: str | None = APPLICANT
    case_no: str | None = CASE_NO


class ComponentOverdue(Payload):
    """An agency's time for a component has run out."""

    application_id: UUID
    matter_id: str | None
    item: str
    agency_uscc: str
    due_at: datetime
    applicant: str | None = APPLICANT
    case_no: str | None = CASE_NO


class ApplicationApproved(Payload):
    """All components are granted and the comprehensive permit is issued."""

    application_id: UUID
    matter_id: str | None
    uscc: str
    permit_number: str
    applicant: str | None = APPLICANT
    case_no: str | None = CASE_NO


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
    applicant: str | None = APPLICANT
    case_no: str | None = CASE_NO


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


class PermitCancelled(Payload):
    """A permit ended with its holder: its certificate verifies as cancelled from now on."""

    permit_number: str
    item: str | None
    uscc: str
    certificate_identifier: str
    issuer_uscc: str
    supervising_uscc: str
    ended_on: date
    cancelled_at: datetime


class PermitAltered(Payload):
    """A permit follows its holder's new name or address: the next version of its certificate is in force."""

    permit_number: str
    kind: Literal["comprehensive", "component"]
    item: str | None
    uscc: str
    certificate_identifier: str
    associated_identifier: str = Field(description="The version that lapsed (关联证照标识)")
    certificate_version: int
    changed: list[Literal["holder_name", "premises"]]
    issuer_uscc: str
    supervising_uscc: str
    altered_at: datetime
    verify_path: str


class PermitPremisesChanged(Payload):
    """The holder of a permit that was given for its premises is elsewhere, or is back (`premises_changed_on` null).

    For who issued it and who supervises it: it is good for the premises that it names only.
    """

    permit_number: str
    item: str | None
    uscc: str
    certificate_identifier: str
    permitted_premises: str | None
    premises_changed_on: date | None
    apply_by: date | None = Field(description="Until when a new permit is applied for, where the law says so")
    issuer_uscc: str
    supervising_uscc: str


class CommitmentMade(Payload):
    """A permit was granted on a commitment, which its agency has to check."""

    uscc: str
    item: str
    application_id: UUID
    agency_uscc: str
    made_at: datetime
    check_due_on: date
