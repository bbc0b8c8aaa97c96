"""Events that matters follow: what becomes of their filings and applications, and new enterprises."""

from datetime import datetime
from typing import Final
from uuid import UUID

from gateway.matters.domain.model import StepKind
from gateway.matters.domain.outcomes import Done
from gateway.matters.domain.register_facts import FactChange
from gateway.matters.heard import (
    HeardApplication,
    HeardChanged,
    HeardClearance,
    HeardDelivered,
    HeardEnterprise,
    HeardFiling,
    HeardNotice,
    HeardPaid,
    HeardReceived,
    of_application,
    of_filing,
    of_notice,
)
from gateway.matters.store.enterprises import EnterpriseStore, KnownEnterprise
from gateway.matters.use_cases.follow_step import (
    Receipt,
    note_establishment,
    settle_changes,
    settle_clearance,
    settle_event,
    settle_handing_out,
    settle_payment,
    settle_receipt,
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

_SENT: Final = {
    "filing": (StepKind.FILING, "filing_id"),
    "notice": (StepKind.EXIT_NOTICE, "notice_id"),
    "application": (StepKind.PERMIT_APPLICATION, "application_id"),
}


async def on_receipt(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """A service took in what a matter sent: told here too, because the answer to the command may get lost."""
    heard = HeardReceived.model_validate(event.data)
    if heard.matter_id is not None:
        kind, named = _SENT[event.aggregate]
        reference = str(event.data[named])
        receipt = Receipt(heard.matter_id, kind, reference, heard.applicant, heard.kind)
        await settle_receipt(receipt, event.time, uow)


async def on_filing(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Follow the decision on a filing."""
    filing = HeardFiling.model_validate(event.data)
    outcome = of_filing(event.type.split(".")[-2], filing)
    if filing.matter_id is not None and outcome is not None:
        await settle_event(filing.matter_id, StepKind.FILING, filing.filing_id, outcome, event.time, uow)


async def on_enterprise_registered(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """The enterprise is there: what waited for it begins, whether or not the filing's answer came."""
    heard = HeardEnterprise.model_validate(event.data)
    if heard.matter_id is None or heard.filing_id is None or heard.established_on is None:
        return
    result = {"filing_id": heard.filing_id, "uscc": heard.uscc}
    outcome = Done(heard.filing_id, result, heard.uscc, heard.established_on)
    await settle_event(heard.matter_id, StepKind.FILING, heard.filing_id, outcome, event.time, uow)
    await note_establishment(heard.matter_id, heard.filing_id, heard.established_on, uow, now)


async def on_enterprise_changed(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """What a filing of a matter changed: the departments that it concerns are told of it."""
    heard = HeardChanged.model_validate(event.data)
    if heard.matter_id is None or heard.filing_id is None:
        return
    changes = tuple(FactChange(each.field, each.before, each.after) for each in heard.changes)
    await settle_changes(heard.matter_id, heard.filing_id, changes, uow, now)


async def on_notice(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Follow the notice before a simple deregistration: after its days without objection the way is free."""
    heard = HeardNotice.model_validate(event.data)
    if heard.matter_id is not None:
        outcome = of_notice(event.type.split(".")[-2], heard)
        await settle_event(heard.matter_id, StepKind.EXIT_NOTICE, heard.notice_id, outcome, event.time, uow)


async def on_clearance(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """The tax agency told the register that taxes are cleared: its task in the matter is done too."""
    heard = HeardClearance.model_validate(event.data)
    await settle_clearance(heard.uscc, heard.agency_uscc, heard.outcome, heard.reference, uow, now)


async def on_delivered(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """The person has the results, all at once."""
    heard = HeardDelivered.model_validate(event.data)
    try:
        matter_id = UUID(heard.case_id)
    except ValueError:
        return  # filings and applications are delivered too
    await settle_handing_out(matter_id, event.time, uow)


async def on_application(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Follow the decision on an application."""
    heard = HeardApplication.model_validate(event.data)
    outcome = of_application(event.type.split(".")[-2], heard)
    if heard.matter_id is not None and outcome is not None:
        await settle_event(
            heard.matter_id, StepKind.PERMIT_APPLICATION, heard.application_id, outcome, event.time, uow
        )


async def on_paid(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """The fee of a part is paid: the part begins."""
    heard = HeardPaid.model_validate(event.data)
    await settle_payment(heard.case_id, heard.part, uow, now)


async def keep_enterprise(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Keep the public facts that themes for registered enterprises need not ask for."""
    heard = HeardEnterprise.model_validate(event.data)
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


CONSUMERS: tuple[Consumer, ...] = (
    Consumer(
        follow("gateway", "registration", "filing", "enterprise", durable="gateway_matters_registration"),
        {
            **{
                f"{_REGISTRATION}filing.{verb}.v1": on_filing
                for verb in ("approved", "returned", "refused", "reopened", "withdrawn")
            },
            f"{_REGISTRATION}filing.submitted.v1": on_receipt,
            f"{_REGISTRATION}enterprise.registered.v1": on_enterprise_registered,
            **{f"{_REGISTRATION}enterprise.{act}.v1": on_enterprise_changed for act in _FILED_ACTS},
        },
    ),
    Consumer(
        follow("gateway", "registration", "notice", "clearance", durable="gateway_matters_exits"),
        {
            f"{_REGISTRATION}notice.published.v1": on_receipt,
            **{f"{_REGISTRATION}notice.{verb}.v1": on_notice for verb in ("ended", "objected", "withdrawn")},
            f"{_REGISTRATION}clearance.told.v1": on_clearance,
        },
    ),
    Consumer(
        follow("gateway", "licensing", "application", durable="gateway_matters_licensing"),
        {
            f"{_LICENSING}application.submitted.v1": on_receipt,
            **{
                f"{_LICENSING}application.{verb}.v1": on_application
                for verb in ("approved", "returned", "refused")
            },
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
        follow("gateway", "registration", "enterprise", durable="gateway_matters_enterprises"),
        {
            f"{_REGISTRATION}enterprise.{act}.v1": keep_enterprise
            for act in ("registered", *_FILED_ACTS, *_OTHER_ACTS)
        },
        rebuilds=("matter_enterprise",),
    ),
)
