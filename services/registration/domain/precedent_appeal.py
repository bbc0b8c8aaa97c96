"""An appeal against a refusal with a precedent (有先例可办): what is done elsewhere is coordinated here, and answered.

Source: 000 永济规划 #39: 凡在其他市可办理的，参照先例，依法依规协调办理.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registration.domain.errors import AppealActionNotAllowed
from services.registration.domain.wording import Wording
from shared.calendar import DeadlineLedger


class AppealStatus(StrEnum):
    """Where an appeal stands; the registrar owes a written answer to every open one."""

    OPEN = "open"
    UPHELD = "upheld"  # 参照先例办理
    REJECTED = "rejected"  # 不能参照
    WITHDRAWN = "withdrawn"


class AppealAction(StrEnum):
    """What can happen to an appeal."""

    UPHOLD = "uphold"
    REJECT = "reject"
    WITHDRAW = "withdraw"


TRANSITIONS: Final = {
    (AppealStatus.OPEN, AppealAction.UPHOLD): AppealStatus.UPHELD,
    (AppealStatus.OPEN, AppealAction.REJECT): AppealStatus.REJECTED,
    (AppealStatus.OPEN, AppealAction.WITHDRAW): AppealStatus.WITHDRAWN,
}


@dataclass(frozen=True)
class Precedent:
    """Where it was done (地区), which matter it was (事项), and how the applicant tells of it."""

    region: str
    item: str
    words: str


@dataclass(frozen=True)
class PrecedentAppeal:
    """An appeal against the refusal of a filing; `clock` is the registrar's time for the answer."""

    id: UUID
    filing_id: UUID
    status: AppealStatus
    version: int
    applicant: str
    division_code: str
    precedent: Precedent
    made_at: datetime
    clock: DeadlineLedger
    answer: Wording | None = None
    ended_at: datetime | None = None
    answered_by: str | None = None
    overdue_told_at: datetime | None = None


def advance(
    appeal: PrecedentAppeal,
    action: AppealAction,
    at: datetime,
    *,
    answer: Wording | None = None,
    by: str | None = None,
) -> PrecedentAppeal:
    """Return the appeal after `action`, its clock at rest. Raises: AppealActionNotAllowed."""
    target = TRANSITIONS.get((appeal.status, action))
    if target is None:
        raise AppealActionNotAllowed(appeal.status.value, action.value)
    return replace(
        appeal,
        status=target,
        version=appeal.version + 1,
        answer=answer,
        ended_at=at,
        answered_by=by,
        clock=appeal.clock.stop(at),
    )
