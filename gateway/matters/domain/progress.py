"""How a matter goes on: steps begin, tasks fan out, outcomes come in, the matter closes as one (统一办结)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from gateway.matters.domain.life_cycles import (
    ActionNotAllowed,
    MatterAction,
    MatterState,
    StepAction,
    StepState,
    TaskAction,
    TaskState,
    next_matter_state,
    next_step_state,
    next_task_state,
)
from gateway.matters.domain.model import (
    ENTERPRISE_REGISTERED,
    Case,
    Change,
    Finding,
    Happened,
    Json,
    Matter,
    Step,
    StepKind,
    Task,
    Verb,
)
from gateway.matters.domain.outcomes import (
    Accepted,
    Done,
    NoAnswer,
    Outcome,
    SentBack,
    TakenBack,
    TurnedDown,
)
from shared.calendar import ClockState, DeadlineLedger, local_date

LONGEST_DELAY: Final = timedelta(minutes=5)
_OUTSTANDING: Final = (StepState.READY, StepState.SUBMITTED, StepState.WITHDRAWING)


def open_case(case: Case, now: datetime) -> Change:
    """Begin what waits for nothing."""
    steps = tuple(_begun(step, case.matter, now) if step.after is None else step for step in case.steps)
    return replace(case, steps=steps), (Happened(Verb.OPENED),)


def take_outcome(case: Case, key: str, outcome: Outcome, now: datetime) -> Change:
    """Apply what became of a step. An outcome of a step that is settled already changes nothing."""
    step = case.step(key)
    if step.state not in _OUTSTANDING:
        return case, ()
    match outcome:
        case NoAnswer():
            return _with_step(case, _later(step, outcome, now)), ()
        case Accepted():
            if step.state is not StepState.READY:
                return case, ()
            accepted = replace(_moved(step, StepAction.ACCEPT), reference=outcome.reference)
            return _with_step(case, accepted), (Happened(Verb.STEP_SUBMITTED, step=key),)
        case Done():
            return _done(case, step, outcome, now)
        case SentBack():
            sent_back = _moved(step, StepAction.RETURN)
            sent_back = replace(sent_back, reference=outcome.reference or step.reference)
            if sent_back.state is StepState.WITHDRAWING:
                return _with_step(case, sent_back), ()
            return _returned(_with_step(case, sent_back), _placed(step, outcome.findings), now, step=key)
        case TurnedDown():
            refused = replace(_moved(step, StepAction.REFUSE), reference=None)
            if refused.state is StepState.WITHDRAWN:
                return _withdrawn(_with_step(case, refused), now)
            return _returned(_with_step(case, refused), _placed(step, outcome.findings), now, step=key)
        case TakenBack():
            return _withdrawn(_with_step(case, _moved(step, StepAction.WITHDRAW)), now)


def resubmit(
    case: Case,
    *,
    form: Json,
    commitments: tuple[str, ...],
    requests: Mapping[str, tuple[Json, tuple[tuple[str, str], ...]]],
    now: datetime,
) -> Change:
    """Take the corrected form; what was sent back goes on with it. Raises: ActionNotAllowed."""
    state = next_matter_state(case.matter.state, MatterAction.RESUBMIT)
    clock = case.matter.clock.resume(now)
    matter = replace(
        case.matter,
        state=state,
        version=case.matter.version + 1,
        form=form,
        commitments=commitments,
        findings=(),
        clock=clock,
        due_at=_due(clock, case.matter),
    )
    steps = tuple(_corrected(step, requests[step.key], matter, now) for step in case.steps)
    returned = [task for task in case.tasks if task.state is TaskState.RETURNED]
    changed = replace(case, matter=matter, steps=steps)
    happened = [Happened(Verb.RESUBMITTED)]
    for task in returned:
        changed = with_task(changed, _assigned(task, matter, now))
        happened.append(Happened(Verb.TASK_ASSIGNED, task_id=task.id))
    closed, more = close_if_finished(changed, now)
    return closed, (*happened, *more)


def ask_back(case: Case, now: datetime) -> Change:
    """Withdraw while nothing has been granted. What a service holds is asked back from it first.

    Raises: ActionNotAllowed once the enterprise is registered, the matter ended, or a call is under way.
    """
    next_matter_state(case.matter.state, MatterAction.WITHDRAW)
    if case.matter.uscc is not None:
        raise ActionNotAllowed(StepState.COMPLETED.value, MatterAction.WITHDRAW.value)
    steps = []
    for step in case.steps:
        held = step.reference is not None and step.state is not StepState.WAITING
        if step.state is StepState.WITHDRAWING:
            raise ActionNotAllowed(step.state.value, MatterAction.WITHDRAW.value)
        action = StepAction.ASK_BACK if held else StepAction.WITHDRAW
        steps.append(replace(_moved(step, action), tries=0, not_before=now, ready_at=now))
    changed = _touched(replace(case, steps=tuple(steps)))
    if any(step.state is StepState.WITHDRAWING for step in steps):
        return changed, ()
    return _withdrawn(changed, now)


def close_if_finished(case: Case, now: datetime) -> Change:
    """Complete the matter when every step and every task is."""
    finished = (
        case.matter.state is MatterState.IN_PROGRESS
        and all(step.state is StepState.COMPLETED for step in case.steps)
        and all(task.state is TaskState.COMPLETED for task in case.tasks)
    )
    if not finished:
        return case, ()
    return _ended(case, MatterAction.COMPLETE, now), (Happened(Verb.COMPLETED),)


def with_task(case: Case, task: Task) -> Case:
    return replace(case, tasks=tuple(task if each.id == task.id else each for each in case.tasks))


def return_case(
    case: Case, findings: tuple[Finding, ...], now: datetime, happened: tuple[Happened, ...] = ()
) -> Change:
    """Send the matter back to the applicant; what was missing already stays on the one list."""
    matter = case.matter
    clock = matter.clock
    if clock.state is ClockState.RUNNING:
        clock = clock.pause(now, reason="returned to the applicant (退回补正)")
    changed = replace(
        matter,
        state=next_matter_state(matter.state, MatterAction.RETURN),
        version=matter.version + 1,
        findings=(*matter.findings, *findings),
        clock=clock,
        due_at=_due(clock, matter),
    )
    return replace(case, matter=changed), happened


def _returned(case: Case, findings: tuple[Finding, ...], now: datetime, *, step: str) -> Change:
    return return_case(case, findings, now, (Happened(Verb.RETURNED, step=step, findings=findings),))


def _done(case: Case, step: Step, outcome: Done, now: datetime) -> Change:
    clock = step.clock.stop(now) if step.clock else None
    completed = replace(
        _moved(step, StepAction.COMPLETE),
        reference=outcome.reference,
        result=dict(outcome.result),
        clock=clock,
    )
    changed = _with_step(case, completed)
    happened = [Happened(Verb.STEP_COMPLETED, step=step.key, result=dict(outcome.result))]
    if step.kind is StepKind.FILING and outcome.uscc is not None:
        established_on = outcome.established_on or local_date(now)
        matter = replace(changed.matter, uscc=outcome.uscc, established_on=established_on)
        changed, fanned = _fan_out(replace(changed, matter=matter), now)
        happened += fanned
    closed, more = close_if_finished(_touched(changed), now)
    return closed, (*happened, *more)


def _fan_out(case: Case, now: datetime) -> tuple[Case, list[Happened]]:
    """Let everything begin that waited for the enterprise, at the same instant."""
    steps = tuple(
        _begun(step, case.matter, now)
        if step.after == ENTERPRISE_REGISTERED and step.state is StepState.WAITING
        else step
        for step in case.steps
    )
    changed = replace(case, steps=steps)
    happened = []
    for task in case.tasks:
        if task.state is TaskState.WAITING:
            changed = with_task(changed, _assigned(task, case.matter, now))
            happened.append(Happened(Verb.TASK_ASSIGNED, task_id=task.id))
    return changed, happened


def _begun(step: Step, matter: Matter, now: datetime) -> Step:
    clock = DeadlineLedger.started(step.limit, now)
    begun = replace(step, clock=clock, due_at=_due(clock, matter), ready_at=now, not_before=now)
    return _moved(begun, StepAction.BEGIN)


def _assigned(task: Task, matter: Matter, now: datetime) -> Task:
    clock = task.clock.resume(now) if task.clock else DeadlineLedger.started(task.limit, now)
    state = next_task_state(task.state, TaskAction.ASSIGN)
    due_at = _due(clock, matter)
    return replace(
        task, state=state, clock=clock, due_at=due_at, version=task.version + 1, return_reason=None
    )


def _corrected(
    step: Step, request: tuple[Json, tuple[tuple[str, str], ...]], matter: Matter, now: datetime
) -> Step:
    body, places = request
    if step.state is StepState.WAITING:
        return replace(step, request=body, places=places)
    if step.state not in (StepState.RETURNED, StepState.REFUSED):
        return step
    again = _moved(step, StepAction.RESUBMIT)
    return replace(
        again, request=body, places=places, attempt=step.attempt + 1, tries=0, ready_at=now, not_before=now
    )


def _later(step: Step, outcome: NoAnswer, now: datetime) -> Step:
    growing = timedelta(seconds=min(2.0**step.tries, LONGEST_DELAY.total_seconds()))
    asked = timedelta(seconds=outcome.retry_after_seconds or 0)
    delay = min(max(growing / 2, asked), LONGEST_DELAY)
    return replace(step, tries=step.tries + 1, not_before=now + delay, last_fault=outcome.reason[:300])


def _placed(step: Step, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(replace(finding, pointer=form_pointer(finding.pointer, step.places)) for finding in findings)


def form_pointer(pointer: str, places: tuple[tuple[str, str], ...]) -> str:
    """Lead a pointer into a service's body back to the matter's form, by the longest known place."""
    for there, here in sorted(places, key=lambda place: -len(place[0])):
        if pointer == there or pointer.startswith(f"{there}/"):
            return here + pointer[len(there) :]
    return "/form"


def _withdrawn(case: Case, now: datetime) -> Change:
    tasks = tuple(
        replace(task, state=next_task_state(task.state, TaskAction.CANCEL), version=task.version + 1)
        for task in case.tasks
    )
    ended = _ended(replace(case, tasks=tasks), MatterAction.WITHDRAW, now)
    return ended, (Happened(Verb.WITHDRAWN),)


def _ended(case: Case, action: MatterAction, now: datetime) -> Case:
    matter = replace(
        case.matter,
        state=next_matter_state(case.matter.state, action),
        version=case.matter.version + 1,
        clock=case.matter.clock.stop(now),
        ended_at=now,
    )
    return replace(case, matter=matter)


def _with_step(case: Case, step: Step) -> Case:
    return replace(case, steps=tuple(step if each.key == step.key else each for each in case.steps))


def _touched(case: Case) -> Case:
    return replace(case, matter=replace(case.matter, version=case.matter.version + 1))


def _moved(step: Step, action: StepAction) -> Step:
    return replace(step, state=next_step_state(step.state, action))


def _due(clock: DeadlineLedger, matter: Matter) -> datetime | None:
    due = clock.due_at(matter.calendar)
    return due.at if due else None
