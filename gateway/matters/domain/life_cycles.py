"""Life cycles of a matter, its steps and its department tasks: one table each; nothing else moves a state."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class MatterState(StrEnum):
    IN_PROGRESS = "in_progress"
    RETURNED = "returned"
    """Waits for the applicant: the list of what is missing is on the matter, its clock stands still."""
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class MatterAction(StrEnum):
    RETURN = "return"
    RESUBMIT = "resubmit"
    COMPLETE = "complete"
    WITHDRAW = "withdraw"


class StepState(StrEnum):
    WAITING = "waiting"
    """For the event that lets it begin."""
    READY = "ready"
    """To be sent to its service; may have been received already, until an answer says so."""
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REFUSED = "refused"
    COMPLETED = "completed"
    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"


class StepAction(StrEnum):
    BEGIN = "begin"
    ACCEPT = "accept"
    COMPLETE = "complete"
    RETURN = "return"
    REFUSE = "refuse"
    RESUBMIT = "resubmit"
    ASK_BACK = "ask_back"
    WITHDRAW = "withdraw"


class TaskState(StrEnum):
    WAITING = "waiting"
    ASSIGNED = "assigned"
    TAKEN = "taken"
    RETURNED = "returned"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class TaskAction(StrEnum):
    ASSIGN = "assign"
    TAKE = "take"
    COMPLETE = "complete"
    RETURN = "return"
    CANCEL = "cancel"


MATTER_TRANSITIONS: Final = {
    (MatterState.IN_PROGRESS, MatterAction.RETURN): MatterState.RETURNED,
    (MatterState.RETURNED, MatterAction.RETURN): MatterState.RETURNED,
    (MatterState.RETURNED, MatterAction.RESUBMIT): MatterState.IN_PROGRESS,
    (MatterState.IN_PROGRESS, MatterAction.COMPLETE): MatterState.COMPLETED,
    (MatterState.IN_PROGRESS, MatterAction.WITHDRAW): MatterState.WITHDRAWN,
    (MatterState.RETURNED, MatterAction.WITHDRAW): MatterState.WITHDRAWN,
}
STEP_TRANSITIONS: Final = {
    (StepState.WAITING, StepAction.BEGIN): StepState.READY,
    (StepState.READY, StepAction.ACCEPT): StepState.SUBMITTED,
    **{
        (state, action): target
        for state in (StepState.READY, StepState.SUBMITTED)
        for action, target in (
            (StepAction.COMPLETE, StepState.COMPLETED),
            (StepAction.RETURN, StepState.RETURNED),
            (StepAction.REFUSE, StepState.REFUSED),
        )
    },
    (StepState.RETURNED, StepAction.RESUBMIT): StepState.READY,
    (StepState.REFUSED, StepAction.RESUBMIT): StepState.READY,
    (StepState.SUBMITTED, StepAction.ASK_BACK): StepState.WITHDRAWING,
    (StepState.RETURNED, StepAction.ASK_BACK): StepState.WITHDRAWING,
    (StepState.WITHDRAWING, StepAction.COMPLETE): StepState.COMPLETED,
    (StepState.WITHDRAWING, StepAction.RETURN): StepState.WITHDRAWING,
    (StepState.WITHDRAWING, StepAction.REFUSE): StepState.WITHDRAWN,
    **{
        (state, StepAction.WITHDRAW): StepState.WITHDRAWN
        for state in (StepState.WAITING, StepState.RETURNED, StepState.REFUSED, StepState.WITHDRAWING)
    },
}
TASK_TRANSITIONS: Final = {
    (TaskState.WAITING, TaskAction.ASSIGN): TaskState.ASSIGNED,
    (TaskState.ASSIGNED, TaskAction.TAKE): TaskState.TAKEN,
    (TaskState.TAKEN, TaskAction.COMPLETE): TaskState.COMPLETED,
    (TaskState.ASSIGNED, TaskAction.RETURN): TaskState.RETURNED,
    (TaskState.TAKEN, TaskAction.RETURN): TaskState.RETURNED,
    (TaskState.RETURNED, TaskAction.ASSIGN): TaskState.ASSIGNED,
    (TaskState.WAITING, TaskAction.CANCEL): TaskState.CANCELLED,
}


@dataclass(eq=False)
class ActionNotAllowed(Exception):
    """The matter, step or task is in a state from which this does not lead anywhere."""

    state: str
    action: str


def next_matter_state(state: MatterState, action: MatterAction) -> MatterState:
    """Raises: ActionNotAllowed; so do the two others."""
    target = MATTER_TRANSITIONS.get((state, action))
    if target is None:
        raise ActionNotAllowed(state.value, action.value)
    return target


def next_step_state(state: StepState, action: StepAction) -> StepState:
    target = STEP_TRANSITIONS.get((state, action))
    if target is None:
        raise ActionNotAllowed(state.value, action.value)
    return target


def next_task_state(state: TaskState, action: TaskAction) -> TaskState:
    target = TASK_TRANSITIONS.get((state, action))
    if target is None:
        raise ActionNotAllowed(state.value, action.value)
    return target
