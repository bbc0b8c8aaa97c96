"""A matter (一件事) as it stands: form, steps at services, tasks at departments, each with its clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NewType
from uuid import UUID

from gateway.matters.domain.alarms import NOTHING_TOLD, AlarmRules
from gateway.matters.domain.life_cycles import MatterState, StepState, TaskState
from gateway.matters.domain.register_facts import FactChange, FilingAgent, FilingKind, MergedFiling
from shared.calendar import DeadlineLedger, Limit, WorkingCalendar
from shared.identifiers.channel import Channel
from shared.identifiers.service_item import CrossRegionMode
from shared.security.office import region_covers

MatterId = NewType("MatterId", UUID)
TaskId = NewType("TaskId", UUID)
Json = Mapping[str, Any]

ENTERPRISE_REGISTERED: Final = "enterprise.registered"
ENTERPRISE_CHANGED: Final = "enterprise.changed"
"""What steps and tasks of a theme may wait for beside one another."""
CONSOLIDATION: Final = "consolidation"
"""The kind of task with which the department of the last step puts the results together (归总核验)."""


class ThemeSubject(StrEnum):
    """自然人、法人、项目."""

    PERSON = "person"
    ENTERPRISE = "enterprise"
    PROJECT = "project"


class StepKind(StrEnum):
    FILING = "filing"
    EXIT_NOTICE = "exit_notice"
    PERMIT_APPLICATION = "permit_application"


@dataclass(frozen=True)
class Title:
    zh: str
    en: str


@dataclass(frozen=True)
class Refusal:
    """A department's final no: why, and on which legal basis."""

    reason: str
    legal_basis: str


@dataclass(frozen=True)
class Acceptance:
    """Where a matter was accepted (收件地): the office's region and agency; online, the region the applicant names."""

    region: str | None = None
    agency_uscc: str | None = None


@dataclass(frozen=True)
class KeptItem:
    """A service item in the version under which the matter was opened."""

    code: str
    version: int


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
    """What a service carries out. `request` is the body of its command, built when the form was accepted; of a
    filing it says which.

    `attempt` counts versions of the content, `tries` the calls made for this one; `places` leads from a
    pointer into the body back to the form.
    """

    key: str
    kind: StepKind
    title: Title
    agency_uscc: str
    limit: Limit
    after: tuple[str, ...]
    state: StepState
    request: Json
    places: tuple[tuple[str, str], ...]
    fee_fen: int = 0
    fee_basis: str | None = None
    is_optional: bool = False
    ready_at: datetime | None = None
    attempt: int = 1
    tries: int = 0
    not_before: datetime | None = None
    last_fault: str | None = None
    reference: str | None = None
    result: Json = field(default_factory=dict)
    clock: DeadlineLedger | None = None
    due_at: datetime | None = None
    told: int = NOTHING_TOLD
    refusal: tuple[Finding, ...] = ()
    filing_kind: FilingKind | None = None


@dataclass(frozen=True)
class Receivable:
    """A shared fact that a task receives; `source` is where the suite has it from, if not the form."""

    key: str
    title: Title
    source: str | None


@dataclass(frozen=True)
class VisitRequest:
    """The department asks the applicant to come in person, on this basis."""

    reason: str
    basis: str
    at: datetime


@dataclass(frozen=True)
class Task:
    """What a department without a service in the suite carries out (部门任务); with `told_of`, on a change of one
    of these fields of the register only.
    """

    id: TaskId
    kind: str
    title: Title
    agency_uscc: str
    limit: Limit
    after: tuple[str, ...]
    state: TaskState
    receives: tuple[Receivable, ...]
    fee_fen: int
    free: tuple[Title, ...]
    fee_basis: str | None = None
    is_optional: bool = False
    version: int = 1
    told: int = NOTHING_TOLD
    refusal: Refusal | None = None
    clock: DeadlineLedger | None = None
    due_at: datetime | None = None
    overdue_at: datetime | None = None
    taken_at: datetime | None = None
    taken_by: str | None = None
    ended_at: datetime | None = None
    result: Json = field(default_factory=dict)
    return_reason: str | None = None
    visit: VisitRequest | None = None
    told_of: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Its name in the theme, as a step has one."""
        return self.kind


Part = Step | Task


@dataclass(frozen=True)
class Matter:
    """The rules under which it was opened (limits, office hours, alarms, items) hold until it ends.

    `confidential_fields` are those of the form that only the applicant and the handling units may see (保密要求).

    `division_code` is where it is handled (办理地): the enterprise's town. `known` is what the register told of an
    enterprise that stood in it before. `told` counts the alarms of the whole. `changes` is what a filing of it
    changed in the register, once that is told; `unsettled` are the numbers of other matters of the enterprise that
    were open when it was opened (未办结事项); `agent` is who filed it for the applicant.
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
    case_no: str
    subject: ThemeSubject
    lead_agency_uscc: str
    alarms: AlarmRules
    cross_region: CrossRegionMode | None = None
    accepted_at: Acceptance = Acceptance()
    items: tuple[KeptItem, ...] = ()
    known: Json = field(default_factory=dict)
    told: int = NOTHING_TOLD
    version: int = 1
    findings: tuple[Finding, ...] = ()
    uscc: str | None = None
    established_on: date | None = None
    division_code: str | None = None
    overdue_at: datetime | None = None
    ended_at: datetime | None = None
    confidential_fields: tuple[str, ...] = ()
    changes: tuple[FactChange, ...] | None = None
    merged_filings: tuple[MergedFiling, ...] = ()
    agent: FilingAgent | None = None
    unsettled: tuple[str, ...] = ()
    handed_out_at: datetime | None = None

    @property
    def is_handed_over(self) -> bool:
        """Whether it was accepted in another place than where it is handled (异地受理)."""
        here, there = self.accepted_at.region, self.division_code
        return here is not None and there is not None and not region_covers(here, there)


@dataclass(frozen=True)
class Case:
    """A matter with all that belongs to it."""

    matter: Matter
    steps: tuple[Step, ...]
    tasks: tuple[Task, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """Steps and tasks, in the theme's order."""
        return (*self.steps, *self.tasks)

    @property
    def makes_enterprise(self) -> bool:
        """Whether a step of it registers the enterprise."""
        return any(step.filing_kind is FilingKind.ESTABLISHMENT for step in self.steps)

    def step(self, key: str) -> Step:
        return next(step for step in self.steps if step.key == key)

    def task(self, task_id: TaskId) -> Task:
        return next(task for task in self.tasks if task.id == task_id)


class Verb(StrEnum):
    """What happened to a matter; history keeps all, most are published."""

    OPENED = "opened"
    HANDED_OVER = "handed_over"
    PAYMENT_ASKED = "payment_asked"
    STEP_SUBMITTED = "step_submitted"
    STEP_COMPLETED = "step_completed"
    STEP_REFUSED = "step_refused"
    FILING_MERGED = "filing_merged"
    HANDED_OUT = "handed_out"
    RETURNED = "returned"
    RESUBMITTED = "resubmitted"
    CHOICE_ASKED = "choice_asked"
    CHOSEN = "chosen"
    COMPLETED = "completed"
    PARTLY_COMPLETED = "partly_completed"
    WITHDRAWN = "withdrawn"
    WARNED = "warned"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    TASK_ASSIGNED = "task_assigned"
    TASK_TAKEN = "task_taken"
    TASK_RELEASED = "task_released"
    TASK_VISIT_REQUESTED = "task_visit_requested"
    TASK_RETURNED = "task_returned"
    TASK_REFUSED = "task_refused"
    TASK_COMPLETED = "task_completed"
    TASK_CANCELLED = "task_cancelled"
    TASK_SPARED = "task_spared"
    TASK_WARNED = "task_warned"
    TASK_OVERDUE = "task_overdue"
    TASK_ESCALATED = "task_escalated"


@dataclass(frozen=True)
class Happened:
    """A past fact of the matter, to be written down and published."""

    verb: Verb
    step: str | None = None
    task_id: TaskId | None = None
    findings: tuple[Finding, ...] = ()
    result: Json = field(default_factory=dict)
    """What it came to; history and events say it."""


Change = tuple[Case, tuple[Happened, ...]]


def elapsed_minutes(clock: DeadlineLedger, at: datetime, calendar: WorkingCalendar) -> int:
    """Whole working minutes during which the clock ran until `at`."""
    return int(clock.elapsed(max(at, clock.entries[-1].at), calendar).total_seconds() // 60)
