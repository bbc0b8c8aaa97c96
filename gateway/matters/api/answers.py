"""Answers about matters and tasks."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from gateway.identity.public import ResponsibleHelper
from gateway.matters.api.clocks import ClockOut
from gateway.matters.api.places import ItemOut, PlaceOut
from gateway.matters.api.results import FactChangeOut, FilingAgentOut, MatterResultOut
from gateway.matters.api.titles import TitleOut
from gateway.matters.domain.beginning import SETTLED
from gateway.matters.domain.choices import Choice, choices_of
from gateway.matters.domain.life_cycles import MatterState, StepState, TaskState
from gateway.matters.domain.model import (
    Case,
    Finding,
    Matter,
    Refusal,
    Step,
    StepKind,
    Task,
    Title,
    VisitRequest,
)
from gateway.matters.domain.register_facts import FilingKind
from gateway.matters.store.cases import HistoryEntry
from gateway.matters.use_cases.results import MatterResult
from shared.calendar import WorkingCalendar
from shared.identifiers.channel import Channel
from shared.identifiers.service_item import CrossRegionMode
from shared.web.fields import ResponseModel


class FindingOut(ResponseModel):
    found_by: str = Field(examples=["registration"])
    rule: str = Field(examples=["name-conflict"])
    pointer: str = Field(examples=["/form/enterprise_name"])
    text_zh: str
    text_en: str

    @classmethod
    def of(cls, finding: Finding) -> "FindingOut":
        return cls(
            found_by=finding.found_by,
            rule=finding.rule,
            pointer=finding.pointer,
            text_zh=finding.text_zh,
            text_en=finding.text_en,
        )


class StepOut(ResponseModel):
    key: str = Field(examples=["registration"])
    kind: StepKind
    filing_kind: FilingKind | None
    title: TitleOut
    agency_uscc: str
    state: StepState
    reference: str | None
    result: dict[str, Any]
    attempt: int
    waits_because: str | None
    after: list[str]
    fee_fen: int
    choices: list[Choice]
    clock: ClockOut | None

    @classmethod
    def of(cls, step: Step, calendar: WorkingCalendar, now: datetime) -> "StepOut":
        return cls(
            key=step.key,
            kind=step.kind,
            filing_kind=step.filing_kind,
            title=TitleOut.of(step.title),
            agency_uscc=step.agency_uscc,
            state=step.state,
            reference=step.reference,
            result=dict(step.result),
            attempt=step.attempt,
            waits_because=step.last_fault if step.state is StepState.READY else None,
            after=list(step.after),
            fee_fen=step.fee_fen,
            choices=list(choices_of(step)),
            clock=ClockOut.of(step.clock, calendar, now) if step.clock else None,
        )


class VisitOut(ResponseModel):
    """The applicant is asked to come in person; nobody is without a legal basis (不得强制现场办理)."""

    reason: str
    basis: str
    at: datetime

    @classmethod
    def of(cls, visit: VisitRequest) -> "VisitOut":
        return cls(reason=visit.reason, basis=visit.basis, at=visit.at)


class RefusalOut(ResponseModel):
    """A department's final no."""

    reason: str
    legal_basis: str

    @classmethod
    def of(cls, refusal: Refusal) -> "RefusalOut":
        return cls(reason=refusal.reason, legal_basis=refusal.legal_basis)


class TaskProgressOut(ResponseModel):
    """A department's part, as the applicant sees it."""

    id: UUID
    kind: str = Field(examples=["seal"])
    title: TitleOut
    agency_uscc: str
    state: TaskState
    fee_fen: int
    free: list[TitleOut]
    result: dict[str, Any]
    return_reason: str | None
    refusal: RefusalOut | None
    after: list[str]
    choices: list[Choice]
    visit: VisitOut | None
    clock: ClockOut | None

    @classmethod
    def of(cls, task: Task, calendar: WorkingCalendar, now: datetime) -> "TaskProgressOut":
        return cls(
            id=task.id,
            kind=task.kind,
            title=TitleOut.of(task.title),
            agency_uscc=task.agency_uscc,
            state=task.state,
            fee_fen=task.fee_fen,
            free=[TitleOut.of(each) for each in task.free],
            result=dict(task.result),
            return_reason=task.return_reason,
            refusal=RefusalOut.of(task.refusal) if task.refusal else None,
            after=list(task.after),
            choices=list(choices_of(task)),
            visit=VisitOut.of(task.visit) if task.visit else None,
            clock=ClockOut.of(task.clock, calendar, now) if task.clock else None,
        )


class HistoryOut(ResponseModel):
    at: datetime
    verb: str = Field(examples=["step_completed"])
    step: str | None
    task: str | None
    channel: str | None = Field(description="By which way a person's act came in (办理渠道)")
    details: dict[str, Any]

    @classmethod
    def of(cls, entry: HistoryEntry) -> "HistoryOut":
        return cls(
            at=entry.at,
            verb=entry.verb,
            step=entry.step,
            task=entry.task_kind,
            channel=entry.channel,
            details=dict(entry.details),
        )


class MatterSummaryOut(ResponseModel):
    id: UUID
    case_no: str = Field(examples=["YJS-140881-20261123-000001-T"])
    theme: str = Field(examples=["open_restaurant"])
    title: TitleOut
    state: MatterState
    opened_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    uscc: str | None

    @classmethod
    def of(cls, matter: Matter) -> "MatterSummaryOut":
        return cls(**_summary(matter))


class HelperOut(ResponseModel):
    """The person who is responsible for helping through the matter (专办人员)."""

    subject: str = Field(examples=["018f5d0e-7c1f-7b43-9a0e-3d1f7a0c2b11"])
    name: str = Field(examples=["李*"])
    valid_until: datetime | None

    @classmethod
    def of(cls, helper: ResponsibleHelper) -> "HelperOut":
        return cls(subject=helper.subject, name=helper.name, valid_until=helper.valid_until)


class MatterOut(MatterSummaryOut):
    """A matter (一件事) with all that happened to it and what comes next."""

    version: int
    channel: Channel
    accepted_at: PlaceOut
    handled_at: PlaceOut
    cross_region: CrossRegionMode | None
    items: list[ItemOut]
    applicant: str
    agent: FilingAgentOut | None
    responsible_helper: HelperOut | None
    form: dict[str, Any]
    confidential_fields: list[str]
    commitments: list[str]
    established_on: date | None
    findings: list[FindingOut]
    next_step: TitleOut
    clock: ClockOut
    steps: list[StepOut]
    tasks: list[TaskProgressOut]
    changes: list[FactChangeOut]
    unsettled: list[str] = Field(
        description="Case numbers of what else of the enterprise was open when this was opened (未办结事项)"
    )
    result: MatterResultOut
    history: list[HistoryOut]

    @classmethod
    def of_case(
        cls,
        case: Case,
        history: list[HistoryEntry],
        helper: ResponsibleHelper | None,
        result: MatterResult,
        now: datetime,
    ) -> "MatterOut":
        matter = case.matter
        return cls(
            **_summary(matter),
            version=matter.version,
            channel=matter.channel,
            accepted_at=PlaceOut(
                region=matter.accepted_at.region, agency_uscc=matter.accepted_at.agency_uscc
            ),
            handled_at=PlaceOut(region=matter.division_code, agency_uscc=matter.lead_agency_uscc),
            cross_region=matter.cross_region,
            items=[ItemOut(code=item.code, version=item.version) for item in matter.items],
            applicant=matter.applicant,
            agent=FilingAgentOut.of(matter.agent) if matter.agent else None,
            responsible_helper=HelperOut.of(helper) if helper else None,
            form=dict(matter.form),
            confidential_fields=list(matter.confidential_fields),
            commitments=list(matter.commitments),
            established_on=matter.established_on,
            findings=[FindingOut.of(each) for each in _findings(case)],
            next_step=TitleOut.of(_next(case)),
            clock=ClockOut.of(matter.clock, matter.calendar, now),
            steps=[StepOut.of(step, matter.calendar, now) for step in case.steps],
            tasks=[TaskProgressOut.of(task, matter.calendar, now) for task in case.tasks],
            changes=[FactChangeOut.of(each) for each in matter.changes or ()],
            unsettled=list(matter.unsettled),
            result=MatterResultOut.of(result),
            history=[HistoryOut.of(entry) for entry in history],
        )


def _summary(matter: Matter) -> dict[str, Any]:
    return {
        "id": matter.id,
        "case_no": matter.case_no,
        "theme": matter.theme,
        "title": TitleOut.of(matter.title),
        "state": matter.state,
        "opened_at": matter.opened_at,
        "due_at": matter.due_at,
        "ended_at": matter.ended_at,
        "uscc": matter.uscc,
    }


def _findings(case: Case) -> list[Finding]:
    """One list: what is to be corrected, and why parts were refused."""
    refused = (finding for step in case.steps for finding in step.refusal)
    return [*case.matter.findings, *refused]


def _next(case: Case) -> Title:
    """What has to happen next, in a word for the applicant."""
    match case.matter.state:
        case MatterState.RETURNED:
            return Title("请按清单补正后重新提交", "Correct what is listed and submit again")
        case MatterState.AWAITING_CHOICE:
            return Title("请选择如何继续", "Choose how to go on")
        case MatterState.PARTLY_COMPLETED:
            return Title("已部分办结", "A part is done")
        case MatterState.COMPLETED:
            return Title("已全部办结", "All is done")
        case MatterState.WITHDRAWN:
            return Title("已撤回", "Withdrawn")
        case _:
            left = [part.title for part in case.parts if part.state not in SETTLED]
            return next(iter(left), Title("办结", "Completion"))
