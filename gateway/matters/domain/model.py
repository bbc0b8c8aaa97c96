"""A matter (一件事) as it stands: form, steps at services, tasks at departments, each with its clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NewType
from uuid import UUID

from gateway.matters.domain.life_cycles import MatterState, StepState, TaskState
from shared.calendar import DeadlineLedger, Limit, WorkingCalendar
from shared.identifiers.channel import Channel

MatterId = NewType("MatterId", UUID)
TaskId = NewType("TaskId", UUID)
Json = Mapping[str, Any]

ENTERPRISE_REGISTERED: Final = "enterprise.registered"
"""The one fact that steps and tasks of a theme may wait for."""


class StepKind(StrEnum):
    FILING = "filing"
    PERMIT_APPLICATION = "permit_application"


@dataclass(frozen=True)
class Title:
    zh: str
    en: str


@dataclass(frozen=True)
class Finding:
    """One thing that is missing or wrong: who found it, by which rule, where in the matter's form."""

    found_by: str
    rule: str
    pointer: str
    text_zh: str
    text_en: str


@dataclass(frozen=True)
class Step:
    """What a service carries out. `request` is the body of its command, built when the form was accepted.

    `attempt` counts versions of the content, `tries` the calls made for this one; `places` leads from a
    pointer into the body back to the form.
    """

    key: str
    kind: StepKind
    title: Title
    agency_uscc: str
    limit: Limit
    after: str | None
    state: StepState
    request: Json
    places: tuple[tuple[str, str], ...]
    ready_at: datetime | None = None
    attempt: int = 1
    tries: int = 0
    not_before: datetime | None = None
    last_fault: str | None = None
    reference: str | None = None
    result: Json = field(default_factory=dict)
    clock: DeadlineLedger | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class Receivable:
    """A shared fact that a task receives; `source` is where the suite has it from, if not the form."""

    key: str
    title: Title
    source: str | None


@dataclass(frozen=True)
class Task:
    """What a department without a service in the suite carries out (部门任务)."""

    id: TaskId
    kind: str
    title: Title
    agency_uscc: str
    limit: Limit
    after: str
    state: TaskState
    receives: tuple[Receivable, ...]
    fee_fen: int
    free: tuple[Title, ...]
    version: int = 1
    clock: DeadlineLedger | None = None
    due_at: datetime | None = None
    overdue_at: datetime | None = None
    taken_at: datetime | None = None
    ended_at: datetime | None = None
    result: Json = field(default_factory=dict)
    return_reason: str | None = None


@dataclass(frozen=True)
class Matter:
    """The rules under which it was opened (limits, office hours) hold until it ends.

    `division_code` is the town of the enterprise, None where no step files it.
    """

    id: MatterId
    theme: str
    title: Title
    applicant: str
    channel: Channel
    state: MatterState
    form: Json
    commitments: tuple[str, ...]
    limit: Limit
    clock: DeadlineLedger
    calendar: WorkingCalendar
    opened_at: datetime
    due_at: datetime | None
    version: int = 1
    findings: tuple[Finding, ...] = ()
    uscc: str | None = None
    established_on: date | None = None
    division_code: str | None = None
    overdue_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Case:
    """A matter with all that belongs to it."""

    matter: Matter
    steps: tuple[Step, ...]
    tasks: tuple[Task, ...]

    def step(self, key: str) -> Step:
        return next(step for step in self.steps if step.key == key)

    def task(self, task_id: TaskId) -> Task:
        return next(task for task in self.tasks if task.id == task_id)


class Verb(StrEnum):
    """What happened to a matter; history keeps all, most are published."""

    OPENED = "opened"
    STEP_SUBMITTED = "step_submitted"
    STEP_COMPLETED = "step_completed"
    RETURNED = "returned"
    RESUBMITTED = "resubmitted"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    OVERDUE = "overdue"
    TASK_ASSIGNED = "task_assigned"
    TASK_TAKEN = "task_taken"
    TASK_RETURNED = "task_returned"
    TASK_COMPLETED = "task_completed"
    TASK_OVERDUE = "task_overdue"


@dataclass(frozen=True)
class Happened:
    """A past fact of the matter, to be written down and published."""

    verb: Verb
    step: str | None = None
    task_id: TaskId | None = None
    findings: tuple[Finding, ...] = ()
    result: Json = field(default_factory=dict)


Change = tuple[Case, tuple[Happened, ...]]


def elapsed_minutes(clock: DeadlineLedger, at: datetime, calendar: WorkingCalendar) -> int:
    """Whole working minutes during which the clock ran until `at`."""
    return int(clock.elapsed(max(at, clock.entries[-1].at), calendar).total_seconds() // 60)
