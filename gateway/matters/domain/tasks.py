"""What a department does with its task: take it, put it back, complete it, or send it back with what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from gateway.matters.domain.life_cycles import ActionNotAllowed, TaskAction, TaskState, next_task_state
from gateway.matters.domain.model import (
    Case,
    Change,
    Finding,
    Happened,
    Json,
    Refusal,
    Task,
    TaskId,
    Verb,
    VisitRequest,
)
from gateway.matters.domain.moves import task_moved, with_task
from gateway.matters.domain.progress import close_if_finished, return_case

OUTCOME: Final = "status"


@dataclass(frozen=True)
class Demand:
    """What is to be corrected: a field of the form or a kind of material, and why."""

    name: str
    is_material: bool
    text_zh: str
    text_en: str
    defect: str | None = None
    """What is wrong with the file that is there; a material on file is not asked for without."""


@dataclass(eq=False)
class OutcomeNeeded(Exception):
    """The task has one of several outcomes, and its result says under `status` which."""

    outcomes: str


def take_in_outcome(case: Case, agency_uscc: str, outcome: str, reference: str, now: datetime) -> Change:
    """What an agency's system told elsewhere completes its task here, where one waits for it."""
    waiting = (TaskState.ASSIGNED, TaskState.TAKEN)
    for task in case.tasks:
        if task.agency_uscc == agency_uscc and outcome in task.outcomes and task.state in waiting:
            taken: Case = case
            happened: tuple[Happened, ...] = ()
            if task.state is TaskState.ASSIGNED:
                taken, happened = take(case, task.id, agency_uscc, now)
            completed, more = complete(taken, task.id, {OUTCOME: outcome, "number": reference}, now)
            return completed, (*happened, *more)
    return case, ()


def take(case: Case, task_id: TaskId, by: str, now: datetime) -> Change:
    """Raises: ActionNotAllowed where it was taken before; so do the others from a wrong state."""
    task = case.task(task_id)
    state = next_task_state(task.state, TaskAction.TAKE)
    taken = replace(task, state=state, taken_at=now, taken_by=by, version=task.version + 1)
    return with_task(case, taken), (Happened(Verb.TASK_TAKEN, task_id=task_id),)


def release(case: Case, task_id: TaskId) -> Change:
    """Somebody else of the department may take it; its clock runs on."""
    task = case.task(task_id)
    state = next_task_state(task.state, TaskAction.RELEASE)
    released = replace(task, state=state, taken_at=None, taken_by=None, version=task.version + 1)
    return with_task(case, released), (Happened(Verb.TASK_RELEASED, task_id=task_id),)


def complete(case: Case, task_id: TaskId, result: Json, now: datetime) -> Change:
    """Raises also: OutcomeNeeded where the result does not say which of the possible ones it is."""
    task = case.task(task_id)
    if task.outcomes and result.get(OUTCOME) not in task.outcomes:
        raise OutcomeNeeded(", ".join(task.outcomes))
    completed = replace(
        task,
        state=next_task_state(task.state, TaskAction.COMPLETE),
        clock=task.clock.stop(now) if task.clock else None,
        ended_at=now,
        result=result,
        version=task.version + 1,
    )
    closed, more = close_if_finished(with_task(case, completed), now)
    return closed, (Happened(Verb.TASK_COMPLETED, task_id=task_id), *more)


def send_back(
    case: Case, task_id: TaskId, reason: str, now: datetime, demands: Sequence[Demand] = ()
) -> Change:
    """The department cannot go on: the matter returns to the applicant, this task's clock stands still."""
    task = case.task(task_id)
    state = next_task_state(task.state, TaskAction.RETURN)
    clock = task.clock.pause(now, reason=reason) if task.clock else None
    returned = replace(
        task,
        state=state,
        clock=clock,
        due_at=None,
        return_reason=reason,
        version=task.version + 1,
    )
    findings = tuple(_finding(task, demand) for demand in demands) or (
        Finding(task.kind, "returned-by-department", "/form", reason, reason),
    )
    happened = (
        Happened(Verb.TASK_RETURNED, task_id=task_id),
        Happened(Verb.RETURNED, step=task.kind, findings=findings),
    )
    return return_case(with_task(case, returned), findings, now, happened)


def refuse(case: Case, task_id: TaskId, refusal: Refusal, now: datetime) -> Change:
    """A final no, with its legal basis: this part ends, the others go on, the applicant chooses."""
    refused = replace(task_moved(case.task(task_id), TaskAction.REFUSE, now), refusal=refusal)
    closed, more = close_if_finished(with_task(case, refused), now)
    told = {"reason": refusal.reason, "legal_basis": refusal.legal_basis}
    return closed, (Happened(Verb.TASK_REFUSED, task_id=task_id, result=told), *more)


def ask_to_come(case: Case, task_id: TaskId, visit: VisitRequest) -> Change:
    """The applicant is asked to come in person, which moves nothing else.

    Raises: ActionNotAllowed unless the department works on it.
    """
    task = case.task(task_id)
    if task.state is not TaskState.TAKEN:
        raise ActionNotAllowed(task.state.value, Verb.TASK_VISIT_REQUESTED.value)
    asked = replace(task, visit=visit, version=task.version + 1)
    return with_task(case, asked), (Happened(Verb.TASK_VISIT_REQUESTED, task_id=task_id),)


def _finding(task: Task, demand: Demand) -> Finding:
    place, rule = ("/materials", "material-asked-for") if demand.is_material else ("/form", "field-wrong")
    if demand.defect is not None:
        rule = "material-defective"
    return Finding(task.kind, rule, f"{place}/{demand.name}", demand.text_zh, demand.text_en)
