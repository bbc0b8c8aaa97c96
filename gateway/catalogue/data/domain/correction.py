"""A correction request (校核申请): whoever uses a datum, or whom it is about, says that it is wrong.

Its owner answers. Source: 政务数据共享条例 (国令809) art. 26; the limit is the region pack's `sharing.correction`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from gateway.catalogue.data.domain.happening import Actor, Happening
from gateway.catalogue.data.domain.refusals import StepNotAllowed
from shared.calendar import DeadlineLedger


class CorrectionStatus(StrEnum):
    """Open, or how it was answered: corrected, confirmed as it stands, or rejected as no case for it."""

    OPEN = "open"
    CORRECTED = "corrected"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Outcome(StrEnum):
    """What the owner found."""

    CORRECTED = "corrected"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


TRANSITIONS: Final[Mapping[tuple[CorrectionStatus, Outcome], CorrectionStatus]] = MappingProxyType(
    {(CorrectionStatus.OPEN, outcome): CorrectionStatus(outcome) for outcome in Outcome}
)


@dataclass(frozen=True)
class Doubt:
    """Which field of which record is held to be wrong, and why; the believed value is kept sealed beside it."""

    resource: str
    record_key: str
    field: str
    reason: str
    evidence: UUID | None


@dataclass(frozen=True)
class Correction:
    """A correction request and its life so far; `told` are the agencies that its result was told to."""

    correction_id: UUID
    owner_uscc: str
    reporter: str
    reporter_agency_uscc: str | None
    doubt: Doubt
    status: CorrectionStatus
    submitted_at: datetime
    clock: DeadlineLedger
    due_at: datetime
    history: tuple[Happening, ...]
    answered_at: datetime | None = None
    overdue_at: datetime | None = None
    told: tuple[str, ...] = ()
    version: int = 1

    def answered(
        self, outcome: Outcome, reason: str, told: tuple[str, ...], actor: Actor, at: datetime
    ) -> "Correction":
        """Say what was found. Raises: StepNotAllowed."""
        target = TRANSITIONS.get((self.status, outcome))
        if target is None:
            raise StepNotAllowed(self.status, outcome)
        return replace(
            self,
            status=target,
            answered_at=at,
            clock=self.clock.stop(at),
            told=told,
            history=(*self.history, actor.did(outcome, at, reason=reason)),
            version=self.version + 1,
        )

    def found_overdue(self, at: datetime) -> "Correction":
        """It was told that the time has run out."""
        return replace(self, overdue_at=at, version=self.version + 1)
