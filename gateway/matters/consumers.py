"""Events that matters follow: what becomes of their filings and applications, and new enterprises."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from gateway.matters.domain.model import Finding, StepKind
from gateway.matters.domain.outcomes import Done, Outcome, SentBack, TakenBack, TurnedDown
from gateway.matters.domain.register_facts import FactChange
from gateway.matters.store.enterprises import EnterpriseStore, KnownEnterprise
from gateway.matters.use_cases.follow_step import (
    note_establishment,
    settle_changes,
    settle_clearance,
    settle_event,
    settle_handing_out,
    settle_payment,
)
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Event
from shared.messaging.topology import Consumer, follow

_REGISTRATION: Final = "cn.tongban.registration."
_LICENSING: Final = "cn.tongban.licensing."


_FILED_ACTS: Final = ("altered", "recorded", "relocated", "moved_out", "deregistered")
"""What filings of matters come to in the register."""
_OTHER_ACTS: Final = (
    "representative_entered",
    "suspended",
    "resumed",
    "forcibly_deregistered",
    "licence_revoked",
    "closed_by_order",
    "registration_revoked",
    "restored",
)


class _Heard(BaseModel):
    """Our copy of a payload: what is used here, whatever else it says."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Finding(_Heard):
    rule: str = ""
    pointer: str = ""
    text_zh: str = ""
    text_en: str = ""
    reason_zh: str = ""
    reason_en: str = ""
    item: str = ""


class _Filing(_Heard):
    filing_id: str
    matter_id: UUID | None = None
    uscc: str | None = None
    licence_identifier: str | None = None
    reason_zh: str = ""
    reason_en: str = ""
    findings: list[_Finding] = []


class _Domicile(_Heard):
    division_code: str | None = None
    text: str | None = None


class _Scope(_Heard):
    code: str | None = None


class _Enterprise(_Heard):
    uscc: str
    established_on: date | None = None
    filing_id: str | None = None
    matter_id: UUID | None = None
    name: str | None = None
    enterprise_kind: str | None = None
    state: str | None = None
    registered_capital_fen: int | None = None
    domicile: _Domicile = _Domicile()
    division_code: str | None = None
    scope: list[_Scope] = []


class _Change(_Heard):
    field: str
    before: str | None = None
    after: str | None = None


class _Changed(_Heard):
    filing_id: str | None = None
    matter_id: UUID | None = None
    changes: list[_Change] = []


class _Notice(_Heard):
    notice_id: str
    matter_id: UUID | None = None
    ends_on: date | None = None
    apply_until: date | None = None


class _Clearance(_Heard):
    uscc: str
    outcome: str
    agency_uscc: str
    reference: str = ""


class _Delivered(_Heard):
    case_id: str


class _Holder(_Heard):
    uscc: str | None = None
    applicant: str | None = None


class _Paid(_Heard):
    case_id: UUID
    part: str


class _Application(_Heard):
    application_id: str
    matter_id: UUID | None = None
    permit_number: str | None = None
    findings: list[_Finding] = []
    reasons: list[_Finding] = []


async def on_filing(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Follow the decision on a filing."""
    filing = _Filing.model_validate(event.data)
    outcome = _of_filing(event.type.split(".")[-2], filing)
    if filing.matter_id is not None and outcome is not None:
        await settle_event(filing.matter_id, StepKind.FILING, filing.filing_id, outcome, event.time, uow)


async def on_enterprise_registered(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """The enterprise is there: what waited for it begins, whether or not the filing's answer came."""
    heard = _Enterprise.model_validate(event.data)
    if heard.matter_id is None or heard.filing_id is None or heard.established_on is None:
        return
    result = {"filing_id": heard.filing_id, "uscc": heard.uscc}
    outcome = Done(heard.filing_id, result, heard.uscc, heard.established_on)
    await settle_event(heard.matter_id, StepKind.FILING, heard.filing_id, outcome, event.time, uow)
    await note_establishment(heard.matter_id, heard.filing_id, heard.established_on, uow, now)


async def on_enterprise_changed(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """What a filing of a matter changed: the departments that it concerns are told of it."""
    heard = _Changed.model_validate(event.data)
    if heard.matter_id is None or heard.filing_id is None:
        return
    changes = tuple(FactChange(each.field, each.before, each.after) for each in heard.changes)
    await settle_changes(heard.matter_id, heard.filing_id, changes, uow, now)


async def on_notice(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Follow the notice before a simple deregistration: after its days without objection the way is free."""
    heard = _Notice.model_validate(event.data)
    if heard.matter_id is not None:
        outcome = _of_notice(event.type.split(".")[-2], heard)
        await settle_event(heard.matter_id, StepKind.EXIT_NOTICE, heard.notice_id, outcome, event.time, uow)


async def on_clearance(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """The tax agency told the register that taxes are cleared: its task in the matter is done too."""
    heard = _Clearance.model_validate(event.data)
    await settle_clearance(heard.uscc, heard.agency_uscc, heard.outcome, heard.reference, uow, now)


async def on_delivered(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """The person has the results, all at once."""
    heard = _Delivered.model_validate(event.data)
    try:
        matter_id = UUID(heard.case_id)
    except ValueError:
        return  # filings and applications are delivered too
    await settle_handing_out(matter_id, event.time, uow)


async def on_application(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Follow the decision on an application."""
    heard = _Application.model_validate(event.data)
    outcome = _of_application(event.type.split(".")[-2], heard)
    if heard.matter_id is not None and outcome is not None:
        await settle_event(
            heard.matter_id, StepKind.PERMIT_APPLICATION, heard.application_id, outcome, event.time, uow
        )


async def on_paid(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """The fee of a part is paid: the part begins."""
    heard = _Paid.model_validate(event.data)
    await settle_payment(heard.case_id, heard.part, uow, now)


async def keep_enterprise(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Keep the public facts that themes for registered enterprises need not ask for."""
    heard = _Enterprise.model_validate(event.data)
    codes = tuple(each.code for each in heard.scope if each.code)
    facts = {
        "name": heard.name,
        "uscc": heard.uscc,
        "kind": heard.enterprise_kind,
        "division_code": heard.division_code,
        "address": heard.domicile.text,
        "scope_codes": list(codes),
        "capital_fen": heard.registered_capital_fen,
        "established_on": heard.established_on.isoformat() if heard.established_on else None,
    }
    enterprise = KnownEnterprise(
        uscc=heard.uscc,
        facts={f"registration.{name}": value for name, value in facts.items() if value is not None},
        division_code=heard.domicile.division_code or heard.division_code,
        scope_codes=codes,
        state=heard.state,
        established_on=heard.established_on,
    )
    await EnterpriseStore(uow.session).put_facts(enterprise)


async def keep_holder(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Who applied for the establishment acts for the enterprise at first."""
    heard = _Holder.model_validate(event.data)
    if heard.uscc is not None and heard.applicant is not None:
        await EnterpriseStore(uow.session).put_holder(heard.uscc, heard.applicant)


def _of_filing(verb: str, heard: _Filing) -> Outcome | None:
    match verb:
        case "approved":
            result = {"filing_id": heard.filing_id, "uscc": heard.uscc or ""}
            if heard.licence_identifier:
                result["licence_identifier"] = heard.licence_identifier
            return Done(heard.filing_id, result, heard.uscc)
        case "returned":
            return SentBack(heard.filing_id, _findings(heard.findings))
        case "refused":
            return TurnedDown(heard.filing_id, _findings([_Finding(**heard.model_dump(include=_REASON))]))
        case "withdrawn":
            return TakenBack()
        case _:
            return None


def _of_notice(verb: str, heard: _Notice) -> Outcome:
    if verb == "ended":
        days = {"ends_on": heard.ends_on, "apply_until": heard.apply_until}
        told = {name: day.isoformat() for name, day in days.items() if day is not None}
        return Done(heard.notice_id, {"notice_id": heard.notice_id, **told})
    if verb == "objected":
        zh, en = "公告期内有异议，请处理后再试或改走一般注销", "somebody objected to the notice"
        return TurnedDown(heard.notice_id, (Finding("", "notice-objected", "", zh, en),))
    return TakenBack()


def _of_application(verb: str, heard: _Application) -> Outcome | None:
    match verb:
        case "approved":
            result = {"application_id": heard.application_id, "permit_number": heard.permit_number or ""}
            return Done(heard.application_id, result)
        case "returned":
            return SentBack(heard.application_id, _findings(heard.findings))
        case "refused":
            return TurnedDown(heard.application_id, _findings(heard.reasons))
        case _:
            return None


_REASON: Final = {"reason_zh", "reason_en"}


def _findings(heard: list[_Finding]) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            found_by=each.item,
            rule=each.rule or "refused",
            pointer=each.pointer,
            text_zh=each.text_zh or each.reason_zh or "不予批准",
            text_en=each.text_en or each.reason_en or "refused",
        )
        for each in heard
    ) or (Finding("", "refused", "", "不予批准", "refused"),)


CONSUMERS: tuple[Consumer, ...] = (
    Consumer(
        follow("gateway", "registration", "filing", "enterprise", durable="gateway_matters_registration"),
        {
            **{
                f"{_REGISTRATION}filing.{verb}.v1": on_filing
                for verb in ("approved", "returned", "refused", "withdrawn")
            },
            f"{_REGISTRATION}enterprise.registered.v1": on_enterprise_registered,
            **{f"{_REGISTRATION}enterprise.{act}.v1": on_enterprise_changed for act in _FILED_ACTS},
        },
    ),
    Consumer(
        follow("gateway", "registration", "notice", "clearance", durable="gateway_matters_exits"),
        {
            **{f"{_REGISTRATION}notice.{verb}.v1": on_notice for verb in ("ended", "objected", "withdrawn")},
            f"{_REGISTRATION}clearance.told.v1": on_clearance,
        },
    ),
    Consumer(
        follow("gateway", "licensing", "application", durable="gateway_matters_licensing"),
        {
            f"{_LICENSING}application.{verb}.v1": on_application
            for verb in ("approved", "returned", "refused")
        },
    ),
    Consumer(
        follow("gateway", "gateway", "payment", durable="gateway_matters_payments"),
        {"cn.tongban.gateway.payment.paid.v1": on_paid},
    ),
    Consumer(
        follow("gateway", "gateway", "delivery", durable="gateway_matters_deliveries"),
        {"cn.tongban.gateway.delivery.delivered.v1": on_delivered},
    ),
    Consumer(
        follow("gateway", "registration", "filing", "enterprise", durable="gateway_matters_enterprises"),
        {
            **{
                f"{_REGISTRATION}enterprise.{act}.v1": keep_enterprise
                for act in ("registered", *_FILED_ACTS, *_OTHER_ACTS)
            },
            f"{_REGISTRATION}filing.approved.v1": keep_holder,
        },
        rebuilds=("matter_enterprise",),
    ),
)
