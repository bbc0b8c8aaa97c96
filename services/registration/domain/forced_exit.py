"""Forced deregistration (强制注销): due three years after the end of business, noticed, objected to, decided.

Sources: 公司法 art. 241; 强制注销公司登记制度实施办法 (总局令105, in force 2025-10-10): notice of 90 days.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registration.domain.authority_errors import ForcedExitMoveNotAllowed
from services.registration.domain.exit_notice import ObjectionGround
from services.registration.domain.wording import Wording
from shared.calendar import Limit, LimitUnit, WorkingCalendar, add_months, due, local_date


class ForcedExitState(StrEnum):
    """Where a forced deregistration stands."""

    DUE = "due"  # 满三年未注销
    NOTICED = "noticed"  # 公告中
    OBJECTED = "objected"  # 有异议，中止
    ELAPSED = "elapsed"  # 公告期满无异议
    TERMINATED = "terminated"  # 终止
    DEREGISTERED = "deregistered"  # 已强制注销
    RESTORED = "restored"  # 已恢复


class ForcedExitMove(StrEnum):
    """What can happen to it."""

    NOTIFY = "notify"
    OBJECT = "object"
    DISMISS = "dismiss"
    END = "end"
    TERMINATE = "terminate"
    DECIDE = "decide"
    RESTORE = "restore"


_S, _M = ForcedExitState, ForcedExitMove
TRANSITIONS: Final = {
    (_S.DUE, _M.NOTIFY): _S.NOTICED,
    (_S.DUE, _M.TERMINATE): _S.TERMINATED,
    (_S.NOTICED, _M.OBJECT): _S.OBJECTED,
    (_S.NOTICED, _M.END): _S.ELAPSED,
    (_S.NOTICED, _M.TERMINATE): _S.TERMINATED,
    (_S.OBJECTED, _M.OBJECT): _S.OBJECTED,
    (_S.OBJECTED, _M.DISMISS): _S.NOTICED,
    (_S.OBJECTED, _M.TERMINATE): _S.TERMINATED,
    (_S.ELAPSED, _M.DECIDE): _S.DEREGISTERED,
    (_S.ELAPSED, _M.TERMINATE): _S.TERMINATED,
    (_S.DEREGISTERED, _M.RESTORE): _S.RESTORED,
}
RUNNING: Final = frozenset({_S.DUE, _S.NOTICED, _S.OBJECTED, _S.ELAPSED})


@dataclass(frozen=True)
class ForcedExitObjection:
    """Who says what against it: an agency by its code, a person by an opaque id."""

    objector: str
    is_by_agency: bool
    ground: ObjectionGround
    reason: str
    raised_at: datetime


@dataclass(frozen=True)
class ForcedExit:
    """One forced deregistration; `closed_on` is the day since which the enterprise does no business.

    `ends_on` is the last day of the notice, provisional while the holidays of its year are unpublished.
    """

    id: UUID
    uscc: str
    name: str
    division_code: str
    registrar_uscc: str
    state: ForcedExitState
    version: int
    closed_on: date
    opened_at: datetime
    noticed_at: datetime | None = None
    ends_on: date | None = None
    is_provisional: bool = False
    objections: tuple[ForcedExitObjection, ...] = ()
    reason: Wording | None = None
    closure_id: UUID | None = None


def advance(one: ForcedExit, move: ForcedExitMove) -> ForcedExit:
    """Raises: ForcedExitMoveNotAllowed."""
    target = TRANSITIONS.get((one.state, move))
    if target is None:
        raise ForcedExitMoveNotAllowed(one.state.value, move.value)
    return replace(one, state=target, version=one.version + 1)


def due_on(closed_on: date, after: Limit) -> date:
    """The first day on which the registrar may begin: so long after the end of business."""
    months = int(after.value) * (12 if after.unit is LimitUnit.YEAR else 1)
    return add_months(closed_on, months)


def noticed(one: ForcedExit, now: datetime, notice: Limit, calendar: WorkingCalendar) -> ForcedExit:
    """Publish the notice. Raises: ForcedExitMoveNotAllowed."""
    return dated(replace(advance(one, ForcedExitMove.NOTIFY), noticed_at=now), notice, calendar)


def dated(one: ForcedExit, notice: Limit, calendar: WorkingCalendar) -> ForcedExit:
    """With the last day of its notice counted by the calendar as it is known now."""
    if one.noticed_at is None:
        return one
    last = due(notice, one.noticed_at, calendar)
    return replace(one, ends_on=local_date(last.at), is_provisional=last.provisional)


def settled(one: ForcedExit, today: date) -> ForcedExit:
    """As the day says it stands, however late somebody looks."""
    if one.state is _S.NOTICED and one.ends_on is not None and today > one.ends_on:
        return advance(one, ForcedExitMove.END)
    return one


def objected(one: ForcedExit, objection: ForcedExitObjection) -> ForcedExit:
    """It stands still. Who objects again says something else. Raises: ForcedExitMoveNotAllowed."""
    others = tuple(each for each in one.objections if each.objector != objection.objector)
    return replace(advance(one, ForcedExitMove.OBJECT), objections=(*others, objection))
