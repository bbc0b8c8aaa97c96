"""Events that the credit service follows: one function per event, each calls one use case."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from services.credit.domain.rules import CreditRules
from services.credit.domain.subjects import Enterprise
from services.credit.use_cases.note_filing import note_applicant, note_enterprise
from services.credit.use_cases.open_credit_subject import open_credit_subject
from services.credit.use_cases.record_event import RecordEvent, record_event
from shared.calendar import local_date
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers import parse_uscc
from shared.messaging.events import Event
from shared.messaging.topology import Consumer, follow
from shared.sharing.consumers import sharing_consumers

ENTERPRISE_REGISTERED: Final = "cn.tongban.registration.enterprise.registered.v1"
ENTERPRISE_CHANGED: Final = tuple(
    f"cn.tongban.registration.enterprise.{act}.v1"
    for act in (
        "representative_entered",
        "altered",
        "recorded",
        "relocated",
        "moved_out",
        "suspended",
        "resumed",
        "deregistered",
        "forcibly_deregistered",
        "licence_revoked",
        "closed_by_order",
        "registration_revoked",
        "restored",
        "court_ruled",
    )
)
"""Every act of the register that leaves an enterprise other than it was; each tells all of it again."""
FORCED_EXIT_NOTICED: Final = "cn.tongban.registration.forced_exit.noticed.v1"
FILING_SUBMITTED: Final = "cn.tongban.registration.filing.submitted.v1"
FILING_APPROVED: Final = "cn.tongban.registration.filing.approved.v1"
PERMIT_ISSUED: Final = "cn.tongban.licensing.permit.issued.v1"
COMMITMENT_MADE: Final = "cn.tongban.licensing.commitment.made.v1"

RuledHandler = Callable[[Event, CreditRules, UnitOfWork], Awaitable[None]]


class _Followed(BaseModel):
    """Own copy of another service's payload: what is used here, the rest ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class EnterpriseRegistered(_Followed):
    uscc: str
    name: str
    state: str
    established_on: date | None = None


class EnterpriseChanged(EnterpriseRegistered):
    registrar_uscc: str | None = None
    version: int
    effective_on: date
    details: Mapping[str, str] = {}


class ForcedExitNoticed(_Followed):
    forced_exit_id: str
    uscc: str
    registrar_uscc: str
    noticed_at: datetime


class FilingSubmitted(_Followed):
    filing_id: str
    applicant: str


class FilingApproved(_Followed):
    filing_id: str
    uscc: str


class PermitIssued(_Followed):
    permit_number: str
    uscc: str
    issuer_uscc: str


class CommitmentMade(_Followed):
    uscc: str
    item: str
    application_id: str
    agency_uscc: str
    made_at: datetime


async def on_enterprise_registered(event: Event, rules: CreditRules, uow: UnitOfWork) -> None:
    told = EnterpriseRegistered.model_validate(event.data)
    enterprise = Enterprise(parse_uscc(told.uscc), told.name, told.state, told.established_on)
    await open_credit_subject(enterprise, rules, uow)


async def on_enterprise_changed(event: Event, rules: CreditRules, uow: UnitOfWork) -> None:
    """The subject's name and state follow; what the catalogue lists, as a forced exit, is recorded too."""
    await on_enterprise_registered(event, rules, uow)
    told = EnterpriseChanged.model_validate(event.data)
    decided_by = told.details.get("agency_uscc") or told.registrar_uscc
    if decided_by is None:
        return  # an old register did not say whose the enterprise is: nobody to name as the provider
    command = RecordEvent(
        event_id=event.id,
        event_type=event.type,
        uscc=parse_uscc(told.uscc),
        provider_uscc=decided_by,
        reference=f"{told.uscc}/{told.version}",
        happened_on=told.effective_on,
    )
    await record_event(command, rules, uow)


async def on_forced_exit_noticed(event: Event, rules: CreditRules, uow: UnitOfWork) -> None:
    told = ForcedExitNoticed.model_validate(event.data)
    command = RecordEvent(
        event_id=event.id,
        event_type=event.type,
        uscc=parse_uscc(told.uscc),
        provider_uscc=told.registrar_uscc,
        reference=told.forced_exit_id,
        happened_on=local_date(told.noticed_at),
    )
    await record_event(command, rules, uow)


async def on_permit_issued(event: Event, rules: CreditRules, uow: UnitOfWork) -> None:
    told = PermitIssued.model_validate(event.data)
    command = RecordEvent(
        event_id=event.id,
        event_type=event.type,
        uscc=parse_uscc(told.uscc),
        provider_uscc=told.issuer_uscc,
        reference=told.permit_number,
        happened_on=local_date(event.time),
    )
    await record_event(command, rules, uow)


async def on_commitment_made(event: Event, rules: CreditRules, uow: UnitOfWork) -> None:
    told = CommitmentMade.model_validate(event.data)
    command = RecordEvent(
        event_id=event.id,
        event_type=event.type,
        uscc=parse_uscc(told.uscc),
        provider_uscc=told.agency_uscc,
        reference=f"{told.application_id}/{told.item}",
        happened_on=local_date(told.made_at),
    )
    await record_event(command, rules, uow)


async def on_filing_submitted(event: Event, uow: UnitOfWork, now: datetime) -> None:
    told = FilingSubmitted.model_validate(event.data)
    await note_applicant(told.filing_id, told.applicant, uow)


async def on_filing_approved(event: Event, uow: UnitOfWork, now: datetime) -> None:
    told = FilingApproved.model_validate(event.data)
    await note_enterprise(told.filing_id, parse_uscc(told.uscc), uow)


_ENTERPRISES: Final = Consumer(
    follow("credit", "registration", "enterprise", "forced_exit", durable="credit_opening")
)
_PERMITS: Final = Consumer(follow("credit", "licensing", "permit", "commitment", durable="credit_records"))
_FILINGS: Final = Consumer(
    follow("credit", "registration", "filing", durable="credit_owners"),
    {FILING_SUBMITTED: on_filing_submitted, FILING_APPROVED: on_filing_approved},
    rebuilds=("filing_applicant",),
)

_SHARING: Final = sharing_consumers("credit")

CONSUMERS: tuple[Consumer, ...] = (_ENTERPRISES, _PERMITS, _FILINGS, *_SHARING)
"""What is followed, for the provisioner; handlers that need a city's rules join in `consumers_under`."""


def consumers_under(rules: CreditRules) -> tuple[Consumer, ...]:
    """The same consumers with all their handlers, under a city's rules."""
    return (
        _ruled(
            _ENTERPRISES,
            {
                ENTERPRISE_REGISTERED: on_enterprise_registered,
                FORCED_EXIT_NOTICED: on_forced_exit_noticed,
            }
            | dict.fromkeys(ENTERPRISE_CHANGED, on_enterprise_changed),
            rules,
        ),
        _ruled(_PERMITS, {PERMIT_ISSUED: on_permit_issued, COMMITMENT_MADE: on_commitment_made}, rules),
        _FILINGS,
        *_SHARING,
    )


def _ruled(consumer: Consumer, handlers: Mapping[str, RuledHandler], rules: CreditRules) -> Consumer:
    def under(handler: RuledHandler) -> Callable[[Event, UnitOfWork, datetime], Awaitable[None]]:
        async def handle(event: Event, uow: UnitOfWork, now: datetime) -> None:
            await handler(event, rules, uow)

        return handle

    return replace(consumer, handlers={name: under(handler) for name, handler in handlers.items()})
