"""A notice (通知) and its way to the person: one for each event, person and template, sent over several channels."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID


class Language(StrEnum):
    """In which language a person is written to."""

    ZH = "zh"
    EN = "en"


class NoticeKind(StrEnum):
    """What a notice is about; each person chooses the channels for each."""

    MATTER = "matter"
    FILING = "filing"
    APPLICATION = "application"
    TICKET = "ticket"
    PAYMENT = "payment"
    DELIVERY = "delivery"
    REGISTER = "register"


class Channel(StrEnum):
    """How a notice reaches a person beside the list in the suite."""

    SMS = "sms"
    PUSH = "push"
    MAIL = "mail"


class DispatchState(StrEnum):
    """How far a notice is on one channel."""

    PENDING = "pending"
    SENT = "sent"
    UNREACHABLE = "unreachable"
    """The person has no address on this channel."""
    GIVEN_UP = "given_up"


class DispatchAction(StrEnum):
    """What an attempt brought."""

    SEND = "send"
    FAIL = "fail"
    MISS = "miss"
    GIVE_UP = "give_up"


TRANSITIONS: Final = {
    (DispatchState.PENDING, DispatchAction.SEND): DispatchState.SENT,
    (DispatchState.PENDING, DispatchAction.FAIL): DispatchState.PENDING,
    (DispatchState.PENDING, DispatchAction.MISS): DispatchState.UNREACHABLE,
    (DispatchState.PENDING, DispatchAction.GIVE_UP): DispatchState.GIVEN_UP,
}
MOST_ATTEMPTS: Final = 24
"""With delays that grow to an hour: most of a day. A provider that is away longer is an alarm, not a delay."""


@dataclass(eq=False)
class DispatchActionNotAllowed(Exception):
    """The notice has left already."""

    dispatch_state: str
    action: str


@dataclass(frozen=True)
class Notice:
    """What a person is told; no personal data but the number of the case."""

    notice_id: UUID
    event_id: str
    recipient: str
    template: str
    kind: NoticeKind
    case_no: str
    language: Language
    title: str
    content: str
    path: str
    written_at: datetime
    read_at: datetime | None = None


@dataclass(frozen=True)
class Dispatch:
    """A notice on its way over one channel."""

    notice_id: UUID
    channel: Channel
    recipient: str
    case_no: str
    next_attempt_at: datetime
    urgent: bool = False
    state: DispatchState = DispatchState.PENDING
    attempts: int = 0
    last_fault: str | None = None
    ended_at: datetime | None = None

    @property
    def message_key(self) -> str:
        """What a provider knows the message by, whenever it is sent again."""
        return f"{self.notice_id}-{self.channel.value}"


@dataclass(frozen=True)
class Message:
    """What is handed to a provider."""

    key: str
    channel: Channel
    address: str
    language: Language
    title: str
    content: str


@dataclass(frozen=True)
class Outcome:
    """What an attempt brought; `fault` is what the provider said against it."""

    action: DispatchAction
    fault: str | None = None


SENT: Final = Outcome(DispatchAction.SEND)
NO_ADDRESS: Final = Outcome(DispatchAction.MISS, "no address on this channel")


def advance(dispatch: Dispatch, outcome: Outcome, next_attempt_at: datetime, at: datetime) -> Dispatch:
    """Take in what an attempt brought; the last failure allowed gives up. Raises: DispatchActionNotAllowed."""
    action, attempts = outcome.action, dispatch.attempts + 1
    if action is DispatchAction.FAIL and attempts >= MOST_ATTEMPTS:
        action = DispatchAction.GIVE_UP
    target = TRANSITIONS.get((dispatch.state, action))
    if target is None:
        raise DispatchActionNotAllowed(dispatch.state.value, action.value)
    return replace(
        dispatch,
        state=target,
        attempts=attempts,
        last_fault=outcome.fault,
        next_attempt_at=next_attempt_at,
        ended_at=None if target is DispatchState.PENDING else at,
    )
