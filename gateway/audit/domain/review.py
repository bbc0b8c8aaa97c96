"""A review of an entry (使用审查): the auditor looked at it and says whether it was in order."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Finding(StrEnum):
    """What the auditor found."""

    IN_ORDER = "in_order"
    QUESTIONED = "questioned"


@dataclass(frozen=True)
class Review:
    """Written once; a later review stands beside it. Source: DS-15 (审查制度)."""

    review_id: UUID
    number: int
    reviewer: str
    finding: Finding
    note: str
    reviewed_at: datetime
