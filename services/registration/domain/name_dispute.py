"""A dispute over a name (企业名称争议裁决): one table of transitions, one clock at a time.

Source: 企业名称登记管理规定 art. 21 (the registrar rules within three months of taking it up), art. 23 (thirty days to
change the name; until then the credit code stands in for it).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registration.domain.name_errors import DisputeActionNotAllowed
from services.registration.domain.name_policy import DisputePolicy
from services.registration.domain.wording import Wording
from shared.calendar import ClockState, DeadlineLedger, Limit


class DisputeStatus(StrEnum):
    """Where a dispute stands."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"  # 不予受理
    WITHDRAWN = "withdrawn"
    SETTLED = "settled"  # 调解
    NOT_INFRINGING = "not_infringing"
    STOP_USE = "stop_use"  # 应当停止使用
    NAME_WITHDRAWN = "name_withdrawn"  # 以统一社会信用代码代替名称
    NAME_CHANGED = "name_changed"
    ENDED = "ended"  # 当事企业已不在登记簿


class DisputeAction(StrEnum):
    """What can happen to a dispute."""

    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    SETTLE = "settle"
    DISMISS = "dismiss"
    STOP_USE = "stop_use"
    WITHDRAW_NAME = "withdraw_name"
    CHANGE_NAME = "change_name"
    END = "end"


_SUBMITTED, _ACCEPTED = DisputeStatus.SUBMITTED, DisputeStatus.ACCEPTED
_STOP_USE, _NAME_WITHDRAWN = DisputeStatus.STOP_USE, DisputeStatus.NAME_WITHDRAWN
TRANSITIONS: Final = {
    (_SUBMITTED, DisputeAction.ACCEPT): DisputeStatus.ACCEPTED,
    (_SUBMITTED, DisputeAction.REJECT): DisputeStatus.REJECTED,
    (_SUBMITTED, DisputeAction.WITHDRAW): DisputeStatus.WITHDRAWN,
    (_SUBMITTED, DisputeAction.END): DisputeStatus.ENDED,
    (_ACCEPTED, DisputeAction.WITHDRAW): DisputeStatus.WITHDRAWN,
    (_ACCEPTED, DisputeAction.SETTLE): DisputeStatus.SETTLED,
    (_ACCEPTED, DisputeAction.DISMISS): DisputeStatus.NOT_INFRINGING,
    (_ACCEPTED, DisputeAction.STOP_USE): DisputeStatus.STOP_USE,
    (_ACCEPTED, DisputeAction.END): DisputeStatus.ENDED,
    (_STOP_USE, DisputeAction.WITHDRAW_NAME): DisputeStatus.NAME_WITHDRAWN,
    (_STOP_USE, DisputeAction.CHANGE_NAME): DisputeStatus.NAME_CHANGED,
    (_STOP_USE, DisputeAction.END): DisputeStatus.ENDED,
    (_NAME_WITHDRAWN, DisputeAction.CHANGE_NAME): DisputeStatus.NAME_CHANGED,
    (_NAME_WITHDRAWN, DisputeAction.END): DisputeStatus.ENDED,
}
NOT_RULED_ON: Final = frozenset({_SUBMITTED, _ACCEPTED})


@dataclass(frozen=True)
class NameDispute:
    """Which enterprise asks about whose name, and why; `respondent_name` is the name in dispute.

    `clock` counts what is due next: taking it up, the ruling, the change of the name.
    """

    id: UUID
    status: DisputeStatus
    version: int
    applicant: str
    claimant_uscc: str
    respondent_uscc: str
    respondent_name: str
    grounds: str
    submitted_at: datetime
    clock: DeadlineLedger
    is_overdue_told: bool = False
    reason: Wording | None = None
    decided_at: datetime | None = None


def next_limit(status: DisputeStatus, policy: DisputePolicy) -> Limit | None:
    """How long what is due in this status may take; None where nothing is due any more."""
    limits = {_SUBMITTED: policy.acceptance, _ACCEPTED: policy.ruling, _STOP_USE: policy.change}
    return limits.get(status)


def advance(
    dispute: NameDispute,
    action: DisputeAction,
    now: datetime,
    policy: DisputePolicy,
    reason: Wording | None = None,
) -> NameDispute:
    """Return the dispute after `action`, with the next clock started; raises DisputeActionNotAllowed."""
    target = TRANSITIONS.get((dispute.status, action))
    if target is None:
        raise DisputeActionNotAllowed(dispute.status.value, action.value)
    limit = next_limit(target, policy)
    return replace(
        dispute,
        status=target,
        version=dispute.version + 1,
        clock=DeadlineLedger.started(limit, now) if limit else _at_rest(dispute.clock, now),
        is_overdue_told=False,
        reason=reason or dispute.reason,
        decided_at=now if reason else dispute.decided_at,
    )


def _at_rest(clock: DeadlineLedger, now: datetime) -> DeadlineLedger:
    return clock if clock.state is ClockState.STOPPED else clock.stop(now)
