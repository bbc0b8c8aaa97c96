"""Which event tells what happened to a matter or a task."""

from datetime import datetime
from typing import Any, Final

from gateway.matters.domain.beginning import DONE
from gateway.matters.domain.life_cycles import StepState, TaskState
from gateway.matters.domain.model import Case, Finding, Happened, Task, Verb, elapsed_minutes
from gateway.matters.domain.tasks import OUTCOME
from gateway.matters.published import MATTER, TASK, event_type
from gateway.matters.published.payloads import (
    FindingV1,
    MatterChoiceAskedV1,
    MatterCompletedV1,
    MatterEscalatedV1,
    MatterFilingMergedV1,
    MatterHandedOverV1,
    MatterOpenedV1,
    MatterOverdueV1,
    MatterPartlyCompletedV1,
    MatterResubmittedV1,
    MatterReturnedV1,
    MatterStepCompletedV1,
    MatterStepRefusedV1,
    MatterWarnedV1,
    MatterWithdrawnV1,
    TaskAssignedV1,
    TaskCancelledV1,
    TaskCompletedV1,
    TaskEscalatedV1,
    TaskOverdueV1,
    TaskRefusedV1,
    TaskReleasedV1,
    TaskReturnedV1,
    TaskTakenV1,
    TaskVisitRequestedV1,
    TaskWarnedV1,
)
from shared.messaging.events import Announcement, Payload

SPARED: Final = TaskState.NOT_CONCERNED


def announcement_of(case: Case, happened: Happened, now: datetime) -> Announcement | None:
    """The event of what happened; None for what stays in the matter's own history."""
    if happened.task_id is not None:
        task = case.task(happened.task_id)
        told = _of_task(case, task, happened, now)
        verb = happened.verb.value.removeprefix("task_")
        return Announcement(event_type(TASK, verb), str(task.id), told) if told else None
    found = _of_matter(case, happened, now)
    if found is None:
        return None
    return Announcement(event_type(MATTER, happened.verb.value), str(case.matter.id), found)


def _of_matter(case: Case, happened: Happened, now: datetime) -> Payload | None:
    matter = case.matter
    about: dict[str, Any] = {
        "matter_id": str(matter.id),
        "case_no": matter.case_no,
        "theme": matter.theme,
        "applicant": matter.applicant,
    }
    match happened.verb:
        case Verb.OPENED:
            return MatterOpenedV1(
                **about,
                title_zh=matter.title.zh,
                title_en=matter.title.en,
                uscc=matter.uscc,
                lead_agency_uscc=matter.lead_agency_uscc,
                due_at=matter.due_at,
            )
        case Verb.HANDED_OVER:
            mode = matter.cross_region.value if matter.cross_region else None
            return MatterHandedOverV1(**about, mode=mode, **happened.result)
        case Verb.STEP_COMPLETED:
            result = {name: str(value) for name, value in happened.result.items()}
            return MatterStepCompletedV1(**about, step=happened.step or "", result=result)
        case Verb.FILING_MERGED:
            merged = dict(happened.result)
            return MatterFilingMergedV1(**about, uscc=matter.uscc or "", filing=merged.pop("key"), **merged)
        case Verb.STEP_REFUSED:
            return MatterStepRefusedV1(**about, step=happened.step or "", findings=_findings(happened))
        case Verb.RETURNED:
            return MatterReturnedV1(**about, step=happened.step or "", findings=_findings(happened))
        case Verb.RESUBMITTED:
            return MatterResubmittedV1(**about)
        case Verb.CHOICE_ASKED:
            return MatterChoiceAskedV1(**about, parts=_refused_parts(case))
        case Verb.WARNED:
            return MatterWarnedV1(**about, step=happened.step, due_at=_due(case, happened, now))
        case Verb.OVERDUE:
            return MatterOverdueV1(**about, step=happened.step, due_at=_due(case, happened, now))
        case Verb.ESCALATED:
            due_at = _due(case, happened, now)
            return MatterEscalatedV1(**about, step=happened.step, due_at=due_at, **happened.result)
        case _:
            return _of_end(case, happened.verb, about, now)


def _of_end(case: Case, verb: Verb, about: dict[str, Any], now: datetime) -> Payload | None:
    matter = case.matter
    minutes = elapsed_minutes(matter.clock, now, matter.calendar)
    match verb:
        case Verb.COMPLETED:
            return MatterCompletedV1(**about, uscc=matter.uscc, completed_at=now, working_minutes=minutes)
        case Verb.PARTLY_COMPLETED:
            done = _done_parts(case)
            return MatterPartlyCompletedV1(
                **about,
                uscc=matter.uscc,
                completed_at=now,
                working_minutes=minutes,
                completed_parts=done,
                open_parts=[part.key for part in case.parts if part.state not in (*DONE, SPARED)],
            )
        case Verb.WITHDRAWN:
            return MatterWithdrawnV1(**about)
        case _:
            return None


def _of_task(case: Case, task: Task, happened: Happened, now: datetime) -> Payload | None:
    about = {
        "task_id": str(task.id),
        "matter_id": str(case.matter.id),
        "kind": task.kind,
        "agency_uscc": task.agency_uscc,
    }
    due_at = task.due_at or now
    match happened.verb:
        case Verb.TASK_ASSIGNED:
            return TaskAssignedV1(**about, uscc=case.matter.uscc, due_at=due_at)
        case Verb.TASK_TAKEN:
            return TaskTakenV1(**about, taken_at=now)
        case Verb.TASK_RELEASED:
            return TaskReleasedV1(**about)
        case Verb.TASK_VISIT_REQUESTED if task.visit is not None:
            return TaskVisitRequestedV1(**about, reason=task.visit.reason, basis=task.visit.basis)
        case Verb.TASK_RETURNED:
            return TaskReturnedV1(**about, reason=task.return_reason or "")
        case Verb.TASK_REFUSED if task.refusal is not None:
            return TaskRefusedV1(**about, reason=task.refusal.reason, legal_basis=task.refusal.legal_basis)
        case Verb.TASK_COMPLETED:
            minutes = elapsed_minutes(task.clock, now, case.matter.calendar) if task.clock else 0
            return TaskCompletedV1(
                **about,
                uscc=case.matter.uscc,
                completed_at=now,
                working_minutes=minutes,
                outcome=str(task.result[OUTCOME]) if task.outcomes else None,
            )
        case Verb.TASK_CANCELLED:
            return TaskCancelledV1(**about)
        case Verb.TASK_WARNED:
            return TaskWarnedV1(**about, due_at=due_at)
        case Verb.TASK_OVERDUE:
            return TaskOverdueV1(**about, due_at=due_at)
        case Verb.TASK_ESCALATED:
            to, agency = str(happened.result["to"]), str(happened.result["agency_uscc"])
            return TaskEscalatedV1(**about, due_at=due_at, to=to, to_agency_uscc=agency)
        case _:
            return None


def _due(case: Case, happened: Happened, now: datetime) -> datetime:
    part = case.matter if happened.step is None else case.step(happened.step)
    return part.due_at or now


def _done_parts(case: Case) -> list[str]:
    return [part.key for part in case.parts if part.state in DONE]


def _refused_parts(case: Case) -> list[str]:
    return [part.key for part in case.parts if part.state in (StepState.REFUSED, TaskState.REFUSED)]


def _findings(happened: Happened) -> list[FindingV1]:
    return [_finding(finding) for finding in happened.findings]


def _finding(finding: Finding) -> FindingV1:
    return FindingV1(
        rule=finding.rule,
        pointer=finding.pointer,
        text_zh=finding.text_zh,
        text_en=finding.text_en,
    )
