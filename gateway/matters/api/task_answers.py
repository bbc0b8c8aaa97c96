"""Answers about department tasks, to the departments."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from gateway.materials.public import CaseMaterialOut
from gateway.matters.api.answers import VisitOut
from gateway.matters.api.clocks import ClockOut
from gateway.matters.api.results import FactChangeOut
from gateway.matters.api.titles import TitleOut
from gateway.matters.domain.life_cycles import TaskState
from gateway.matters.domain.model import Task
from gateway.matters.domain.register_facts import told_changes
from gateway.matters.domain.shared_facts import Openness
from gateway.matters.use_cases.read_task import TaskFile
from shared.web.fields import ResponseModel


class TaskSummaryOut(ResponseModel):
    id: UUID
    matter_id: UUID
    kind: str = Field(examples=["seal"])
    title: TitleOut
    state: TaskState
    due_at: datetime | None
    is_overdue: bool
    taken_by: str | None = Field(description="Opaque subject of the officer, or the client, that took it")

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
            taken_by=task.taken_by,
        )


class TaskCountsOut(ResponseModel):
    """How many tasks there are in each state, and how many of the open ones are late."""

    waiting_to_be_taken: int = Field(examples=[4])
    taken: int = Field(examples=[2])
    returned: int = Field(examples=[1])
    completed: int = Field(examples=[112])
    overdue: int = Field(examples=[0])

    @classmethod
    def of(cls, by_state: dict[str, int], overdue: int) -> "TaskCountsOut":
        return cls(
            waiting_to_be_taken=by_state.get(TaskState.ASSIGNED.value, 0),
            taken=by_state.get(TaskState.TAKEN.value, 0),
            returned=by_state.get(TaskState.RETURNED.value, 0),
            completed=by_state.get(TaskState.COMPLETED.value, 0),
            overdue=overdue,
        )


class SharedFactOut(ResponseModel):
    """A fact that was typed once and is handed over; withheld where no grant opens it to the department."""

    key: str = Field(examples=["address"])
    title: TitleOut
    value: Any
    openness: Openness
    is_withheld: bool


class PartResultOut(ResponseModel):
    """What another part of the matter came to."""

    key: str = Field(examples=["seal"])
    title: TitleOut
    result: dict[str, Any]


class TaskOut(TaskSummaryOut):
    version: int
    case_no: str = Field(examples=["YJS-140881-20260302-000001-7"])
    theme: str
    uscc: str | None
    fee_fen: int
    free: list[TitleOut]
    taken_at: datetime | None
    completed_at: datetime | None
    result: dict[str, Any]
    return_reason: str | None
    visit: VisitOut | None
    clock: ClockOut | None
    outcomes: list[str] = Field(
        description="What the result may say under `status`; empty where it is free (办理结论)",
        examples=[["cleared", "cleared_on_commitment"]],
    )
    changes: list[FactChangeOut] = Field(
        description="What of the register changed that the task is about (变更前后内容)"
    )
    results: list[PartResultOut] = Field(
        description="What the other parts came to, for whoever puts them together (归总核验)"
    )
    facts: list[SharedFactOut]
    materials: list[CaseMaterialOut]

    @classmethod
    def of_file(cls, file: TaskFile, now: datetime) -> "TaskOut":
        task, matter = file.task, file.case.matter
        return cls(
            **TaskSummaryOut.of(task, matter.id).model_dump(),
            version=task.version,
            case_no=matter.case_no,
            theme=matter.theme,
            uscc=matter.uscc,
            fee_fen=task.fee_fen,
            free=[TitleOut.of(each) for each in task.free],
            taken_at=task.taken_at,
            completed_at=task.ended_at,
            result=dict(task.result),
            return_reason=task.return_reason,
            visit=VisitOut.of(task.visit) if task.visit else None,
            clock=ClockOut.of(task.clock, matter.calendar, now) if task.clock else None,
            outcomes=list(task.outcomes),
            changes=[FactChangeOut.of(each) for each in told_changes(matter.changes or (), task.told_of)],
            results=[
                PartResultOut(key=part.key, title=TitleOut.of(part.title), result=dict(part.result))
                for part in file.parts_to_consolidate
            ],
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
            materials=[CaseMaterialOut.of(ref) for ref in file.materials],
        )
