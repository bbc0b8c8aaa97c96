"""Life cycles of a matter, its steps and its department tasks: one table each; nothing else moves a state."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class MatterState(StrEnum):
    IN_PROGRESS = "in_progress"
    RETURNED = "returned"
    """Waits for the applicant: the list of what is missing is on the matter, its clock stands still."""
    AWAITING_CHOICE = "awaiting_choice"
    """A part was refused for good and no other moves: the applicant says how to go on."""
    COMPLETED = "completed"
    PARTLY_COMPLETED = "partly_completed"
    WITHDRAWN = "withdrawn"


class MatterAction(StrEnum):
    RETURN = "return"
    RESUBMIT = "resubmit"
    ASK_CHOICE = "ask_choice"
    GO_ON = "go_on"
    COMPLETE = "complete"
    COMPLETE_PARTLY = "complete_partly"
    WITHDRAW = "withdraw"


class StepState(StrEnum):
    WAITING = "waiting"
    """For the parts or the event that let it begin."""
    AWAITING_PAYMENT = "awaiting_payment"
    READY = "ready"
    """To be sent to its service; may have been received already, until an answer says so."""
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REFUSED = "refused"
    WAIVED = "waived"
    """Refused for good, and the applicant goes on without it."""
    COMPLETED = "completed"
    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"


class StepAction(StrEnum):
    ASK_PAYMENT = "ask_payment"
    BEGIN = "begin"
    ACCEPT = "accept"
    COMPLETE = "complete"
    RETURN = "return"
    REFUSE = "refuse"
    RESUBMIT = "resubmit"
    REOPEN = "reopen"
    WAIVE = "waive"
    ASK_BACK = "ask_back"
    WITHDRAW = "withdraw"


class TaskState(StrEnum):
    WAITING = "waiting"
    AWAITING_PAYMENT = "awaiting_payment"
    ASSIGNED = "assigned"
    TAKEN = "taken"
    RETURNED = "returned"
    REFUSED = "refused"
    WAIVED = "waived"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NOT_CONCERNED = "not_concerned"
    """What happened is nothing to this department (无需办理)."""


class TaskAction(StrEnum):
    SPARE = "spare"
    ASK_PAYMENT = "ask_payment"
    ASSIGN = "assign"
    TAKE = "take"
    RELEASE = "release"
    COMPLETE = "complete"
    RETURN = "return"
    REFUSE = "refuse"
    WAIVE = "waive"
    CANCEL = "cancel"


_OPEN: Final = (MatterState.IN_PROGRESS, MatterState.RETURNED, MatterState.AWAITING_CHOICE)
MATTER_TRANSITIONS: Final = {
    (MatterState.IN_PROGRESS, MatterAction.RETURN): MatterState.RETURNED,
    (MatterState.RETURNED, MatterAction.RETURN): MatterState.RETURNED,
    (MatterState.RETURNED, MatterAction.RESUBMIT): MatterState.IN_PROGRESS,
    (MatterState.RETURNED, MatterAction.GO_ON): MatterState.IN_PROGRESS,
    (MatterState.IN_PROGRESS, MatterAction.ASK_CHOICE): MatterState.AWAITING_CHOICE,
    (MatterState.AWAITING_CHOICE, MatterAction.GO_ON): MatterState.IN_PROGRESS,
    (MatterState.IN_PROGRESS, MatterAction.COMPLETE): MatterState.COMPLETED,
    **{(state, MatterAction.COMPLETE_PARTLY): MatterState.PARTLY_COMPLETED for state in _OPEN},
    **{(state, MatterAction.WITHDRAW): MatterState.WITHDRAWN for state in _OPEN},
}
STEP_TRANSITIONS: Final = {
    (StepState.WAITING, StepAction.ASK_PAYMENT): StepState.AWAITING_PAYMENT,
    (StepState.WAITING, StepAction.BEGIN): StepState.READY,
    (StepState.AWAITING_PAYMENT, StepAction.BEGIN): StepState.READY,
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
    (StepState.REFUSED, StepAction.REOPEN): StepState.SUBMITTED,
    (StepState.REFUSED, StepAction.WAIVE): StepState.WAIVED,
    (StepState.SUBMITTED, StepAction.ASK_BACK): StepState.WITHDRAWING,
    (StepState.RETURNED, StepAction.ASK_BACK): StepState.WITHDRAWING,
    (StepState.WITHDRAWING, StepAction.COMPLETE): StepState.COMPLETED,
    (StepState.WITHDRAWING, StepAction.RETURN): StepState.WITHDRAWING,
    (StepState.WITHDRAWING, StepAction.REFUSE): StepState.WITHDRAWN,
    **{
        (state, StepAction.WITHDRAW): StepState.WITHDRAWN
        for state in (
            StepState.WAITING,
            StepState.AWAITING_PAYMENT,
            StepState.SUBMITTED,
            StepState.RETURNED,
            StepState.REFUSED,
            StepState.WITHDRAWING,
        )
    },
}
TASK_TRANSITIONS: Final = {
    (TaskState.WAITING, TaskAction.SPARE): TaskState.NOT_CONCERNED,
    (TaskState.WAITING, TaskAction.ASK_PAYMENT): TaskState.AWAITING_PAYMENT,
    (TaskState.WAITING, TaskAction.ASSIGN): TaskState.ASSIGNED,
    (TaskState.AWAITING_PAYMENT, TaskAction.ASSIGN): TaskState.ASSIGNED,
    (TaskState.ASSIGNED, TaskAction.TAKE): TaskState.TAKEN,
    (TaskState.TAKEN, TaskAction.RELEASE): TaskState.ASSIGNED,
    (TaskState.TAKEN, TaskAction.COMPLETE): TaskState.COMPLETED,
    (TaskState.ASSIGNED, TaskAction.RETURN): TaskState.RETURNED,
    (TaskState.TAKEN, TaskAction.RETURN): TaskState.RETURNED,
    (TaskState.RETURNED, TaskAction.ASSIGN): TaskState.ASSIGNED,
    (TaskState.TAKEN, TaskAction.REFUSE): TaskState.REFUSED,
    (TaskState.REFUSED, TaskAction.ASSIGN): TaskState.ASSIGNED,
    (TaskState.REFUSED, TaskAction.WAIVE): TaskState.WAIVED,
    **{
        (state, TaskAction.CANCEL): TaskState.CANCELLED
        for state in (
            TaskState.WAITING,
            TaskState.AWAITING_PAYMENT,
            TaskState.ASSIGNED,
            TaskState.TAKEN,
            TaskState.RETURNED,
            TaskState.REFUSED,
        )
    },
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
