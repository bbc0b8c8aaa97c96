"""Outbound records (上联数据): one fact for one upstream platform, sent until it is taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

FIRST_DELAY: Final = timedelta(seconds=5)
LONGEST_DELAY: Final = timedelta(hours=1)


class RecordKind(StrEnum):
    """What a record tells."""

    CASE_STATUS = "case_status"
    """How a case stands (办件状态)."""
    LICENCE = "licence"
    """A licence or permit that was issued (电子证照)."""


class RecordState(StrEnum):
    """Where a record stands."""

    PENDING = "pending"
    SENT = "sent"
    REFUSED = "refused"


class RecordAction(StrEnum):
    """What happens to a record."""

    ACCEPT = "accept"
    FAIL = "fail"
    REFUSE = "refuse"
    RETRY = "retry"


TRANSITIONS: Final = {
    (RecordState.PENDING, RecordAction.ACCEPT): RecordState.SENT,
    (RecordState.PENDING, RecordAction.FAIL): RecordState.PENDING,
    (RecordState.PENDING, RecordAction.REFUSE): RecordState.REFUSED,
    (RecordState.PENDING, RecordAction.RETRY): RecordState.PENDING,
    (RecordState.REFUSED, RecordAction.RETRY): RecordState.PENDING,
}


@dataclass(eq=False)
class RecordActionNotAllowed(Exception):
    """The record is in another state."""

    record_state: str
    action: str


@dataclass(eq=False)
class RecordNotFound(Exception):
    """There is no such record."""

    record_id: str


@dataclass(frozen=True)
class Fact:
    """What an event says upward: ids and states only; persons stay here."""

    kind: RecordKind
    item: str
    subject: str
    content: Mapping[str, Any]


@dataclass(frozen=True)
class OutboundRecord:
    """A fact on its way to one upstream."""

    record_id: UUID
    upstream: str
    fact: Fact
    occurred_at: datetime
    state: RecordState = RecordState.PENDING
    attempts: int = 0
    next_attempt_at: datetime | None = None
    last_fault: str | None = None
    sent_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True)
class Outcome:
    """What an attempt brought; `fault` is what the upstream said against it."""

    action: RecordAction
    fault: str | None = field(default=None)


def advance(record: OutboundRecord, outcome: Outcome, at: datetime) -> OutboundRecord:
    """Take in what happened. Raises: RecordActionNotAllowed."""
    state = TRANSITIONS.get((record.state, outcome.action))
    if state is None:
        raise RecordActionNotAllowed(record.state.value, outcome.action.value)
    is_retry = outcome.action is RecordAction.RETRY
    attempts = 0 if is_retry else record.attempts + 1
    return replace(
        record,
        state=state,
        attempts=attempts,
        next_attempt_at=at + (timedelta(0) if is_retry else delay_after(attempts)),
        last_fault=record.last_fault if is_retry else outcome.fault,
        sent_at=at if state is RecordState.SENT else None,
        version=record.version + 1,
    )


def delay_after(attempts: int) -> timedelta:
    """Return how long to wait after failed attempts in a row: 5 s, doubling, at most an hour."""
    return min(FIRST_DELAY * (1 << min(attempts - 1, 12)), LONGEST_DELAY)
