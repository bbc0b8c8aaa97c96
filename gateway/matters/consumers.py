"""Events that matters follow: what becomes of their filings and applications, and new enterprises."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from gateway.matters.domain.model import Finding, StepKind
from gateway.matters.domain.outcomes import Done, Outcome, SentBack, TakenBack, TurnedDown
from gateway.matters.use_cases.follow_step import note_establishment, settle_event
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.events import Event
from shared.messaging.topology import Consumer, follow

_REGISTRATION: Final = "cn.tongban.registration."
_LICENSING: Final = "cn.tongban.licensing."


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


class _Enterprise(_Heard):
    uscc: str
    established_on: date
    filing_id: str | None = None
    matter_id: UUID | None = None


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
    if heard.matter_id is None or heard.filing_id is None:
        return
    result = {"filing_id": heard.filing_id, "uscc": heard.uscc}
    outcome = Done(heard.filing_id, result, heard.uscc, heard.established_on)
    await settle_event(heard.matter_id, StepKind.FILING, heard.filing_id, outcome, event.time, uow)
    await note_establishment(heard.matter_id, heard.filing_id, heard.established_on, uow, now)


async def on_application(event: Event, uow: UnitOfWork, now: datetime) -> None:
    """Follow the decision on an application."""
    heard = _Application.model_validate(event.data)
    outcome = _of_application(event.type.split(".")[-2], heard)
    if heard.matter_id is not None and outcome is not None:
        await settle_event(
            heard.matter_id, StepKind.PERMIT_APPLICATION, heard.application_id, outcome, event.time, uow
        )


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
        },
    ),
    Consumer(
        follow("gateway", "licensing", "application", durable="gateway_matters_licensing"),
        {
            f"{_LICENSING}application.{verb}.v1": on_application
            for verb in ("approved", "returned", "refused")
        },
    ),
)
