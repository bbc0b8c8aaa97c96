"""Events of matters and their tasks: ids, places and times, never what was typed into the form."""

from datetime import UTC, datetime
from typing import Final

from gateway.matters.domain.model import Case, Finding, Happened, Task, Verb, elapsed_minutes
from shared.messaging.access import AccessRecorded
from shared.messaging.contracts import Published
from shared.messaging.events import Announcement, EventType, Payload

MATTER: Final = "matter"
TASK: Final = "task"


class FindingV1(Payload):
    rule: str
    pointer: str
    text_zh: str
    text_en: str


class MatterOpenedV1(Payload):
    matter_id: str
    theme: str
    applicant: str


class MatterStepCompletedV1(Payload):
    matter_id: str
    step: str
    result: dict[str, str]


class MatterReturnedV1(Payload):
    matter_id: str
    step: str
    findings: list[FindingV1]


class MatterCompletedV1(Payload):
    matter_id: str
    uscc: str | None
    completed_at: datetime
    working_minutes: int


class MatterWithdrawnV1(Payload):
    matter_id: str


class MatterOverdueV1(Payload):
    matter_id: str
    due_at: datetime


class TaskAssignedV1(Payload):
    task_id: str
    matter_id: str
    kind: str
    agency_uscc: str
    uscc: str | None
    due_at: datetime


class TaskTakenV1(Payload):
    task_id: str
    matter_id: str
    kind: str
    agency_uscc: str
    taken_at: datetime


class TaskReturnedV1(Payload):
    task_id: str
    matter_id: str
    kind: str
    agency_uscc: str
    reason: str


class TaskCompletedV1(Payload):
    task_id: str
    matter_id: str
    kind: str
    agency_uscc: str
    uscc: str | None
    completed_at: datetime
    working_minutes: int


class TaskOverdueV1(Payload):
    task_id: str
    matter_id: str
    kind: str
    agency_uscc: str
    due_at: datetime


def _type(aggregate: str, verb: str) -> EventType:
    return EventType("gateway", aggregate, verb)


ACCESS: Final = _type("access", "recorded")
_M: Final = "01938f0e-7c1a-7a52-9a53-0b6f0a4be001"
_T: Final = "01938f0e-7c1a-7a52-9a53-0b6f0a4be002"
_USCC: Final = "91140881MAE0000003"
_POLICE: Final = "11140881MB9Y000328"
_AT: Final = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)

PUBLISHED: tuple[Published, ...] = (
    Published(
        _type(MATTER, "opened"),
        MatterOpenedV1,
        MatterOpenedV1(matter_id=_M, theme="open_restaurant", applicant="p-7c1f"),
        "A person opened a matter (一件事)",
    ),
    Published(
        _type(MATTER, "step_completed"),
        MatterStepCompletedV1,
        MatterStepCompletedV1(matter_id=_M, step="registration", result={"uscc": _USCC}),
        "A service carried out its part of a matter",
    ),
    Published(
        _type(MATTER, "returned"),
        MatterReturnedV1,
        MatterReturnedV1(
            matter_id=_M,
            step="registration",
            findings=[
                FindingV1(
                    rule="name-conflict",
                    pointer="/form/enterprise_name",
                    text_zh="名称与已登记的企业名称相同",
                    text_en="the name is registered already",
                )
            ],
        ),
        "A matter waits for its applicant, with all that is missing",
    ),
    Published(
        _type(MATTER, "completed"),
        MatterCompletedV1,
        MatterCompletedV1(matter_id=_M, uscc=_USCC, completed_at=_AT, working_minutes=86),
        "All steps and tasks of a matter are done; working time in minutes",
    ),
    Published(
        _type(MATTER, "withdrawn"),
        MatterWithdrawnV1,
        MatterWithdrawnV1(matter_id=_M),
        "The applicant withdrew a matter",
    ),
    Published(
        _type(MATTER, "overdue"),
        MatterOverdueV1,
        MatterOverdueV1(matter_id=_M, due_at=_AT),
        "A matter is not done in its time; told once",
    ),
    Published(
        _type(TASK, "assigned"),
        TaskAssignedV1,
        TaskAssignedV1(task_id=_T, matter_id=_M, kind="seal", agency_uscc=_POLICE, uscc=_USCC, due_at=_AT),
        "A department has a task in a matter (部门任务)",
    ),
    Published(
        _type(TASK, "taken"),
        TaskTakenV1,
        TaskTakenV1(task_id=_T, matter_id=_M, kind="seal", agency_uscc=_POLICE, taken_at=_AT),
        "The department works on its task",
    ),
    Published(
        _type(TASK, "returned"),
        TaskReturnedV1,
        TaskReturnedV1(
            task_id=_T, matter_id=_M, kind="seal", agency_uscc=_POLICE, reason="印章种类与章程不一致"
        ),
        "The department sent its task back, with the reason",
    ),
    Published(
        _type(TASK, "completed"),
        TaskCompletedV1,
        TaskCompletedV1(
            task_id=_T,
            matter_id=_M,
            kind="seal",
            agency_uscc=_POLICE,
            uscc=_USCC,
            completed_at=_AT,
            working_minutes=42,
        ),
        "The department completed its task; working time in minutes",
    ),
    Published(
        _type(TASK, "overdue"),
        TaskOverdueV1,
        TaskOverdueV1(task_id=_T, matter_id=_M, kind="seal", agency_uscc=_POLICE, due_at=_AT),
        "A task is not done in its time; told once",
    ),
    Published(
        ACCESS,
        AccessRecorded,
        AccessRecorded(
            reader="client:police",
            client_id="police",
            agency_uscc=_POLICE,
            on_behalf_of=None,
            resource="gateway.task",
            record_key=_T,
            owner_subject="p-7c1f",
            fields=["legal_representative_id_number"],
            purpose="seal",
            matter_id=_M,
            grant_id=None,
            result="allowed",
            at=_AT,
        ),
        "Somebody read protected fields of another's record",
    ),
)


def announcement_of(case: Case, happened: Happened, now: datetime) -> Announcement | None:
    """The event of what happened; None for what stays in the matter's own history."""
    if happened.task_id is not None:
        task = case.task(happened.task_id)
        verb, payload = _of_task(case, task, happened.verb, now)
        return Announcement(_type(TASK, verb), str(task.id), payload)
    found = _of_matter(case, happened, now)
    if found is None:
        return None
    return Announcement(_type(MATTER, happened.verb.value), str(case.matter.id), found)


def _of_matter(case: Case, happened: Happened, now: datetime) -> Payload | None:
    matter = case.matter
    matter_id = str(matter.id)
    match happened.verb:
        case Verb.OPENED:
            return MatterOpenedV1(matter_id=matter_id, theme=matter.theme, applicant=matter.applicant)
        case Verb.STEP_COMPLETED:
            result = {name: str(value) for name, value in happened.result.items()}
            return MatterStepCompletedV1(matter_id=matter_id, step=happened.step or "", result=result)
        case Verb.RETURNED:
            findings = [_finding(finding) for finding in happened.findings]
            return MatterReturnedV1(matter_id=matter_id, step=happened.step or "", findings=findings)
        case Verb.COMPLETED:
            minutes = elapsed_minutes(matter.clock, now, matter.calendar)
            return MatterCompletedV1(
                matter_id=matter_id, uscc=matter.uscc, completed_at=now, working_minutes=minutes
            )
        case Verb.WITHDRAWN:
            return MatterWithdrawnV1(matter_id=matter_id)
        case Verb.OVERDUE:
            return MatterOverdueV1(matter_id=matter_id, due_at=matter.due_at or now)
        case _:
            return None


def _of_task(case: Case, task: Task, verb: Verb, now: datetime) -> tuple[str, Payload]:
    about = {
        "task_id": str(task.id),
        "matter_id": str(case.matter.id),
        "kind": task.kind,
        "agency_uscc": task.agency_uscc,
    }
    match verb:
        case Verb.TASK_ASSIGNED:
            return "assigned", TaskAssignedV1(**about, uscc=case.matter.uscc, due_at=task.due_at or now)
        case Verb.TASK_TAKEN:
            return "taken", TaskTakenV1(**about, taken_at=now)
        case Verb.TASK_RETURNED:
            return "returned", TaskReturnedV1(**about, reason=task.return_reason or "")
        case Verb.TASK_COMPLETED:
            minutes = elapsed_minutes(task.clock, now, case.matter.calendar) if task.clock else 0
            return "completed", TaskCompletedV1(
                **about, uscc=case.matter.uscc, completed_at=now, working_minutes=minutes
            )
        case _:
            return "overdue", TaskOverdueV1(**about, due_at=task.due_at or now)


def _finding(finding: Finding) -> FindingV1:
    return FindingV1(
        rule=finding.rule,
        pointer=finding.pointer,
        text_zh=finding.text_zh,
        text_en=finding.text_en,
    )
