"""Tell what running clocks set off: warned, overdue, escalated, each once (超时预警、逐级上报)."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from gateway.matters.domain.alarms import OVERDUE, WARNED, due_alarms
from gateway.matters.domain.model import Case, Change, Happened, Json, Matter, Part, Verb
from gateway.matters.domain.moves import due_of, with_step, with_task
from gateway.matters.store.cases import CaseStore
from gateway.matters.store.due import DueStore
from gateway.matters.use_cases.settling import settle
from shared.calendar import ClockState
from shared.database.unit_of_work import UnitOfWork

BATCH: Final = 50
_OF_MATTER: Final = {WARNED: Verb.WARNED, OVERDUE: Verb.OVERDUE}
_OF_TASK: Final = {WARNED: Verb.TASK_WARNED, OVERDUE: Verb.TASK_OVERDUE}


async def watch_clocks(uow: UnitOfWork) -> int:
    """Returns how many matters had something to tell.

    A holiday that was not known yet when a clock was reckoned moves its times: they are written anew then.
    """
    now = uow.now
    store, due = CaseStore(uow.session), DueStore(uow.session)
    told = 0
    for matter_id in sorted(await due.to_be_alarmed(now, BATCH)):
        case = await store.lock(matter_id)
        change = alarmed(case, now)
        if change[1]:
            await settle(case, change, uow, now)
            told += 1
        else:
            await due.reckon_anew(reckoned(case))
    return told


def reckoned(case: Case) -> Case:
    """The matter with the due times of its running clocks as the calendar has them today."""
    matter = case.matter
    return Case(
        replace(matter, due_at=_due(matter, matter)),
        tuple(replace(step, due_at=_due(step, matter)) for step in case.steps),
        tuple(replace(task, due_at=_due(task, matter)) for task in case.tasks),
    )


def _due(timed: Matter | Part, matter: Matter) -> datetime | None:
    """A clock that does not run keeps what it said."""
    if timed.clock is None or timed.clock.state is not ClockState.RUNNING:
        return timed.due_at
    return due_of(timed.clock, matter)


def alarmed(case: Case, now: datetime) -> Change:
    """Mark what the clocks of the matter, its steps and its tasks have to tell by now."""
    matter, rules = case.matter, case.matter.alarms
    happened: list[Happened] = []
    changed = case
    levels = due_alarms(matter.clock, matter.told, rules, matter.calendar, now)
    if levels:
        overdue_at = matter.overdue_at or (now if OVERDUE in levels else None)
        matter = replace(matter, told=max(levels), overdue_at=overdue_at)
        changed = replace(changed, matter=matter)
        happened += (
            Happened(_OF_MATTER.get(level, Verb.ESCALATED), result=_to(matter, level)) for level in levels
        )
    for step in case.steps:
        levels = due_alarms(step.clock, step.told, rules, matter.calendar, now)
        if levels:
            changed = with_step(changed, replace(step, told=max(levels)))
            happened += (
                Happened(_OF_MATTER.get(level, Verb.ESCALATED), step=step.key, result=_to(matter, level))
                for level in levels
            )
    for task in case.tasks:
        levels = due_alarms(task.clock, task.told, rules, matter.calendar, now)
        if levels:
            overdue_at = task.overdue_at or (now if OVERDUE in levels else None)
            changed = with_task(changed, replace(task, told=max(levels), overdue_at=overdue_at))
            happened += (
                Happened(_OF_TASK.get(level, Verb.TASK_ESCALATED), task_id=task.id, result=_to(matter, level))
                for level in levels
            )
    return changed, tuple(happened)


def _to(matter: Matter, level: int) -> Json:
    """To whom an escalation goes; nothing for the others."""
    if level <= OVERDUE:
        return {}
    rule = matter.alarms.escalations[level - OVERDUE - 1]
    return {"to": rule.to, "agency_uscc": rule.agency_uscc}
