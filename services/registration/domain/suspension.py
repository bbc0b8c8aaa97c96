"""A suspension of business (歇业): how long it may be, and how it ends.

Source: 市场主体登记管理条例 art. 30; 实施细则 arts. 40 to 43: three years in total, whoever does business resumes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.calendar import Limit, LimitUnit, add_months


class SuspensionCause(StrEnum):
    """Why an enterprise has trouble doing business."""

    NATURAL_DISASTER = "natural_disaster"  # 自然灾害
    ACCIDENT = "accident"  # 事故灾难
    PUBLIC_HEALTH = "public_health"  # 公共卫生事件
    PUBLIC_SECURITY = "public_security"  # 社会安全事件
    OTHER = "other"  # 其他原因造成经营困难


class SuspensionState(StrEnum):
    """Where a suspension stands."""

    PLANNED = "planned"
    RUNNING = "running"
    ENDED = "ended"


class SuspensionMove(StrEnum):
    """What happens to a suspension."""

    BEGIN = "begin"
    EXTEND = "extend"
    RESUME = "resume"
    EXPIRE = "expire"
    ABANDON = "abandon"


class SuspensionEnd(StrEnum):
    """How a suspension ended."""

    RESUMED = "resumed"  # 恢复营业
    BUSINESS_DONE = "business_done"  # 开展经营活动，视为恢复营业
    EXPIRED = "expired"  # 歇业期满
    ABANDONED = "abandoned"  # 歇业未开始即离开登记簿


_PLANNED, _RUNNING, _ENDED = SuspensionState.PLANNED, SuspensionState.RUNNING, SuspensionState.ENDED
TRANSITIONS: Final = {
    (_PLANNED, SuspensionMove.BEGIN): _RUNNING,
    (_PLANNED, SuspensionMove.RESUME): _ENDED,
    (_PLANNED, SuspensionMove.ABANDON): _ENDED,
    (_RUNNING, SuspensionMove.EXTEND): _RUNNING,
    (_RUNNING, SuspensionMove.RESUME): _ENDED,
    (_RUNNING, SuspensionMove.EXPIRE): _ENDED,
    (_RUNNING, SuspensionMove.ABANDON): _ENDED,
}


@dataclass(eq=False)
class SuspensionMoveNotAllowed(Exception):
    """The suspension's state does not know the move."""

    suspension_state: str
    move: str


@dataclass(frozen=True)
class Suspension:
    """From one day to another, both included; `ended_on` is the first day of business again."""

    id: UUID
    uscc: str
    filing_id: UUID
    cause: SuspensionCause
    begins_on: date
    until_on: date
    state: SuspensionState
    ended_on: date | None = None
    end: SuspensionEnd | None = None
    papers_to: str | None = field(default=None, repr=False)

    @property
    def days(self) -> int:
        """How many days it took, or is to take."""
        last = self.until_on if self.ended_on is None else self.ended_on - timedelta(days=1)
        return max(0, (last - self.begins_on).days + 1)


@dataclass(frozen=True)
class SuspensionPolicy:
    """How long in total, how long before its end an extension is filed, how soon resumption is declared.

    `ahead` is how long before its first day a suspension may be filed.
    """

    maximum: Limit
    extension_window: Limit
    resumption_notice: Limit
    ahead: Limit

    def latest_start(self, today: date) -> date:
        """The last first day that a suspension filed today may have."""
        return add_months(today, _months(self.ahead))

    def earliest_resumption(self, held: Suspension | None, today: date) -> date:
        """The first day that a resumption filed today may name; without `held` it was suspended elsewhere."""
        earliest = today - timedelta(days=int(self.resumption_notice.value))
        return max(earliest, held.begins_on) if held and held.state is _RUNNING else earliest

    def latest_until(self, begins_on: date, before: Sequence[Suspension]) -> date:
        """The last day that a suspension may have, given those that were before it."""
        spent = sum(suspension.days for suspension in before)
        return add_months(begins_on - timedelta(days=spent), _months(self.maximum)) - timedelta(days=1)


def _months(limit: Limit) -> int:
    return int(limit.value) * (12 if limit.unit is LimitUnit.YEAR else 1)


def move(suspension: Suspension, action: SuspensionMove) -> Suspension:
    """Raises: SuspensionMoveNotAllowed."""
    target = TRANSITIONS.get((suspension.state, action))
    if target is None:
        raise SuspensionMoveNotAllowed(suspension.state.value, action.value)
    return replace(suspension, state=target)
