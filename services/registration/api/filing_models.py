"""Requests and answers about filings, whatever they ask for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.registration.api.acts import SHAPES, AnyContentIn
from services.registration.api.clocks import ClockOut
from services.registration.domain.filing import DecidedBy, Filing, FilingStatus
from services.registration.domain.filing_kinds import FilingKind
from services.registration.domain.policy import RegistryPolicy, Wording
from services.registration.domain.review import permits_needed
from services.registration.domain.rule import Outcome, RuleResult
from shared.calendar import WorkingCalendar
from shared.identifiers.channel import Channel
from shared.web.fields import RequestModel, ResponseModel

Reason = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class ReasonIn(RequestModel):
    """An officer's reason, for the applicant to read."""

    reason_zh: Reason = Field(examples=["字号与同行业企业近似，足以造成误认"])
    reason_en: Reason = Field(examples=["the distinctive part misleads beside another in the trade"])

    def wording(self) -> Wording:
        """As the domain knows it."""
        return Wording(self.reason_zh, self.reason_en)


class RefusalIn(ReasonIn):
    """Why a filing is refused; a code is one of the reasons that the region pack lists (不予登记理由)."""

    reason_code: (
        Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", min_length=1, max_length=64)] | None
    ) = None


class CheckOut(ResponseModel):
    """A rule applied to the filing, with its legal basis and outcome."""

    rule: str = Field(examples=["name.distinctive"])
    outcome: Outcome
    pointer: str = Field(examples=["/name/distinctive"])
    basis_zh: str
    basis_en: str
    text_zh: str
    text_en: str

    @classmethod
    def of(cls, result: RuleResult) -> "CheckOut":
        """Shape a result."""
        return cls.model_validate(result, from_attributes=True)


class PermitNeedOut(ResponseModel):
    """A permit to apply for after registration (后置许可), with the scope entries that need it."""

    item: str = Field(examples=["food_operation"])
    name_zh: str
    name_en: str
    scope: list[str]


class ReasonOut(ResponseModel):
    """An officer's reason."""

    code: str | None
    zh: str
    en: str


class AgentOut(ResponseModel):
    """Who files for a founder, free of charge."""

    uscc: str
    client_id: str


class FilingOut(ResponseModel):
    """A filing (登记申请): its status, what the rules found, what came of it."""

    id: UUID
    case_no: str | None = Field(examples=["DJ-140881-20260302-000001-E"])
    kind: FilingKind
    status: FilingStatus
    version: int
    matter_id: UUID | None
    name: str
    findings: list[CheckOut]
    checks: list[CheckOut]
    required_permits: list[PermitNeedOut]
    uscc: str | None
    licence_identifier: str | None
    decided_by: DecidedBy | None
    decided_at: datetime | None
    submitted_at: datetime
    reason: ReasonOut | None
    channel: Channel
    accepted_at_counter: str | None = Field(
        description="Credit code of the agency at whose counter it was accepted (代收单位)"
    )
    agent: AgentOut | None = Field(description="The bank that files for a founder (银行代办)")
    fee_fen: Literal[0] = Field(description="Registration costs nothing, and neither does an agent (零收费)")
    wants_person: bool
    clock: ClockOut | None = Field(description="The time that an officer has for it (办理时限)")
    content: AnyContentIn

    @classmethod
    def of(cls, filing: Filing, policy: RegistryPolicy, calendar: WorkingCalendar) -> "FilingOut":
        """Shape a filing for its applicant or the registrar."""
        return cls(
            id=filing.id,
            case_no=filing.case_no,
            kind=filing.kind,
            status=filing.status,
            version=filing.version,
            matter_id=filing.matter_id,
            name=filing.concerns.name,
            findings=[CheckOut.of(result) for result in filing.findings],
            checks=[CheckOut.of(result) for result in filing.results],
            required_permits=[
                PermitNeedOut(item=n.item, name_zh=n.name.zh, name_en=n.name.en, scope=list(codes))
                for n, codes in permits_needed(_scope(filing), policy)
            ],
            uscc=filing.uscc,
            licence_identifier=filing.licence_identifier,
            decided_by=filing.decided_by,
            decided_at=filing.decided_at,
            submitted_at=filing.submitted_at,
            reason=ReasonOut(code=filing.reason_code, zh=filing.reason.zh, en=filing.reason.en)
            if filing.reason
            else None,
            channel=filing.channel,
            accepted_at_counter=filing.counter.agency_uscc if filing.counter else None,
            agent=AgentOut(uscc=filing.agent.uscc, client_id=filing.agent.client_id)
            if filing.agent
            else None,
            fee_fen=0,
            wants_person=filing.wants_person,
            clock=ClockOut.of(filing.clock, calendar) if filing.clock else None,
            content=SHAPES[filing.kind].of(filing),
        )


class FilingSummaryOut(ResponseModel):
    """A filing in a list."""

    id: UUID
    case_no: str | None = Field(examples=["DJ-140881-20260302-000001-E"])
    kind: FilingKind
    status: FilingStatus
    version: int
    matter_id: UUID | None
    name: str
    uscc: str | None
    submitted_at: datetime
    channel: Channel
    findings: list[CheckOut]

    @classmethod
    def of(cls, filing: Filing) -> "FilingSummaryOut":
        """Shape a filing for a list."""
        return cls(
            id=filing.id,
            case_no=filing.case_no,
            kind=filing.kind,
            status=filing.status,
            version=filing.version,
            matter_id=filing.matter_id,
            name=filing.concerns.name,
            uscc=filing.uscc,
            submitted_at=filing.submitted_at,
            channel=filing.channel,
            findings=[CheckOut.of(result) for result in filing.findings],
        )


class CheckedOut(ResponseModel):
    """All that is missing from a filing, in one list (一次性告知); empty where it would pass or go to an officer."""

    missing: list[CheckOut]
    checks: list[CheckOut]

    @classmethod
    def of(cls, results: Sequence[RuleResult]) -> "CheckedOut":
        """Shape the results of a review that decided nothing."""
        return cls(
            missing=[CheckOut.of(result) for result in results if result.outcome is Outcome.FAULT],
            checks=[CheckOut.of(result) for result in results],
        )


def _scope(filing: Filing) -> Sequence[str]:
    """The scope entries that it asks for, if it is about scope."""
    scope: Sequence[str] = getattr(filing.content, "scope", None) or ()
    return scope
