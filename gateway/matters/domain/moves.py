"""Single moves of a part or of the whole: state, clock and due time change together."""

from dataclasses import replace
from datetime import datetime

from gateway.matters.domain.alarms import NOTHING_TOLD
from gateway.matters.domain.life_cycles import (
    MatterAction,
    MatterState,
    StepAction,
    StepState,
    TaskAction,
    next_matter_state,
    next_step_state,
    next_task_state,
)
from gateway.matters.domain.model import Case, Json, Matter, Step, Task
from shared.calendar import ClockState, DeadlineLedger

Request = tuple[Json, tuple[tuple[str, str], ...]]


def with_task(case: Case, task: Task) -> Case:
    return replace(case, tasks=tuple(task if each.id == task.id else each for each in case.tasks))


def with_step(case: Case, step: Step) -> Case:
    return replace(case, steps=tuple(step if each.key == step.key else each for each in case.steps))


def moved(step: Step, action: StepAction) -> Step:
    """Raises: ActionNotAllowed; so do all others."""
    return replace(step, state=next_step_state(step.state, action))


def stopped(step: Step, now: datetime) -> Step:
    """Nobody waits for it any more."""
    return replace(step, clock=_stopped(step.clock, now))


def held_up(step: Step, matter: Matter, now: datetime) -> Step:
    """Its clock stands still until the applicant has corrected the form."""
    if step.clock is None or step.clock.state is not ClockState.RUNNING:
        return step
    clock = step.clock.pause(now, reason="returned to the applicant (退回补正)")
    return replace(step, clock=clock, due_at=due_of(clock, matter))


def begun(step: Step, matter: Matter, now: datetime) -> Step:
    """To be sent to its service, from now on its clock."""
    clock = DeadlineLedger.started(step.limit, now)
    ready = replace(step, clock=clock, due_at=due_of(clock, matter), ready_at=now, not_before=now)
    return moved(ready, StepAction.BEGIN)


def corrected(
    step: Step, request: Request | None, matter: Matter, now: datetime, *, again: tuple[StepState, ...]
) -> Step:
    """The step with the corrected content; in one of the states `again` it is sent once more.

    One that the theme has no more goes on with the content that it has. What was refused is filed anew.
    """
    body, places = request or (step.request, step.places)
    if step.state in (StepState.WAITING, StepState.AWAITING_PAYMENT):
        return replace(step, request=body, places=places)
    if step.state not in again:
        return step
    clock, told = _going_on(step.clock, step.told, step, now)
    return replace(
        moved(step, StepAction.RESUBMIT),
        request=body,
        places=places,
        reference=None if step.state is StepState.REFUSED else step.reference,
        attempt=step.attempt + 1,
        tries=0,
        ready_at=now,
        not_before=now,
        clock=clock,
        due_at=due_of(clock, matter),
        told=told,
        refusal=(),
    )


def reopened(step: Step, matter: Matter, now: datetime) -> Step:
    """Its service has it again, with a clock of its own."""
    clock, told = _going_on(step.clock, step.told, step, now)
    again = moved(step, StepAction.REOPEN)
    return replace(again, clock=clock, due_at=due_of(clock, matter), told=told, refusal=())


def assigned(task: Task, matter: Matter, now: datetime) -> Task:
    """The task is its department's; after a correction its clock goes on, after a refusal it begins anew."""
    clock, told = _going_on(task.clock, task.told, task, now)
    return replace(
        task,
        state=next_task_state(task.state, TaskAction.ASSIGN),
        clock=clock,
        due_at=due_of(clock, matter),
        version=task.version + 1,
        told=told,
        overdue_at=task.overdue_at if told else None,
        return_reason=None,
        refusal=None,
    )


def task_moved(task: Task, action: TaskAction, now: datetime) -> Task:
    """A task that its department is done with without completing it: its clock ends."""
    state = next_task_state(task.state, action)
    return replace(task, state=state, clock=_stopped(task.clock, now), due_at=None, version=task.version + 1)


def paused(case: Case, action: MatterAction, now: datetime) -> Case:
    """The matter waits for the applicant, and its clock stands still."""
    clock = case.matter.clock
    if clock.state is ClockState.RUNNING:
        clock = clock.pause(now, reason="waits for the applicant (等待申请人)")
    return _timed(case, action, clock)


def resumed(case: Case, action: MatterAction, now: datetime) -> Case:
    """The matter goes on, and so does its clock."""
    clock = case.matter.clock
    if clock.state is ClockState.PAUSED:
        clock = clock.resume(now)
    return _timed(case, action, clock)


def clock_held(case: Case, now: datetime) -> Case:
    """The days of a public notice do not count towards the whole (公告期不计入办理时限)."""
    clock = case.matter.clock
    if clock.state is not ClockState.RUNNING:
        return case
    return _clocked(case, clock.pause(now, reason="public notice (公告期)"))


def clock_released(case: Case, now: datetime) -> Case:
    """The notice is over: the whole counts on, unless it waits for the applicant."""
    clock = case.matter.clock
    if clock.state is not ClockState.PAUSED or case.matter.state is not MatterState.IN_PROGRESS:
        return case
    return _clocked(case, clock.resume(now))


def _clocked(case: Case, clock: DeadlineLedger) -> Case:
    return replace(case, matter=replace(case.matter, clock=clock, due_at=due_of(clock, case.matter)))


def ended(case: Case, action: MatterAction, now: datetime) -> Case:
    """Nothing more happens in it."""
    matter = case.matter
    ends = replace(
        matter,
        state=next_matter_state(matter.state, action),
        version=matter.version + 1,
        clock=matter.clock.stop(now),
        ended_at=now,
    )
    return replace(case, matter=ends)


def touched(case: Case) -> Case:
    """As it is, in a new version."""
    return replace(case, matter=replace(case.matter, version=case.matter.version + 1))


def due_of(clock: DeadlineLedger, matter: Matter) -> datetime | None:
    due = clock.due_at(matter.calendar)
    return due.at if due else None


def _timed(case: Case, action: MatterAction, clock: DeadlineLedger) -> Case:
    matter = case.matter
    changed = replace(
        matter,
        state=next_matter_state(matter.state, action),
        version=matter.version + 1,
        clock=clock,
        due_at=due_of(clock, matter),
    )
    return replace(case, matter=changed)


def _stopped(clock: DeadlineLedger | None, now: datetime) -> DeadlineLedger | None:
    if clock is None or clock.state is ClockState.STOPPED:
        return clock
    return clock.stop(now)


def _going_on(
    clock: DeadlineLedger | None, told: int, part: Step | Task, now: datetime
) -> tuple[DeadlineLedger, int]:
    if clock is None or clock.state is ClockState.STOPPED:
        return DeadlineLedger.started(part.limit, now), NOTHING_TOLD
    return (clock.resume(now) if clock.state is ClockState.PAUSED else clock), told
