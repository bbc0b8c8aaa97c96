"""What a department does with its task: take it, complete it, or send it back with a reason."""

from dataclasses import replace
from datetime import datetime

from gateway.matters.domain.life_cycles import TaskAction, next_task_state
from gateway.matters.domain.model import Case, Change, Finding, Happened, Json, TaskId, Verb
from gateway.matters.domain.progress import close_if_finished, return_case, with_task


def take(case: Case, task_id: TaskId, now: datetime) -> Change:
    """Raises: ActionNotAllowed where it was taken before; so do the others from a wrong state."""
    task = case.task(task_id)
    state = next_task_state(task.state, TaskAction.TAKE)
    taken = replace(task, state=state, taken_at=now, version=task.version + 1)
    return with_task(case, taken), (Happened(Verb.TASK_TAKEN, task_id=task_id),)


def complete(case: Case, task_id: TaskId, result: Json, now: datetime) -> Change:
    task = case.task(task_id)
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


def send_back(case: Case, task_id: TaskId, reason: str, now: datetime) -> Change:
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
    finding = Finding(task.kind, "returned-by-department", "/form", reason, reason)
    happened = (
        Happened(Verb.TASK_RETURNED, task_id=task_id),
        Happened(Verb.RETURNED, step=task.kind, findings=(finding,)),
    )
    return return_case(with_task(case, returned), (finding,), now, happened)
