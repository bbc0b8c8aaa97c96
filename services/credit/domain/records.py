"""Credit records (信用记录): what they rest on, their life cycle and their publicity period (公示期限)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

from services.credit.domain.catalogue import Elements, Openness
from services.credit.domain.errors import RecordActionNotAllowed
from shared.calendar import add_months
from shared.identifiers import Uscc

RecordId = NewType("RecordId", UUID)


class DocumentKind(StrEnum):
    """Documents on which a dishonesty may be found. Source: 黑龙江信用措施 三（一）."""

    COURT_JUDGMENT = "court_judgment"
    ARBITRAL_AWARD = "arbitral_award"
    ADMINISTRATIVE_PENALTY = "administrative_penalty"
    ADMINISTRATIVE_RULING = "administrative_ruling"
    OTHER_LAWFUL = "other_lawful"


@dataclass(frozen=True)
class Document:
    """The document that carries a record; periods count from `made_on`, the day of the finding (认定之日)."""

    kind: DocumentKind
    number: str
    made_on: date
    effective_on: date


class RecordStatus(StrEnum):
    """In force: counted, and published if open. Ended: its longest publicity period is over."""

    IN_FORCE = "in_force"
    ENDED = "ended"


class RecordAction(StrEnum):
    """What can happen to a record."""

    END = "end"


TRANSITIONS: Final = {(RecordStatus.IN_FORCE, RecordAction.END): RecordStatus.ENDED}


@dataclass(frozen=True)
class Record:
    """One record under a credit code.

    `reference` is the number that it has at its origin: of the document, the permit, the application.
    `source_event` is the event that made it, where nobody entered it.
    """

    id: RecordId
    uscc: Uscc
    catalogue_item: str
    elements: Elements
    provider_uscc: str
    reference: str
    happened_on: date
    found_on: date
    document: Document | None
    source_event: str | None
    entered_at: datetime
    status: RecordStatus = RecordStatus.IN_FORCE

    @property
    def published_at_least_through(self) -> date:
        """Last day of the shortest publicity period; no repair before it is over."""
        return add_months(self.found_on, self.elements.least_months)

    @property
    def published_through(self) -> date | None:
        """Last day of the longest publicity period; None where it lasts as long as the fact.

        The day of the finding is not counted; the period ends with the corresponding day of the last month.
        Source: 信用修复管理办法 (发改委令 36), counted from 认定之日; 民法典 arts. 201, 202.
        """
        most = self.elements.most_months
        return None if most is None else add_months(self.found_on, most)

    def is_over(self, today: date) -> bool:
        """Tell whether the longest publicity period ended before `today`."""
        last = self.published_through
        return last is not None and last < today

    def is_public(self, today: date) -> bool:
        """Tell whether anybody may see it: open, in force and inside its publicity period (CRD-07)."""
        return (
            self.elements.openness is Openness.PUBLIC
            and self.status is RecordStatus.IN_FORCE
            and self.found_on <= today
            and not self.is_over(today)
        )


def advance(record: Record, action: RecordAction) -> Record:
    """Take a step of the life cycle; raises RecordActionNotAllowed for any that the table lacks."""
    target = TRANSITIONS.get((record.status, action))
    if target is None:
        raise RecordActionNotAllowed(record_status=record.status, action=action)
    return replace(record, status=target)
