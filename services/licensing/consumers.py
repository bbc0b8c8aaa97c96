"""Events that the licensing service follows: one function per event, each calls one use case."""

from collections.abc import Mapping
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from services.licensing.domain.enterprise import CreditStanding, Enterprise
from services.licensing.domain.holder_change import HolderTold
from services.licensing.use_cases.cancel_permits import cancel_permits
from services.licensing.use_cases.follow_holder import follow_told
from services.licensing.use_cases.learn_enterprise import learn_change, learn_enterprise, learn_forced_exit
from services.licensing.use_cases.learn_grade import learn_grade
from services.licensing.use_cases.learn_holder import learn_applicant, learn_established
from services.licensing.use_cases.learn_power import learn_power, learn_withdrawal
from services.licensing.use_cases.office import Office
from services.licensing.use_cases.settle_commitments import settle_on_grade
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Event
from shared.messaging.topology import Consumer, follow
from shared.security.deciding import DelegatedPower
from shared.sharing.consumers import sharing_consumers

REGISTERED = "cn.tongban.registration.enterprise.registered.v1"
CHANGED = tuple(
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
DEREGISTERED = "cn.tongban.registration.enterprise.deregistered.v1"
_FORCED_EXIT = "cn.tongban.registration.forced_exit"
UNDER_NOTICE = (f"{_FORCED_EXIT}.noticed.v1", f"{_FORCED_EXIT}.resumed.v1")
NOT_UNDER_NOTICE = (f"{_FORCED_EXIT}.objected.v1", f"{_FORCED_EXIT}.terminated.v1")
FILING_SUBMITTED = "cn.tongban.registration.filing.submitted.v1"
FILING_APPROVED = "cn.tongban.registration.filing.approved.v1"
EVALUATED = "cn.tongban.credit.subject.evaluated.v1"
POWER_DELEGATED = "cn.tongban.gateway.power.delegated.v1"
POWER_WITHDRAWN = "cn.tongban.gateway.power.withdrawn.v1"

ESTABLISHMENT = "establishment"


class _Followed(BaseModel):
    """Base of our own copies of foreign payloads: tolerant, only what is used."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Domicile(_Followed):
    text: str | None = None
    division_code: str | None = None


class _ScopeEntry(_Followed):
    code: str | None = None  # an imported register states its scope in words


class EnterpriseRegistered(_Followed):
    """registration: an enterprise was registered."""

    uscc: str
    name: str
    enterprise_kind: str
    state: str
    established_on: date | None = None
    registered_capital_fen: int | None = None
    domicile: _Domicile
    scope: tuple[_ScopeEntry, ...]
    industry_code: str | None = None
    division_code: str
    filing_id: str | None = None


class EnterpriseLeft(_Followed):
    """registration: an enterprise was deregistered; `details["joint"]` says whether its permits end with it."""

    uscc: str
    effective_on: date
    details: Mapping[str, str] = {}


class EnterpriseChanged(_Followed):
    """registration: an act left an enterprise other than it was; the certificates of its permits say who and where."""

    uscc: str
    name: str
    domicile: _Domicile
    effective_on: date


class ForcedExitTold(_Followed):
    """registration: a forced deregistration is under notice, or is no more."""

    uscc: str
    ends_on: date | None = None


class FilingSubmitted(_Followed):
    """registration: a person submitted a filing."""

    filing_id: str
    kind: str
    applicant: str


class FilingApproved(_Followed):
    """registration: a filing was approved."""

    filing_id: str
    uscc: str


class SubjectEvaluated(_Followed):
    """credit: a subject was evaluated."""

    uscc: str
    grade: str
    allows_commitment: bool
    evaluated_at: datetime


class PowerDelegated(_Followed):
    """gateway: a power was delegated to a zone."""

    delegation_id: str
    item: str
    zone_uscc: str
    regions: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime | None = None


class PowerWithdrawn(_Followed):
    """gateway: a power was withdrawn from a zone."""

    delegation_id: str
    withdrawn_at: datetime


async def on_enterprise_registered(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Keep what the form and the application ask about an enterprise."""
    await learn_enterprise(_enterprise(event), event.id, event.sequence, uow)


async def on_enterprise_changed(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Keep it as it is after an act of the registrar."""
    await learn_change(_enterprise(event), event.id, event.sequence, uow)


async def on_enterprise_left(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Its permits end with the licence where it was asked for (证照注销联合办)."""
    told = EnterpriseLeft.model_validate(event.data)
    if told.details.get("joint") == "true":
        await cancel_permits(told.uscc, told.effective_on, uow, now)


async def on_forced_exit(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Whoever reads one of its permits sees that it is to leave."""
    told = ForcedExitTold.model_validate(event.data)
    await learn_forced_exit(told.uscc, told.ends_on, uow)


async def on_no_forced_exit(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """It stays, for now."""
    await learn_forced_exit(ForcedExitTold.model_validate(event.data).uscc, None, uow)


def _enterprise(event: Event) -> Enterprise:
    told = EnterpriseRegistered.model_validate(event.data)
    return Enterprise(
        uscc=told.uscc,
        name=told.name,
        kind=told.enterprise_kind,
        state=told.state,
        established_on=told.established_on,
        address=told.domicile.text,
        division_code=told.division_code,
        scope_codes=tuple(entry.code for entry in told.scope if entry.code is not None),
        industry_class=told.industry_code,
        registered_capital_fen=told.registered_capital_fen,
        filing_id=told.filing_id,
        domicile_division_code=told.domicile.division_code,
    )


async def on_filing_submitted(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Keep who applied for an establishment; other filings give nobody an enterprise."""
    told = FilingSubmitted.model_validate(event.data)
    if told.kind == ESTABLISHMENT:
        await learn_applicant(told.filing_id, told.applicant, uow)


async def on_filing_approved(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Keep which enterprise came of it."""
    told = FilingApproved.model_validate(event.data)
    await learn_established(told.filing_id, told.uscc, uow)


async def on_power_delegated(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """A zone may decide an item; powers over items of other services are kept too, and never asked for."""
    await learn_power(DelegatedPower(**PowerDelegated.model_validate(event.data).model_dump()), uow)


async def on_power_withdrawn(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """A zone decides it no more."""
    told = PowerWithdrawn.model_validate(event.data)
    await learn_withdrawal(told.delegation_id, told.withdrawn_at, uow)


async def on_subject_evaluated(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Keep the grade."""
    await learn_grade(_standing(event), event.id, event.sequence, uow)


def _standing(event: Event) -> CreditStanding:
    told = SubjectEvaluated.model_validate(event.data)
    return CreditStanding(told.uscc, told.grade, told.allows_commitment, told.evaluated_at)


READ_MODELS: tuple[Consumer, ...] = (
    Consumer(
        follow("licensing", "registration", "enterprise", "forced_exit"),
        {REGISTERED: on_enterprise_registered}
        | dict.fromkeys(CHANGED, on_enterprise_changed)
        | dict.fromkeys(UNDER_NOTICE, on_forced_exit)
        | dict.fromkeys(NOT_UNDER_NOTICE, on_no_forced_exit),
        rebuilds=("enterprise",),
    ),
    Consumer(
        follow("licensing", "registration", "enterprise", durable="licensing_exits"),
        {DEREGISTERED: on_enterprise_left},
    ),
    Consumer(
        follow("licensing", "registration", "filing", durable="licensing_holders"),
        {FILING_SUBMITTED: on_filing_submitted, FILING_APPROVED: on_filing_approved},
        rebuilds=("enterprise_holder",),
    ),
    Consumer(
        follow("licensing", "credit", "subject"),
        {EVALUATED: on_subject_evaluated},
        rebuilds=("credit_standing",),
    ),
    Consumer(
        follow("licensing", "gateway", "power", durable="licensing_powers"),
        {POWER_DELEGATED: on_power_delegated, POWER_WITHDRAWN: on_power_withdrawn},
        rebuilds=("delegated_power",),
    ),
    *sharing_consumers("licensing"),
)
_HOLDER_CHANGES = follow("licensing", "registration", "enterprise", durable="licensing_permit_holders")
_LATE_GRADES = follow("licensing", "credit", "subject", durable="licensing_commitments")

# What is declared to the provisioner; a worker runs `consumers_of(office)`, the same with the office's rules.
CONSUMERS: tuple[Consumer, ...] = (*READ_MODELS, Consumer(_HOLDER_CHANGES), Consumer(_LATE_GRADES))


def consumers_of(office: Office) -> tuple[Consumer, ...]:
    """The read models, and what is done by the rules of the office: on a late grade, on a change of a holder."""

    async def on_late_grade(event: Event, uow: UnitOfWork, now: datetime) -> None:
        await settle_on_grade(_standing(event), uow, now, office)

    async def on_holder_changed(event: Event, uow: UnitOfWork, now: datetime) -> None:
        told = EnterpriseChanged.model_validate(event.data)
        holder = HolderTold(told.uscc, told.name, told.domicile.text, told.effective_on)
        await follow_told(holder, event.sequence, uow, now, office)

    return (
        *READ_MODELS,
        Consumer(_HOLDER_CHANGES, dict.fromkeys(CHANGED, on_holder_changed)),
        Consumer(_LATE_GRADES, {EVALUATED: on_late_grade}),
    )
