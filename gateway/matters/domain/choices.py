"""What the applicant decides when a part was refused (部分不予办理), and how a matter is withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from gateway.matters.domain.life_cycles import (
    ActionNotAllowed,
    MatterAction,
    MatterState,
    StepAction,
    StepState,
    TaskAction,
    TaskState,
    next_matter_state,
)
from gateway.matters.domain.model import Case, Change, Happened, Json, Part, StepKind, Task, Verb
from gateway.matters.domain.moves import (
    Request,
    assigned,
    corrected,
    moved,
    resumed,
    task_moved,
    touched,
    with_step,
    with_task,
)
from gateway.matters.domain.progress import close_if_finished, end_if_back


class Choice(StrEnum):
    """Correct and try again, go on without the part, or withdraw the rest."""

    TRY_AGAIN = "try_again"
    GO_ON_WITHOUT = "go_on_without"
    WITHDRAW_REST = "withdraw_rest"


@dataclass(eq=False)
class PartNotRefused(Exception):
    """The matter has no such part, or nobody refused it: there is nothing to choose."""

    part: str


@dataclass(eq=False)
class PartNotOptional(Exception):
    """The theme cannot be finished without this part."""

    part: str


def choices_of(part: Part) -> tuple[Choice, ...]:
    """What the applicant may choose for a part; nothing, unless it is refused."""
    if part.state not in (StepState.REFUSED, TaskState.REFUSED):
        return ()
    without = (Choice.GO_ON_WITHOUT,) if part.is_optional else ()
    return (Choice.TRY_AGAIN, *without, Choice.WITHDRAW_REST)


def try_again(
    case: Case,
    part: str,
    *,
    form: Json,
    commitments: tuple[str, ...],
    requests: Mapping[str, Request],
    now: datetime,
) -> Change:
    """Send a refused part once more, with the form as it is now. Raises: PartNotRefused, ActionNotAllowed."""
    refused = _refused(case, part)
    case = _going_on(case, now)
    matter = replace(case.matter, form=form, commitments=commitments)
    case = replace(case, matter=matter)
    chosen = _chosen(Choice.TRY_AGAIN, part)
    if isinstance(refused, Task):
        happened = (chosen, Happened(Verb.TASK_ASSIGNED, task_id=refused.id))
        return with_task(case, assigned(refused, matter, now)), happened
    steps = tuple(
        corrected(
            step,
            requests.get(step.key),
            matter,
            now,
            again=(StepState.REFUSED,) if step.key == part else (),
        )
        for step in case.steps
    )
    return replace(case, steps=steps), (chosen,)


def go_on_without(case: Case, part: str, now: datetime) -> Change:
    """What waited for the part begins. Raises: PartNotRefused, PartNotOptional, ActionNotAllowed."""
    refused = _refused(case, part)
    if not refused.is_optional:
        raise PartNotOptional(part)
    case = _going_on(case, now)
    if isinstance(refused, Task):
        case = with_task(case, task_moved(refused, TaskAction.WAIVE, now))
    else:
        case = with_step(case, moved(refused, StepAction.WAIVE))
    closed, happened = close_if_finished(case, now)
    return closed, (_chosen(Choice.GO_ON_WITHOUT, part), *happened)


def withdraw(case: Case, now: datetime) -> Change:
    """Withdraw what has not been granted. A filing that the register holds is asked back from it first.

    Raises: ActionNotAllowed once the matter ended, or a call is under way.
    """
    next_matter_state(case.matter.state, MatterAction.WITHDRAW)
    steps = []
    for step in case.steps:
        if step.state in (StepState.WITHDRAWING, StepState.READY):
            raise ActionNotAllowed(step.state.value, MatterAction.WITHDRAW.value)
        is_held = step.kind is not StepKind.PERMIT_APPLICATION and step.reference is not None
        if is_held and step.state in (StepState.SUBMITTED, StepState.RETURNED):
            step = replace(moved(step, StepAction.ASK_BACK), tries=0, not_before=now, ready_at=now)
        steps.append(step)
    return end_if_back(touched(replace(case, steps=tuple(steps))), now)


def _refused(case: Case, part: str) -> Part:
    found = next((each for each in case.parts if each.key == part and choices_of(each)), None)
    if found is None:
        raise PartNotRefused(part)
    return found


def _going_on(case: Case, now: datetime) -> Case:
    if case.matter.state is MatterState.AWAITING_CHOICE:
        return resumed(case, MatterAction.GO_ON, now)
    return touched(case)


def _chosen(choice: Choice, part: str) -> Happened:
    return Happened(Verb.CHOSEN, step=part, result={"choice": choice.value})
