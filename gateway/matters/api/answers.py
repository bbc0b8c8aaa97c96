"""Answers about matters and tasks."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from gateway.identity.public import ResponsibleHelper
from gateway.matters.api.clocks import ClockOut
from gateway.matters.domain.life_cycles import MatterState, StepState, TaskState
from gateway.matters.domain.model import (
    Case,
    Finding,
    Matter,
    Step,
    StepKind,
    Task,
    Title,
)
from gateway.matters.domain.shared_facts import Openness
from gateway.matters.store.cases import HistoryEntry
from gateway.matters.use_cases.handle_task import TaskFile
from shared.calendar import WorkingCalendar
from shared.identifiers.channel import Channel
from shared.web.fields import ResponseModel


class TitleOut(ResponseModel):
    zh: str = Field(examples=["公章刻制"])
    en: str = Field(examples=["Company seals"])

    @classmethod
    def of(cls, title: Title) -> "TitleOut":
        return cls(zh=title.zh, en=title.en)


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
    title: TitleOut
    agency_uscc: str
    state: StepState
    reference: str | None
    result: dict[str, Any]
    attempt: int
    waits_because: str | None
    clock: ClockOut | None

    @classmethod
    def of(cls, step: Step, calendar: WorkingCalendar, now: datetime) -> "StepOut":
        return cls(
            key=step.key,
            kind=step.kind,
            title=TitleOut.of(step.title),
            agency_uscc=step.agency_uscc,
            state=step.state,
            reference=step.reference,
            result=dict(step.result),
            attempt=step.attempt,
            waits_because=step.last_fault if step.state is StepState.READY else None,
            clock=ClockOut.of(step.clock, calendar, now) if step.clock else None,
        )


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
            clock=ClockOut.of(task.clock, calendar, now) if task.clock else None,
        )


class HistoryOut(ResponseModel):
    at: datetime
    verb: str = Field(examples=["step_completed"])
    step: str | None
    task: str | None


class MatterSummaryOut(ResponseModel):
    id: UUID
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
    applicant: str
    responsible_helper: HelperOut | None
    form: dict[str, Any]
    commitments: list[str]
    established_on: date | None
    findings: list[FindingOut]
    next_step: TitleOut
    clock: ClockOut
    steps: list[StepOut]
    tasks: list[TaskProgressOut]
    history: list[HistoryOut]

    @classmethod
    def of_case(
        cls, case: Case, history: list[HistoryEntry], helper: ResponsibleHelper | None, now: datetime
    ) -> "MatterOut":
        matter = case.matter
        return cls(
            **_summary(matter),
            version=matter.version,
            channel=matter.channel,
            applicant=matter.applicant,
            responsible_helper=HelperOut.of(helper) if helper else None,
            form=dict(matter.form),
            commitments=list(matter.commitments),
            established_on=matter.established_on,
            findings=[FindingOut.of(each) for each in matter.findings],
            next_step=TitleOut.of(_next(case)),
            clock=ClockOut.of(matter.clock, matter.calendar, now),
            steps=[StepOut.of(step, matter.calendar, now) for step in case.steps],
            tasks=[TaskProgressOut.of(task, matter.calendar, now) for task in case.tasks],
            history=[HistoryOut(at=e.at, verb=e.verb, step=e.step, task=e.task_kind) for e in history],
        )


class TaskSummaryOut(ResponseModel):
    id: UUID
    matter_id: UUID
    kind: str = Field(examples=["seal"])
    title: TitleOut
    state: TaskState
    due_at: datetime | None
    is_overdue: bool

    @classmethod
    def of(cls, task: Task, matter_id: UUID) -> "TaskSummaryOut":
        return cls(
            id=task.id,
            matter_id=matter_id,
            kind=task.kind,
            title=TitleOut.of(task.title),
            state=task.state,
            due_at=task.due_at,
            is_overdue=task.overdue_at is not None,
        )


class SharedFactOut(ResponseModel):
    """A fact that was typed once and is handed over; withheld where no grant opens it to the department."""

    key: str = Field(examples=["address"])
    title: TitleOut
    value: Any
    openness: Openness
    is_withheld: bool


class TaskOut(TaskSummaryOut):
    version: int
    theme: str
    uscc: str | None
    fee_fen: int
    free: list[TitleOut]
    taken_at: datetime | None
    completed_at: datetime | None
    result: dict[str, Any]
    return_reason: str | None
    clock: ClockOut | None
    facts: list[SharedFactOut]

    @classmethod
    def of_file(cls, file: TaskFile, now: datetime) -> "TaskOut":
        task, matter = file.task, file.case.matter
        return cls(
            **TaskSummaryOut.of(task, matter.id).model_dump(),
            version=task.version,
            theme=matter.theme,
            uscc=matter.uscc,
            fee_fen=task.fee_fen,
            free=[TitleOut.of(each) for each in task.free],
            taken_at=task.taken_at,
            completed_at=task.ended_at,
            result=dict(task.result),
            return_reason=task.return_reason,
            clock=ClockOut.of(task.clock, matter.calendar, now) if task.clock else None,
            facts=[
                SharedFactOut(
                    key=fact.key,
                    title=TitleOut.of(fact.title),
                    value=fact.value,
                    openness=fact.openness,
                    is_withheld=fact.is_withheld,
                )
                for fact in file.facts
            ],
        )


def _summary(matter: Matter) -> dict[str, Any]:
    return {
        "id": matter.id,
        "theme": matter.theme,
        "title": TitleOut.of(matter.title),
        "state": matter.state,
        "opened_at": matter.opened_at,
        "due_at": matter.due_at,
        "ended_at": matter.ended_at,
        "uscc": matter.uscc,
    }


def _next(case: Case) -> Title:
    """What has to happen next, in a word for the applicant."""
    match case.matter.state:
        case MatterState.RETURNED:
            return Title("请按清单补正后重新提交", "Correct what is listed and submit again")
        case MatterState.COMPLETED:
            return Title("已全部办结", "All is done")
        case MatterState.WITHDRAWN:
            return Title("已撤回", "Withdrawn")
        case _:
            open_steps = [step.title for step in case.steps if step.state is not StepState.COMPLETED]
            open_tasks = [task.title for task in case.tasks if task.state is not TaskState.COMPLETED]
            return next(iter((*open_steps, *open_tasks)), Title("办结", "Completion"))
