"""What was registered on a promise, or too late, and is looked at afterwards (登记后核查)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registration.domain.alteration_rules import IN_TIME as APPLIED_LATE
from services.registration.domain.alteration_rules import PERMIT_LOST
from services.registration.domain.branch_rules import PARENT
from services.registration.domain.errors import FollowUpConcluded
from services.registration.domain.place_rules import ADDRESS
from services.registration.domain.record_rules import IN_TIME as RECORDED_LATE
from services.registration.domain.relocation_rules import BEFORE as BEFORE_MOVING
from services.registration.domain.review import MODE
from services.registration.domain.rule import Outcome, RuleResult

FOLLOWED: Final = frozenset(
    {ADDRESS.id, MODE.id, PARENT.id, APPLIED_LATE.id, PERMIT_LOST.id, RECORDED_LATE.id, BEFORE_MOVING.id}
)
"""Rules whose notes somebody looks at after registration."""


class Finding(StrEnum):
    """What the look found."""

    CONFIRMED = "confirmed"  # 属实
    UNTRUE = "untrue"  # 不属实


@dataclass(frozen=True)
class FollowUp:
    """One note to look at; `version` counts changes."""

    id: UUID
    uscc: str
    filing_id: UUID
    rule: str
    pointer: str
    text_zh: str
    text_en: str
    division_code: str
    noted_at: datetime
    version: int = 1
    finding: Finding | None = None
    remark: str | None = None
    concluded_at: datetime | None = None
    concluded_by: str | None = None


def to_follow(results: Sequence[RuleResult]) -> Iterator[RuleResult]:
    """The notes that are looked at."""
    return (r for r in results if r.outcome is Outcome.NOTED and r.rule in FOLLOWED)


def conclude(one: FollowUp, finding: Finding, remark: str, by: str, at: datetime) -> FollowUp:
    """What was found. Raises: FollowUpConcluded where it was found out before."""
    if one.finding is not None:
        raise FollowUpConcluded
    return replace(
        one, version=one.version + 1, finding=finding, remark=remark, concluded_at=at, concluded_by=by
    )
