"""How parts begin: each when all that it waits for is settled, at the same instant; who is not concerned is spared."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from gateway.matters.domain.life_cycles import StepAction, StepState, TaskAction, TaskState, next_task_state
from gateway.matters.domain.model import (
    CONSOLIDATION,
    ENTERPRISE_CHANGED,
    ENTERPRISE_REGISTERED,
    Case,
    Change,
    Happened,
    Step,
    Task,
    Verb,
)
from gateway.matters.domain.moves import assigned, begun, moved, task_moved, with_step, with_task
from gateway.matters.domain.register_facts import told_changes

DONE: Final = (StepState.COMPLETED, TaskState.COMPLETED)
SETTLED: Final = (*DONE, StepState.WAIVED, TaskState.WAIVED, TaskState.NOT_CONCERNED)


def begin_what_can(case: Case, now: datetime) -> Change:
    """Let every part begin whose turn it is; one with a fee waits until it is paid."""
    done = _fulfilled(case)
    changed = case
    happened: list[Happened] = []
    for step in case.steps:
        if step.state is StepState.WAITING and set(step.after) <= done:
            changed, told = _step_begun(changed, step, now)
            happened += told
    for task in case.tasks:
        if task.state is TaskState.WAITING and set(task.after) <= done:
            changed, told = _task_begun(changed, task, now)
            happened += told
    if _fulfilled(changed) == done:
        return changed, tuple(happened)
    further, more = begin_what_can(changed, now)  # what waited for somebody who is spared
    return further, (*happened, *more)


def _step_begun(case: Case, step: Step, now: datetime) -> Change:
    if step.fee_fen:
        asked = with_step(case, moved(step, StepAction.ASK_PAYMENT))
        return asked, (Happened(Verb.PAYMENT_ASKED, step=step.key),)
    return with_step(case, begun(step, case.matter, now)), ()


def _task_begun(case: Case, task: Task, now: datetime) -> Change:
    if not _is_concerned(task, case):
        spared = with_task(case, task_moved(task, TaskAction.SPARE, now))
        return spared, (Happened(Verb.TASK_SPARED, task_id=task.id),)
    if task.fee_fen:
        state = next_task_state(task.state, TaskAction.ASK_PAYMENT)
        asked = with_task(case, replace(task, state=state, version=task.version + 1))
        return asked, (Happened(Verb.PAYMENT_ASKED, step=task.kind),)
    if task.kind == CONSOLIDATION:
        task = replace(task, agency_uscc=_last_agency(case))
    begun_task = with_task(case, assigned(task, case.matter, now))
    return begun_task, (Happened(Verb.TASK_ASSIGNED, task_id=task.id),)


def note_payment(case: Case, part: str, now: datetime) -> Change:
    """The fee of a part is paid: its clock starts. A part that does not wait for it changes nothing."""
    for step in case.steps:
        if step.key == part and step.state is StepState.AWAITING_PAYMENT:
            return with_step(case, begun(step, case.matter, now)), ()
    for task in case.tasks:
        if task.kind == part and task.state is TaskState.AWAITING_PAYMENT:
            changed = with_task(case, assigned(task, case.matter, now))
            return changed, (Happened(Verb.TASK_ASSIGNED, task_id=task.id),)
    return case, ()


def _fulfilled(case: Case) -> frozenset[str]:
    """What parts need no longer wait for."""
    settled = {part.key for part in case.parts if part.state in SETTLED}
    registered = {ENTERPRISE_REGISTERED} if case.matter.uscc else set()
    changed = {ENTERPRISE_CHANGED} if case.matter.changes is not None else set()
    return frozenset(settled | registered | changed)


def _is_concerned(task: Task, case: Case) -> bool:
    """Whether what changed is anything to the department; without a list of fields everything is."""
    return not task.told_of or bool(told_changes(case.matter.changes or (), task.told_of))


def _last_agency(case: Case) -> str:
    """Whose part was done last (最终环节). Source: REG-06 (由最终环节审批部门负责归总核验)."""
    done = [part for part in case.parts if part.state in DONE and part.clock is not None]
    last = max(done, key=lambda part: part.clock.entries[-1].at if part.clock else case.matter.opened_at)
    return last.agency_uscc if done else case.matter.lead_agency_uscc
