"""A registration gained by false papers or a stranger's name (虚假登记): applied for, looked into, revoked or kept.

Sources: 市场主体登记管理条例 arts. 40 to 42; 实施细则 arts. 50 to 57; 总局令 on three working days, three months and
three more, 45 days of publication where nobody can be reached.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registration.domain.authority_errors import CaseMoveNotAllowed
from services.registration.domain.authority_policy import FalseRegistrationPolicy
from services.registration.domain.register_acts import RegisterAct
from services.registration.domain.wording import Wording
from shared.calendar import ClockState, DeadlineLedger, WorkingCalendar, due, local_date


class CaseStatus(StrEnum):
    """Where a case stands."""

    SUBMITTED = "submitted"
    REJECTED = "rejected"  # 不予受理
    WITHDRAWN = "withdrawn"
    INVESTIGATING = "investigating"  # 调查中
    PUBLISHED = "published"  # 公示期，暂停登记
    UNOPPOSED = "unopposed"  # 公示期满无异议
    KEPT = "kept"  # 不予撤销
    REVOKED = "revoked"  # 撤销
    SET_ASIDE = "set_aside"  # 撤销决定被撤销，恢复原登记状态


class CaseMove(StrEnum):
    """What can happen to a case."""

    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    PUBLISH = "publish"
    OBJECT = "object"
    ELAPSE = "elapse"
    KEEP = "keep"
    REVOKE = "revoke"
    SET_ASIDE = "set_aside"


_S, _M = CaseStatus, CaseMove
TRANSITIONS: Final = {
    (_S.SUBMITTED, _M.ACCEPT): _S.INVESTIGATING,
    (_S.SUBMITTED, _M.REJECT): _S.REJECTED,
    (_S.SUBMITTED, _M.WITHDRAW): _S.WITHDRAWN,
    (_S.INVESTIGATING, _M.WITHDRAW): _S.WITHDRAWN,
    (_S.INVESTIGATING, _M.PUBLISH): _S.PUBLISHED,
    (_S.INVESTIGATING, _M.KEEP): _S.KEPT,
    (_S.INVESTIGATING, _M.REVOKE): _S.REVOKED,
    (_S.PUBLISHED, _M.OBJECT): _S.INVESTIGATING,
    (_S.PUBLISHED, _M.ELAPSE): _S.UNOPPOSED,
    (_S.UNOPPOSED, _M.KEEP): _S.KEPT,
    (_S.UNOPPOSED, _M.REVOKE): _S.REVOKED,
    (_S.REVOKED, _M.SET_ASIDE): _S.SET_ASIDE,
}
OPEN: Final = frozenset({_S.SUBMITTED, _S.INVESTIGATING, _S.PUBLISHED, _S.UNOPPOSED})
FREEZES: Final = frozenset({_S.PUBLISHED, _S.UNOPPOSED})
"""Nothing is registered about the enterprise meanwhile."""
SHOWN: Final = frozenset({_S.PUBLISHED, _S.UNOPPOSED, _S.REVOKED, _S.SET_ASIDE})
"""Everybody may read of it."""
REVOCABLE: Final = frozenset(
    {
        RegisterAct.ALTERED,
        RegisterAct.RECORDED,
        RegisterAct.RELOCATED,
        RegisterAct.REPRESENTATIVE_ENTERED,
    }
)
"""Acts whose content goes back by itself; the entry in the register (version 1) is annulled as a whole."""


@dataclass(frozen=True)
class FalseRegistration:
    """One case. `target_version` is the version of the register that is said to be false: 1 is the establishment.

    `applicant` is whose name was used; None where the registrar began on its own. `revoked_in` is the version of
    the register that the revocation made, `bars` the bars on those responsible.
    """

    id: UUID
    uscc: str
    name: str
    division_code: str
    target_version: int
    applicant: str | None
    statement: str
    status: CaseStatus
    version: int
    submitted_at: datetime
    clock: DeadlineLedger
    facts: Wording | None = None
    published_at: datetime | None = None
    ends_on: date | None = None
    is_provisional: bool = False
    is_overdue_told: bool = False
    reason: Wording | None = None
    decided_at: datetime | None = None
    revoked_in: int | None = None
    bars: tuple[UUID, ...] = ()

    @property
    def is_about_establishment(self) -> bool:
        """Whether all of the enterprise falls with it."""
        return self.target_version == 1


def advance(
    case: FalseRegistration,
    move: CaseMove,
    now: datetime,
    policy: FalseRegistrationPolicy,
    reason: Wording | None = None,
) -> FalseRegistration:
    """The case after a move: the investigation's clock runs from its acceptance to the decision.

    Raises: CaseMoveNotAllowed.
    """
    target = TRANSITIONS.get((case.status, move))
    if target is None:
        raise CaseMoveNotAllowed(case.status.value, move.value)
    moved = replace(case, status=target, version=case.version + 1, reason=reason or case.reason)
    if move is CaseMove.ACCEPT:
        return replace(moved, clock=DeadlineLedger.started(policy.investigation, now), is_overdue_told=False)
    if target in OPEN:
        return moved
    clock = case.clock if case.clock.state is ClockState.STOPPED else case.clock.stop(now)
    return replace(moved, clock=clock, decided_at=now)


def published(
    case: FalseRegistration,
    facts: Wording,
    now: datetime,
    policy: FalseRegistrationPolicy,
    calendar: WorkingCalendar,
) -> FalseRegistration:
    """The facts are made known because nobody can be reached (公示45日). Raises: CaseMoveNotAllowed."""
    moved = replace(advance(case, CaseMove.PUBLISH, now, policy), facts=facts, published_at=now)
    return dated(moved, policy, calendar)


def dated(
    case: FalseRegistration, policy: FalseRegistrationPolicy, calendar: WorkingCalendar
) -> FalseRegistration:
    """With the last day of its publication counted by the calendar as it is known now."""
    if case.published_at is None:
        return case
    last = due(policy.publication, case.published_at, calendar)
    return replace(case, ends_on=local_date(last.at), is_provisional=last.provisional)


def has_elapsed(case: FalseRegistration, today: date) -> bool:
    """Whether the facts were published for long enough and nobody objected."""
    return case.status is _S.PUBLISHED and case.ends_on is not None and today > case.ends_on
