"""Tell once that a matter or a task is overdue (超时预警)."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from gateway.matters.domain.life_cycles import MatterState, TaskState
from gateway.matters.domain.model import Case, Change, Happened, Verb
from gateway.matters.domain.progress import with_task
from gateway.matters.store.cases import CaseStore
from gateway.matters.use_cases.telling import tell
from shared.database.unit_of_work import UnitOfWork

BATCH: Final = 50


async def mark_overdue(uow: UnitOfWork) -> int:
    """Returns how many matters were marked."""
    now = uow.now
    store = CaseStore(uow.session)
    due = await store.overdue(now, BATCH)
    for matter_id in due:
        case = await store.lock(matter_id)
        changed, happened = _marked(case, now)
        await store.save(case, changed, happened, now)
        tell(changed, happened, uow, now)
    return len(due)


def _marked(case: Case, now: datetime) -> Change:
    happened = []
    changed = case
    matter = case.matter
    if matter.state is MatterState.IN_PROGRESS and matter.overdue_at is None and _is_past(matter.due_at, now):
        changed = replace(changed, matter=replace(matter, overdue_at=now))
        happened.append(Happened(Verb.OVERDUE))
    for task in case.tasks:
        runs = task.state in (TaskState.ASSIGNED, TaskState.TAKEN)
        if runs and task.overdue_at is None and _is_past(task.due_at, now):
            changed = with_task(changed, replace(task, overdue_at=now))
            happened.append(Happened(Verb.TASK_OVERDUE, task_id=task.id))
    return changed, tuple(happened)


def _is_past(due_at: datetime | None, now: datetime) -> bool:
    return due_at is not None and due_at < now
