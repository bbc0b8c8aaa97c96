"""How a matter goes on: parts begin when what they wait for is done, outcomes come in, it closes as one (统一办结)."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Final

from gateway.matters.domain.beginning import DONE, SETTLED, begin_what_can
from gateway.matters.domain.life_cycles import (
    MatterAction,
    MatterState,
    StepAction,
    StepState,
    TaskAction,
    TaskState,
)
from gateway.matters.domain.model import (
    Case,
    Change,
    Finding,
    Happened,
    Json,
    Step,
    StepKind,
    Verb,
)
from gateway.matters.domain.moves import (
    Request,
    assigned,
    clock_held,
    clock_released,
    corrected,
    ended,
    held_up,
    moved,
    paused,
    reopened,
    resumed,
    stopped,
    task_moved,
    touched,
    with_step,
    with_task,
)
from gateway.matters.domain.outcomes import (
    Accepted,
    Done,
    NoAnswer,
    Outcome,
    Reopened,
    SentBack,
    TakenBack,
    TurnedDown,
)
from gateway.matters.domain.register_facts import FactChange, FilingKind
from shared.calendar import local_date

LONGEST_DELAY: Final = timedelta(minutes=5)
_MOST_DOUBLINGS: Final = 9
"""By then the delay is the longest: more would only make the number too big to reckon with."""
_OUTSTANDING: Final = (StepState.READY, StepState.SUBMITTED, StepState.WITHDRAWING)
_MOVING: Final = (
    *_OUTSTANDING,
    StepState.AWAITING_PAYMENT,
    StepState.RETURNED,
    TaskState.AWAITING_PAYMENT,
    TaskState.ASSIGNED,
    TaskState.TAKEN,
    TaskState.RETURNED,
)
_WAITING: Final = (StepState.WAITING, TaskState.WAITING)
_REFUSED: Final = (StepState.REFUSED, TaskState.REFUSED)


def open_case(case: Case, now: datetime) -> Change:
    """Begin what waits for nothing, and tell of a hand-over where it was accepted elsewhere."""
    changed, begun = begin_what_can(case, now)
    return changed, (Happened(Verb.OPENED), *begun)


def note_changes(case: Case, changes: tuple[FactChange, ...], now: datetime) -> Change:
    """The register tells what a filing of the matter changed: who is concerned begins, the others are spared.

    Told again, it changes nothing.
    """
    if case.matter.changes is not None:
        return case, ()
    told = replace(case, matter=replace(case.matter, changes=changes))
    return close_if_finished(touched(told), now)


def take_outcome(case: Case, key: str, outcome: Outcome, now: datetime) -> Change:
    """Apply what became of a step. An outcome of a step that is settled already changes nothing."""
    step = case.step(key)
    if isinstance(outcome, Reopened):
        return _reopened(case, step, now)
    if step.state not in _OUTSTANDING:
        return case, ()
    if step.kind is StepKind.EXIT_NOTICE and isinstance(outcome, (Done, SentBack, TurnedDown, TakenBack)):
        case = clock_released(case, now)
    match outcome:
        case NoAnswer():
            return with_step(case, _later(step, outcome, now)), ()
        case Accepted():
            if step.state is not StepState.READY:
                return case, ()
            accepted = replace(moved(step, StepAction.ACCEPT), reference=outcome.reference)
            if step.kind is StepKind.EXIT_NOTICE:
                case = clock_held(case, now)
            return with_step(case, accepted), (Happened(Verb.STEP_SUBMITTED, step=key),)
        case Done():
            return _done(case, step, outcome, now)
        case SentBack():
            return _sent_back(case, step, outcome, now)
        case TurnedDown():
            return _turned_down(case, step, outcome, now)
        case TakenBack():
            back = with_step(case, stopped(moved(step, StepAction.WITHDRAW), now))
            return end_if_back(back, now)


def resubmit(
    case: Case,
    *,
    form: Json,
    commitments: tuple[str, ...],
    requests: Mapping[str, Request],
    now: datetime,
) -> Change:
    """Take the corrected form; what was sent back goes on with it. Raises: ActionNotAllowed."""
    going_on = resumed(case, MatterAction.RESUBMIT, now)
    matter = replace(going_on.matter, form=form, commitments=commitments, findings=())
    steps = tuple(
        corrected(step, requests.get(step.key), matter, now, again=(StepState.RETURNED,))
        for step in case.steps
    )
    changed = replace(case, matter=matter, steps=steps)
    happened = [Happened(Verb.RESUBMITTED)]
    for task in case.tasks:
        if task.state is TaskState.RETURNED:
            changed = with_task(changed, assigned(task, matter, now))
            happened.append(Happened(Verb.TASK_ASSIGNED, task_id=task.id))
    closed, more = close_if_finished(changed, now)
    return closed, (*happened, *more)


def close_if_finished(case: Case, now: datetime) -> Change:
    """Begin what can; then close the matter if nothing is left, or ask the applicant where only refusals are."""
    if case.matter.ended_at is not None:
        return case, ()
    case, happened = begin_what_can(case, now)
    if case.matter.state is not MatterState.IN_PROGRESS:
        return case, happened
    states = [part.state for part in case.parts]
    if any(state in _MOVING for state in states):
        return case, happened
    if any(state in _REFUSED for state in states):
        return paused(case, MatterAction.ASK_CHOICE, now), (*happened, Happened(Verb.CHOICE_ASKED))
    if any(state in _WAITING for state in states):
        return case, happened
    if all(state in (*DONE, TaskState.NOT_CONCERNED) for state in states):
        return ended(case, MatterAction.COMPLETE, now), (*happened, Happened(Verb.COMPLETED))
    return ended(case, MatterAction.COMPLETE_PARTLY, now), (*happened, Happened(Verb.PARTLY_COMPLETED))


def return_case(
    case: Case, findings: tuple[Finding, ...], now: datetime, happened: tuple[Happened, ...] = ()
) -> Change:
    """Send the matter back to the applicant; what was missing already stays on the one list."""
    returned = paused(case, MatterAction.RETURN, now)
    matter = replace(returned.matter, findings=(*case.matter.findings, *findings))
    return replace(returned, matter=matter), happened


def end_if_back(case: Case, now: datetime) -> Change:
    """End a withdrawn matter once every service gave back what it held; what was granted stays granted.

    A permit application under review is decided where it is: until then the matter stays open for it.
    """
    if any(step.state is StepState.WITHDRAWING for step in case.steps):
        return case, ()
    steps = tuple(_let_go(step, now) for step in case.steps)
    cancelled = [task for task in case.tasks if task.state not in (*SETTLED, TaskState.CANCELLED)]
    changed = replace(case, steps=steps)
    for task in cancelled:
        changed = with_task(changed, task_moved(task, TaskAction.CANCEL, now))
    happened = tuple(Happened(Verb.TASK_CANCELLED, task_id=task.id) for task in cancelled)
    if any(step.state in _OUTSTANDING for step in steps):
        if changed.matter.state is not MatterState.IN_PROGRESS:
            changed = resumed(changed, MatterAction.GO_ON, now)
        return touched(changed), happened
    if any(part.state in DONE for part in changed.parts):
        changed = ended(changed, MatterAction.COMPLETE_PARTLY, now)
        return changed, (*happened, Happened(Verb.PARTLY_COMPLETED))
    return ended(changed, MatterAction.WITHDRAW, now), (*happened, Happened(Verb.WITHDRAWN))


def form_pointer(pointer: str, places: tuple[tuple[str, str], ...]) -> str:
    """Lead a pointer into a service's body back to the matter's form, by the longest known place."""
    for there, here in sorted(places, key=lambda place: -len(place[0])):
        if pointer == there or pointer.startswith(f"{there}/"):
            return here + pointer[len(there) :]
    return "/form"


def _sent_back(case: Case, step: Step, outcome: SentBack, now: datetime) -> Change:
    back = moved(step, StepAction.RETURN)
    back = replace(back, reference=outcome.reference or step.reference)
    if back.state is StepState.WITHDRAWING:
        return with_step(case, back), ()
    findings = _placed(step, outcome.findings)
    happened = (Happened(Verb.RETURNED, step=step.key, findings=findings),)
    return return_case(with_step(case, held_up(back, case.matter, now)), findings, now, happened)


def _turned_down(case: Case, step: Step, outcome: TurnedDown, now: datetime) -> Change:
    """A final no stops this part alone: the others go on, and the applicant chooses."""
    refused = stopped(replace(moved(step, StepAction.REFUSE), reference=outcome.reference), now)
    if refused.state is StepState.WITHDRAWN:
        return end_if_back(with_step(case, refused), now)
    findings = _placed(step, outcome.findings)
    changed = touched(with_step(case, replace(refused, refusal=findings)))
    closed, more = close_if_finished(changed, now)
    return closed, (Happened(Verb.STEP_REFUSED, step=step.key, findings=findings), *more)


def _reopened(case: Case, step: Step, now: datetime) -> Change:
    """Nothing to choose any more; where the applicant chose already, that stands."""
    if step.state is not StepState.REFUSED:
        return case, ()
    changed = with_step(case, reopened(step, case.matter, now))
    if case.matter.state is MatterState.AWAITING_CHOICE:
        changed = resumed(changed, MatterAction.GO_ON, now)
    return touched(changed), (Happened(Verb.STEP_SUBMITTED, step=step.key),)


def _done(case: Case, step: Step, outcome: Done, now: datetime) -> Change:
    completed = replace(
        stopped(moved(step, StepAction.COMPLETE), now),
        reference=outcome.reference,
        result=dict(outcome.result),
    )
    changed = with_step(case, completed)
    happened = [Happened(Verb.STEP_COMPLETED, step=step.key, result=dict(outcome.result))]
    if step.filing_kind is FilingKind.ESTABLISHMENT and outcome.uscc is not None:
        established_on = outcome.established_on or local_date(now)
        matter = replace(changed.matter, uscc=outcome.uscc, established_on=established_on)
        changed = replace(changed, matter=matter)
        happened += [Happened(Verb.FILING_MERGED, result=asdict(each)) for each in matter.merged_filings]
    closed, more = close_if_finished(touched(changed), now)
    return closed, (*happened, *more)


def _let_go(step: Step, now: datetime) -> Step:
    """A step that no service works on ends with the matter."""
    if step.state in (*SETTLED, *_OUTSTANDING, StepState.WITHDRAWN):
        return step
    return stopped(moved(step, StepAction.WITHDRAW), now)


def _later(step: Step, outcome: NoAnswer, now: datetime) -> Step:
    growing = timedelta(seconds=2 ** min(step.tries, _MOST_DOUBLINGS))
    asked = timedelta(seconds=min(outcome.retry_after_seconds or 0, LONGEST_DELAY.total_seconds()))
    delay = min(max(growing / 2, asked), LONGEST_DELAY)
    return replace(step, tries=step.tries + 1, not_before=now + delay, last_fault=outcome.reason[:300])


def _placed(step: Step, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(
        replace(
            finding,
            found_by=finding.found_by or step.key,
            pointer=form_pointer(finding.pointer, step.places),
        )
        for finding in findings
    )
