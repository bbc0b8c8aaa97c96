"""Events of other services as matters read them, and what they come to."""

from datetime import date
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from gateway.matters.domain.model import Finding
from gateway.matters.domain.outcomes import Done, Outcome, Reopened, SentBack, TakenBack, TurnedDown


class Heard(BaseModel):
    """Our copy of a payload: what is used here, whatever else it says."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class HeardFinding(Heard):
    rule: str = ""
    pointer: str = ""
    text_zh: str = ""
    text_en: str = ""
    reason_zh: str = ""
    reason_en: str = ""
    item: str = ""


class HeardFiling(Heard):
    filing_id: str
    matter_id: UUID | None = None
    uscc: str | None = None
    licence_identifier: str | None = None
    reason_zh: str = ""
    reason_en: str = ""
    findings: list[HeardFinding] = []


class HeardReceived(Heard):
    matter_id: UUID | None = None
    applicant: str | None = None
    kind: str | None = None


class HeardDomicile(Heard):
    division_code: str | None = None
    text: str | None = None


class HeardScope(Heard):
    code: str | None = None


class HeardEnterprise(Heard):
    uscc: str
    established_on: date | None = None
    filing_id: str | None = None
    matter_id: UUID | None = None
    name: str | None = None
    enterprise_kind: str | None = None
    state: str | None = None
    registered_capital_fen: int | None = None
    domicile: HeardDomicile = HeardDomicile()
    division_code: str | None = None
    scope: list[HeardScope] = []


class HeardChange(Heard):
    field: str
    before: str | None = None
    after: str | None = None


class HeardChanged(Heard):
    filing_id: str | None = None
    matter_id: UUID | None = None
    changes: list[HeardChange] = []


class HeardNotice(Heard):
    notice_id: str
    matter_id: UUID | None = None
    ends_on: date | None = None
    apply_until: date | None = None


class HeardClearance(Heard):
    uscc: str
    outcome: str
    agency_uscc: str
    reference: str = ""


class HeardDelivered(Heard):
    case_id: str


class HeardPaid(Heard):
    case_id: UUID
    part: str


class HeardApplication(Heard):
    application_id: str
    matter_id: UUID | None = None
    permit_number: str | None = None
    findings: list[HeardFinding] = []
    reasons: list[HeardFinding] = []


def of_filing(verb: str, heard: HeardFiling) -> Outcome | None:
    match verb:
        case "approved":
            result = {"filing_id": heard.filing_id, "uscc": heard.uscc or ""}
            if heard.licence_identifier:
                result["licence_identifier"] = heard.licence_identifier
            return Done(heard.filing_id, result, heard.uscc)
        case "returned":
            return SentBack(heard.filing_id, _findings(heard.findings))
        case "refused":
            return TurnedDown(heard.filing_id, _findings([HeardFinding(**heard.model_dump(include=_REASON))]))
        case "reopened":
            return Reopened(heard.filing_id)
        case "withdrawn":
            return TakenBack()
        case _:
            return None


def of_notice(verb: str, heard: HeardNotice) -> Outcome:
    if verb == "ended":
        days = {"ends_on": heard.ends_on, "apply_until": heard.apply_until}
        told = {name: day.isoformat() for name, day in days.items() if day is not None}
        return Done(heard.notice_id, {"notice_id": heard.notice_id, **told})
    if verb == "objected":
        zh, en = "公告期内有异议，请处理后再试或改走一般注销", "somebody objected to the notice"
        return TurnedDown(heard.notice_id, (Finding("", "notice-objected", "", zh, en),))
    return TakenBack()


def of_application(verb: str, heard: HeardApplication) -> Outcome | None:
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


def _findings(heard: list[HeardFinding]) -> tuple[Finding, ...]:
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
